import type { Analysis } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import type { Candidate } from '../grammar/candidate.ts';
import { converted, unitOf } from '../plain/words.ts';

const currencies: ReadonlySet<string> = new Set(harmless.currency);

/** Words for a unit in which none of the amounts that a query uses are kept: nothing is reckoned over. */
export function otherUnits({ schemaIndex, tokens }: Analysis, columns: readonly number[]): readonly number[] {
  const kept = columns.flatMap((id) => {
    const column = schemaIndex.columns[id];
    return column?.class === 'number' ? column.words.flatMap((word) => unitOf(word) ?? []) : [];
  });
  return tokens.flatMap(({ lower }, index) => {
    const unit = unitOf(lower);
    const other = unit !== null && kept.some((own) => own !== unit && converted(1, own, unit) !== null);
    return other && !kept.includes(unit) ? [index] : [];
  });
}

/** Whether a word is the unit of the number before it, and that of the column which the number is compared with. */
export function isUnit(analysis: Analysis, candidate: Candidate, index: number): boolean {
  const word = analysis.tokens[index]?.lemma ?? '';
  const condition = candidate.filter.items.find(
    ({ start, end }) => start <= index - 1 && index - 1 < end,
  )?.condition;
  if (condition === undefined || (condition.kind !== 'compare' && condition.kind !== 'between')) {
    return false;
  }
  const column = analysis.schemaIndex.columns[condition.left.column ?? -1];
  if (column?.class !== 'number') {
    return false;
  }
  const kept = Object.hasOwn(counted, word) ? (counted[word] ?? []) : [];
  return currencies.has(word) || kept.some((name) => column.words.includes(name));
}

/** What a number is of, and the words of columns that hold how many of them there are. */
const counted: Readonly<Record<string, readonly string[]>> = harmless.counted;
