import { type Cue, measureCues } from '../language/lexicon.ts';
import { type Analysis, distanceAfter, distanceBefore } from './analysis.ts';

const around: readonly Cue[] = [
  ...measureCues,
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
  'relatives',
  'prepositions',
  'commas',
  'ands',
  'verbs',
  'sentence',
  'sentenceAsks',
  'namesBefore',
  'listed',
  'maxInside',
  'minInside',
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
    ...pathTo(analysis, start, end),
  ];
  for (const cue of around)
    features.push(distanceBefore(analysis, cue, start), distanceAfter(analysis, cue, end));
  return features;
}

const relatives = new Set('whose that which who where when having with without whom'.split(' '));
const prepositions = new Set('of for in from on at by to'.split(' '));
const verbs = new Set('is are was were do does did have has had be been'.split(' '));

/** What stands between the beginning of the sentence and the span: clauses, prepositions, names of a list. */
function pathTo(analysis: Analysis, start: number, end: number): number[] {
  const counts = { relatives: 0, prepositions: 0, commas: 0, ands: 0, verbs: 0 };
  let sentence = 0;
  let begin = 0;
  for (let index = 0; index < start; index++) {
    const lower = analysis.tokens[index]?.lower ?? '';
    if (lower === '.' || lower === '?' || lower === ';') {
      sentence++;
      begin = index + 1;
      counts.relatives = counts.prepositions = counts.commas = counts.ands = counts.verbs = 0;
    } else if (index > begin + 1 && relatives.has(lower)) counts.relatives++;
    else if (prepositions.has(lower)) counts.prepositions++;
    else if (lower === ',') counts.commas++;
    else if (lower === 'and') counts.ands++;
    else if (index > begin + 1 && verbs.has(lower)) counts.verbs++;
  }
  const asks = analysis.cues.some((cue) => cue.cue === 'ask' && cue.start >= begin && cue.start <= begin + 1);
  const names = new Set(
    analysis.columns
      .filter((mention) => mention.score >= 0.8 && mention.start >= begin && mention.end <= start)
      .map((mention) => mention.start),
  );
  const near = (index: number): boolean => {
    const lower = analysis.tokens[index]?.lower ?? '';
    return lower === 'and' || lower === ',' || lower === 'or';
  };
  const listed = (near(start - 1) || near(start - 2) ? 1 : 0) + (near(end) ? 2 : 0);
  const inside = (cues: readonly Cue[]): number =>
    analysis.cues.some((cue) => cues.includes(cue.cue) && cue.start < end && start < cue.end) ? 1 : 0;
  return [
    counts.relatives,
    counts.prepositions,
    counts.commas,
    counts.ands,
    counts.verbs,
    sentence,
    asks ? 1 : 0,
    names.size,
    listed,
    inside(['adjmax', 'max', 'most']),
    inside(['adjmin', 'min', 'least']),
  ];
}
