import { isParticle } from '../language/particle.ts';
import { whenAt } from '../time/when.ts';
import { type Context, type Reading, readOn } from './reading.ts';
import { didWe } from './relations/had.ts';
import { words } from './words.ts';

/** Marks, words that say nothing, words that turn round what comes next, `with` and `have`. */
export function small(context: Context, reading: Reading): readonly Reading[] {
  const { analysis, lowers } = context;
  const { at } = reading;
  const word = lowers[at] ?? '';
  const passed = (end: number, changes: Partial<Reading> = {}): Reading =>
    readOn(context, reading, end, null, changes);
  if (analysis.tokens[at]?.kind === 'mark') {
    return /^[?.!,;:'’()-]$/u.test(word) ? [passed(at + 1)] : [];
  }
  if (!reading.named) {
    // `non-urgent tickets`.
    return word === 'non' && !reading.negated && context.names.tablesAt(at + 1).length === 0
      ? [passed(at + 1, { negated: true })]
      : [];
  }
  const owning =
    /^(?:(?:do|did|does|that|have|are) )?(?:(?:we|you|they|i) (?:(?:currently|still|now|have|do|ever) )?(?<verb>\p{L}+)(?: (?:after|on))?)/u.exec(
      lowers.slice(at, at + 6).join(' '),
    );
  const verb = owning?.groups?.['verb'] ?? '';
  if (owning !== null && words.owning.has(verb)) {
    return [passed(at + owning[0].split(' ').length)];
  }
  if (reading.share !== null && /^(?:got|gets?)$/u.test(word)) {
    return [passed(at + 1)];
  }
  if (didWe(context, reading)) {
    return [passed(at + 2)];
  }
  const told =
    /^(?:on file|on record|on the books|in total|at all|whatsoever|in the (?:system|database|books)|in our (?:system|database|books)|(?:still )?(?:work|works|working|employed)(?: here| for us| with us)|right now|at the moment|at present|these days|presently|nowadays|here)\b/u.exec(
      lowers.slice(at, at + 4).join(' '),
    );
  if (told !== null) {
    return [passed(at + told[0].split(' ').length)];
  }
  // `how many gifts got refunded`.
  if (/^(?:get|gets|got)$/u.test(word) && /(?:ed|en)$/u.test(lowers[at + 1] ?? '')) {
    return [passed(at + 1)];
  }
  if (/^are there|^is there|^were there|^was there/u.test(`${word} ${lowers[at + 1] ?? ''}`)) {
    return [passed(at + 2)];
  }
  if (word === 't') {
    return lowers[at - 1] !== undefined && words.negators.has(lowers[at - 1] ?? '') ? [passed(at + 1)] : [];
  }
  // `what is the dog called?` asks for its name.
  if (word === 'called' && !analysis.tokens.slice(at + 1).some(({ kind }) => kind !== 'mark')) {
    return [passed(at + 1)];
  }
  if (words.negators.has(word)) {
    return reading.negated ? [] : [passed(at + 1, { negated: true })];
  }
  if (word === 'no' && lowers[at + 1] === 'longer') {
    return reading.negated ? [] : [passed(at + 2, { negated: true })];
  }
  if (words.lacking.has(word)) {
    return reading.negated ? [] : [passed(at + 1, { negated: true, having: true })];
  }
  // `who left this year` has left nothing behind.
  const gone =
    word === 'left' && whenAt(analysis, lowers, lowers[at + 1] === 'us' ? at + 2 : at + 1) !== null;
  if (
    !gone &&
    /^(?:with|have|has|had|having|get|gets|receive|receives|gave|give|gives|left|provided|allow|allows|accept|offer|offers|contain|contains)$/u.test(
      word,
    )
  ) {
    return [passed(at + 1, { having: true })];
  }
  // `the most` is read as one.
  const leads = word === 'the' && /^(?:most|least|fewest|highest|lowest)$/u.test(lowers[at + 1] ?? '');
  return (words.passed.has(word) && !leads) || isParticle(analysis.tokens, at) ? [passed(at + 1)] : [];
}
