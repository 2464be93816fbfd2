import type { Analysis } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import { columnOf } from '../grammar/condition.ts';
import type { SelectQuery } from '../query/tree.ts';

/**
 * The tokens that a candidate shows a column for though they ask for something else: the verb of a condition (`repairs
 * fixed in 2026` shows no dates), the adjective of the rows (`urgent repairs`), and a group (`top 3 trades by cost`).
 */
export function shownAmiss(analysis: Analysis, candidate: Candidate, main: SelectQuery): readonly number[] {
  return candidate.select.items.flatMap(({ expression, start, end }): number[] => {
    const { aggregate, column } = expression;
    if (aggregate !== null || column === null || start < 0 || end <= start) {
      return [];
    }
    const mentions = analysis.columns.filter(({ id }) => id === column);
    const once = mentions.length <= 1;
    const isCondition = candidate.filter.items.some(
      (item) => columnOf(item) === column || touches(item, start, end),
    );
    const verb = /(?:ed|en|rn|ilt|ing)$/u.test(analysis.tokens[start]?.lower ?? '');
    const asked = asksFor(analysis, start);
    const isAdjective = isTruth(analysis, column) && !asked && isTableAt(analysis, end);
    const isGroup =
      main.group.length === 0 &&
      !main.distinct &&
      (main.limit ?? 0) > 1 &&
      analysis.tokens[start - 1]?.number === main.limit &&
      repeats(analysis, column);
    return (once && isCondition && verb && !asked) || isAdjective || isGroup ? [start] : [];
  });
}

const touches = (
  item: { readonly start: number; readonly end: number },
  start: number,
  end: number,
): boolean => item.start === end || (item.start < end && start < item.end);

/** Whether words before a column ask to see it: `show the`, `what is the`, `and`, or `of` behind it. */
const asksFor = ({ tokens }: Analysis, start: number): boolean =>
  /^(?:and|,|show|list|give|return|find|what|which|when|is|are)$/u.test(
    tokens[/^(?:the|all)$/u.test(tokens[start - 1]?.lower ?? '') ? start - 2 : start - 1]?.lower ?? '',
  );

const isTableAt = ({ tables }: Analysis, at: number): boolean =>
  tables.some(({ start, weakest }) => start === at && weakest >= 0.95);

/** Whether a column holds two values that stand for yes and no. */
function isTruth({ lookup, schemaIndex }: Analysis, id: number): boolean {
  const values = lookup.of(id) ?? [];
  return (
    schemaIndex.columns[id]?.class === 'boolean' ||
    (values.length > 0 &&
      values.length <= 2 &&
      values.every((value) => /^(?:[01ynYN]|yes|no|true|false)$/iu.test(value)))
  );
}

/** Whether a column has far fewer values than its table has rows. */
function repeats({ lookup, schemaIndex }: Analysis, id: number): boolean {
  const own = schemaIndex.tables[schemaIndex.columns[id]?.table ?? -1]?.columns ?? [];
  const rows = Math.max(...own.map((other) => lookup.of(other)?.length ?? 0));
  return (lookup.of(id)?.length ?? rows) < rows * 0.7;
}
