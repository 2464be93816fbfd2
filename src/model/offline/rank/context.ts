import { type Analysis, distanceAfter, distanceBefore } from '../grammar/analysis.ts';
import type { Cue } from '../language/lexicon.ts';

const around: readonly Cue[] = [
  'count',
  'avg',
  'sum',
  'max',
  'min',
  'most',
  'least',
  'adjmax',
  'adjmin',
  'each',
  'order',
  'not',
  'without',
  'gt',
  'lt',
  'ge',
  'le',
  'distinct',
  'common',
  'both',
  'or',
  'and',
  'whose',
  'with',
  'that',
  'ask',
];

/** Names of the features below, in order; those in `categorical` are numbers of classes, not amounts. */
export const contextNames: readonly string[] = [
  'start',
  'left',
  'length',
  'class-1',
  'class-2',
  'class-3',
  'class+1',
  'class+2',
  'region',
  'regionDistance',
  'question0',
  'question1',
  'question2',
  'inside',
  ...around.flatMap((cue) => [`${cue}<`, `${cue}>`]),
];

export const contextCategorical: readonly string[] = [
  'class-1',
  'class-2',
  'class-3',
  'class+1',
  'class+2',
  'region',
  'question0',
  'question1',
  'question2',
  'inside',
];

/** Features of where a span of tokens stands in its question; a span of no place has `start` -1. */
export function contextOf(analysis: Analysis, start: number, end: number): number[] {
  const classAt = (index: number): number => analysis.classes[index] ?? 0;
  const region = analysis.regions[start] ?? 0;
  const features = [
    start,
    analysis.tokens.length - end,
    end - start,
    classAt(start - 1),
    classAt(start - 2),
    classAt(start - 3),
    classAt(end),
    classAt(end + 1),
    start < 0 ? 0 : classAt(region),
    start - region,
    classAt(0),
    classAt(1),
    classAt(2),
    classAt(start),
  ];
  for (const cue of around)
    features.push(distanceBefore(analysis, cue, start), distanceAfter(analysis, cue, end));
  return features;
}
