import { type Cue, measureCues } from '../language/lexicon.ts';
import { type Analysis, distanceAfter, distanceBefore } from './analysis.ts';
import type { FeatureTable } from './feature.ts';

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

/** A span of tokens in its question; one of no place has `start` -1. */
export interface Place {
  readonly analysis: Analysis;
  readonly start: number;
  readonly end: number;
  readonly path: Path;
}

export function placeOf(analysis: Analysis, start: number, end: number): Place {
  return { analysis, start, end, path: pathTo(analysis, start, end) };
}

const classAt = ({ analysis }: Place, index: number): number => analysis.classes[index] ?? 0;

const regionAt = ({ analysis, start }: Place): number => analysis.regions[start] ?? 0;

/** Where a span stands in its question. */
export const placeFeatures: FeatureTable<Place> = [
  ['start', ({ start }) => start],
  ['left', ({ analysis, end }) => analysis.tokens.length - end],
  ['length', ({ start, end }) => end - start],
  ['class-1', (place) => classAt(place, place.start - 1), 'class'],
  ['class-2', (place) => classAt(place, place.start - 2), 'class'],
  ['class-3', (place) => classAt(place, place.start - 3), 'class'],
  ['class+1', (place) => classAt(place, place.end), 'class'],
  ['class+2', (place) => classAt(place, place.end + 1), 'class'],
  ['region', (place) => (place.start < 0 ? 0 : classAt(place, regionAt(place))), 'class'],
  ['regionDistance', (place) => place.start - regionAt(place)],
  ['question0', (place) => classAt(place, 0), 'class'],
  ['question1', (place) => classAt(place, 1), 'class'],
  ['question2', (place) => classAt(place, 2), 'class'],
  ['inside', (place) => classAt(place, place.start), 'class'],
  ['relatives', ({ path }) => path.relatives],
  ['prepositions', ({ path }) => path.prepositions],
  ['commas', ({ path }) => path.commas],
  ['ands', ({ path }) => path.ands],
  ['verbs', ({ path }) => path.verbs],
  ['sentence', ({ path }) => path.sentence],
  ['sentenceAsks', ({ path }) => (path.sentenceAsks ? 1 : 0)],
  ['namesBefore', ({ path }) => path.namesBefore],
  ['listed', ({ path }) => path.listed],
  ['maxInside', (place) => (isInside(place, ['adjmax', 'max', 'most']) ? 1 : 0)],
  ['minInside', (place) => (isInside(place, ['adjmin', 'min', 'least']) ? 1 : 0)],
  ...around.flatMap(
    (cue): FeatureTable<Place> => [
      [`${cue}<`, ({ analysis, start }) => distanceBefore(analysis, cue, start)],
      [`${cue}>`, ({ analysis, end }) => distanceAfter(analysis, cue, end)],
    ],
  ),
];

function isInside({ analysis, start, end }: Place, cues: readonly Cue[]): boolean {
  return analysis.cues.some((cue) => cues.includes(cue.cue) && cue.start < end && start < cue.end);
}

/** What stands between the beginning of a sentence and a span. */
interface Path {
  readonly relatives: number;
  readonly prepositions: number;
  readonly commas: number;
  readonly ands: number;
  readonly verbs: number;
  /** The number of the sentence. */
  readonly sentence: number;
  readonly sentenceAsks: boolean;
  readonly namesBefore: number;
  /** 1 where the span follows another of a list, 2 where one follows it; 3 both. */
  readonly listed: number;
}

const relatives = new Set('whose that which who where when having with without whom'.split(' '));
const prepositions = new Set('of for in from on at by to'.split(' '));
const verbs = new Set('is are was were do does did have has had be been'.split(' '));

/** What stands between the beginning of the sentence and the span: clauses, prepositions, names of a list. */
function pathTo(analysis: Analysis, start: number, end: number): Path {
  const counts = { relatives: 0, prepositions: 0, commas: 0, ands: 0, verbs: 0 };
  let sentence = 0;
  let begin = 0;
  for (let index = 0; index < start; index++) {
    const lower = analysis.tokens[index]?.lower ?? '';
    if (lower === '.' || lower === '?' || lower === ';') {
      sentence++;
      begin = index + 1;
      counts.relatives = counts.prepositions = counts.commas = counts.ands = counts.verbs = 0;
    } else if (index > begin + 1 && relatives.has(lower)) {
      counts.relatives++;
    } else if (prepositions.has(lower)) {
      counts.prepositions++;
    } else if (lower === ',') {
      counts.commas++;
    } else if (lower === 'and') {
      counts.ands++;
    } else if (index > begin + 1 && verbs.has(lower)) {
      counts.verbs++;
    }
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
  return { ...counts, sentence, sentenceAsks: asks, namesBefore: names.size, listed };
}
