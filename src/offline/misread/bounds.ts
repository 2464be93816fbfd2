import type { Analysis } from '../analysis/analysis.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { isUnreadDate } from '../schema-index/stored-dates.ts';

/** Each comparison of a query's rows. */
function comparisonsOf(condition: Condition | null): readonly Extract<Condition, { kind: 'compare' }>[] {
  switch (condition?.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(comparisonsOf);
    case 'compare':
      return [condition];
    default:
      return [];
  }
}

const bound = /\b(since|after|before|until|in|during|from|on) (?:the )?(?:year )?((?:19|20)\d\d)\b/iu;
const isDay = /^\d{4}-\d{2}-\d{2}/u;

/** Days that are kept as no database compares them, or that are another column's than the one that is named. */
export function otherDate(analysis: Analysis, query: SelectQuery): string | null {
  const { schemaIndex } = analysis;
  for (const condition of comparisonsOf(query.where)) {
    if (condition.left.column === null || condition.right.kind !== 'text') {
      continue;
    }
    const column = schemaIndex.columns[condition.left.column];
    if (column === undefined) {
      continue;
    }
    if (isUnreadDate(analysis.lookup, column) && /^[<>]/u.test(condition.operator)) {
      return unread(column);
    }
    const own = analysis.columns.some(({ id, weakest }) => id === column.id && weakest >= 0.85);
    const other = schemaIndex.columns.find(
      (each) => each.table === column.table && isUnreadDate(analysis.lookup, each),
    );
    if (!own && other !== undefined && isDay.test(condition.right.text)) {
      return unread(other);
    }
  }
  return null;
}

const unread = ({ name }: IndexedColumn): string =>
  `${name} holds dates as texts that can't be compared, such as 31/12/2025.`;

/** `since 2022` of years: that one and all later ones. */
export function otherBound(analysis: Analysis, query: SelectQuery): string | null {
  const [, word = '', year = ''] = bound.exec(analysis.question) ?? [];
  const allowed = new Map([
    ['since', ['>=']],
    ['after', ['>']],
    ['before', ['<']],
    ['until', ['<=']],
  ]).get(word.toLowerCase());
  const wrong = comparisonsOf(query.where).some(
    (condition) =>
      (condition.right.kind === 'text' ? condition.right.text : String(condition.right.number)) === year &&
      allowed?.includes(condition.operator) === false &&
      !(word === 'after' && condition.operator === '>='),
  );
  return wrong ? `The question says "${word} ${year}", which is more than that year.` : null;
}
