"""Trains what the wording of a question tells of its query's form: a softmax over phrases for each head, one a fold
(without that fold's databases) and one on all.

Usage: python3 bench/train/forms.py FOLDER
"""
import collections
import json
import sys

import numpy
import scipy.optimize
import scipy.sparse

folder = sys.argv[1]
least_phrase, least_class, ridge = 6, 12, 6.0
entries = [json.loads(line) for line in open(f"{folder}/forms.jsonl")]
folds = numpy.array([entry["fold"] for entry in entries])
counts = collections.Counter(phrase for entry in entries for phrase in entry["phrases"])
phrases = sorted(phrase for phrase, count in counts.items() if count >= least_phrase)
place = {phrase: index for index, phrase in enumerate(phrases)}
pairs = [(row, place[phrase]) for row, entry in enumerate(entries) for phrase in entry["phrases"] if phrase in place]
matrix = scipy.sparse.csr_matrix((numpy.ones(len(pairs)), tuple(zip(*pairs))), shape=(len(entries), len(phrases)))
heads = list(entries[0]["form"])


def train(rows, labels, size):
    """Weights by phrase and class, the bias last: the ridge-penalised likeliest, by L-BFGS."""
    count, width = rows.shape
    turned = rows.T.tocsr()
    truth = numpy.zeros((count, size))
    truth[numpy.arange(count), labels] = 1

    def loss(flat):
        weights = flat.reshape(width + 1, size)
        odds = rows @ weights[:width] + weights[width]
        odds -= odds.max(1, keepdims=True)
        shares = numpy.exp(odds)
        shares /= shares.sum(1, keepdims=True)
        value = -numpy.log(numpy.maximum(shares[numpy.arange(count), labels], 1e-12)).sum() + ridge / 2 * (weights[:width] ** 2).sum()
        slope = numpy.vstack([turned @ (shares - truth) + ridge * weights[:width], (shares - truth).sum(0)[None]])
        return value, slope.ravel()

    found = scipy.optimize.minimize(loss, numpy.zeros((width + 1) * size), jac=True, method="L-BFGS-B", options={"maxiter": 50})
    return found.x.reshape(width + 1, size)


models = {fold: {"classes": {}, "weights": []} for fold in [*range(5), "all"]}
for head in heads:
    said = [entry["form"][head] for entry in entries]
    classes = sorted(name for name, count in collections.Counter(said).items() if count >= least_class)
    labels = numpy.array([classes.index(name) if name in classes else len(classes) for name in said])
    right, total = 0, 0.0
    for fold, model in models.items():
        kept = folds != fold if fold != "all" else folds >= 0
        weights = train(matrix[kept], labels[kept], len(classes) + 1)
        model["classes"][head] = "|".join([*classes, "other"])
        model["weights"].append(weights)
        if fold == "all":
            continue
        odds = matrix[~kept] @ weights[:-1] + weights[-1]
        right += (odds.argmax(1) == labels[~kept]).sum()
        odds -= odds.max(1, keepdims=True)
        total -= (odds[numpy.arange(len(odds)), labels[~kept]] - numpy.log(numpy.exp(odds).sum(1))).sum()
    print(head, len(classes) + 1, f"right {right / len(entries):.4f} loss {total / len(entries):.4f}", flush=True)
for fold, model in models.items():
    weights = numpy.rint(100 * numpy.hstack(model["weights"])).astype(int)
    lines = [phrase + "\t" + " ".join(map(str, row)) for phrase, row in zip(phrases, weights) if numpy.abs(row).max() >= 4]
    text = {"classes": model["classes"], "bias": " ".join(map(str, weights[-1])), "phrases": "\n".join(lines)}
    json.dump(text, open(f"{folder}/wording-{fold}.json", "w"))
print(len(lines), "phrases")
