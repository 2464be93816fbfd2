import type { Analysis } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import { isParticle } from '../language/particle.ts';

const happens: ReadonlySet<string> = new Set(harmless.happens);
const settings: ReadonlySet<string> = new Set(harmless.settings);

/** Whether something of the schema may be called as a word. */
const isNamed = ({ columns, tables }: Analysis, index: number): boolean =>
  [...columns, ...tables].some(({ start, end, weakest }) => weakest >= 0.7 && start <= index && index < end);

/**
 * Whether a word says what is true of every row: that bookings are `made`, courses `offered`; that it is in the `company`
 * whose database it is; that it was never so `before`. Not where the schema has something of that name.
 */
export function isSaidOfAll(analysis: Analysis, index: number): boolean {
  const { tokens } = analysis;
  const { lower = '' } = tokens[index] ?? {};
  const before = tokens[index - 1]?.lower ?? '';
  const next = tokens[index + 1];
  if (lower === 'out') {
    return isParticle(tokens, index);
  }
  if (isNamed(analysis, index)) {
    return false;
  }
  if (happens.has(lower)) {
    return next === undefined || next.kind === 'mark' || isEach(analysis, index + 1);
  }
  if (settings.has(lower)) {
    return /^(?:the|this|our|your)$/u.test(before) && (next === undefined || next.kind === 'mark');
  }
  const last = next === undefined || (next.kind === 'mark' && index + 2 === tokens.length);
  return last && (lower === 'before' || lower === 'yet');
}

const isEach = ({ tokens }: Analysis, at: number): boolean =>
  /^(?:for|by|per|in|at|on)$/u.test(tokens[at]?.lower ?? '') &&
  /^(?:each|every)$/u.test(tokens[at + 1]?.lower ?? '');

/** Whether `year` only says what the number behind it is: `before the year of 2010`, `in year 2009`. */
export function isYearOf({ tokens }: Analysis, index: number): boolean {
  const at = tokens[index + 1]?.lower === 'of' ? index + 2 : index + 1;
  const number = tokens[at]?.number ?? 0;
  return tokens[index]?.lower === 'year' && number >= 1000 && number <= 2100;
}
