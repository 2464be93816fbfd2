import { spoken } from '../../query/spoken.ts';
import type { Context, Reading } from '../reading.ts';
import { words } from '../words.ts';
import { currentStates } from './states.ts';
import { hasSpells } from './vacant.ts';

const adverb = '(?:currently|presently|still|nowadays|now|right now|at the moment|at present|these days)';
/** Words by which rows that have come to an end are not meant: `still work here`, `are there at the moment?`. */
const ofNow = [
  new RegExp(`\\b${adverb}(?: with us| here| there| around| active)*$`, 'u'),
  new RegExp(`\\b${adverb} (?:work|works|working|employed|live|living|here|with us|for us|around)\\b`, 'u'),
  /\b(?:work|works|working|employed) (?:here|for us|with us)\b/u,
];
const owned = new RegExp(`\\b(?:we|you|they|i) ${adverb} (?<verb>\\p{L}+)(?: (?:in|at|on|from)\\b|$)`, 'u');

/** A reading with the condition that `still` and `currently` stand for; null where it might be one of several. */
export function withCurrent(context: Context, reading: Reading): Reading | null {
  const text = context.analysis.tokens
    .filter(({ kind }) => kind !== 'mark')
    .map(({ lower }) => lower)
    .join(' ');
  const verb = owned.exec(text)?.groups?.['verb'];
  if (!ofNow.some((pattern) => pattern.test(text)) && (verb === undefined || !words.owning.has(verb))) {
    return reading;
  }
  const [state, ...others] = currentStates(context);
  if (state === undefined) {
    return hasSpells(context) ? null : reading;
  }
  if (others.length > 0) {
    return null;
  }
  const key = JSON.stringify(state.condition);
  const known = reading.conditions.some((each) => JSON.stringify(each) === key);
  return known
    ? reading
    : {
        ...reading,
        conditions: [...reading.conditions, state.condition],
        lines: [...reading.lines, `now → ${spoken(context.analysis.schemaIndex).condition(state.condition)}`],
      };
}
