"""Training of a forest whose scores compete within a group, as the logits of a softmax."""
import numpy


def starts_of(groups):
    return numpy.flatnonzero(numpy.r_[True, groups[1:] != groups[:-1]])


def softmax(scores, groups):
    starts = starts_of(groups)
    index = numpy.repeat(numpy.arange(len(starts)), numpy.diff(numpy.r_[starts, len(groups)]))
    raised = numpy.exp(scores - numpy.maximum.reduceat(scores, starts)[index])
    return raised / numpy.add.reduceat(raised, starts)[index]


def objective(labels, groups):
    """The negative log-likelihood that one of a group's right members is drawn; groups without one say nothing."""
    starts = starts_of(groups)
    index = numpy.repeat(numpy.arange(len(starts)), numpy.diff(numpy.r_[starts, len(groups)]))
    has = (numpy.add.reduceat(labels, starts) > 0)[index]

    def gradients(scores, _dataset):
        drawn = softmax(scores, groups)
        right = drawn * labels
        share = right / numpy.maximum(numpy.add.reduceat(right, starts)[index], 1e-12)
        gradient = numpy.where(has, drawn - share, 0)
        return gradient, numpy.where(has, numpy.maximum(drawn * (1 - drawn), 1e-3), 1e-3)

    return gradients
