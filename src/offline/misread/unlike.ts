import type { Analysis } from '../analysis/analysis.ts';
import type { Expression, SelectQuery, SetQuery } from '../query/tree.ts';
import type { IndexedColumn, SchemaIndex } from '../schema-index/schema-index.ts';
import { valuesCounted } from './no-amount.ts';

/** `exhibits in no room`: titles of one kind of thing without the names of another are all of them, or chance. */
export function otherThings({ schemaIndex }: Analysis, { left, right }: SetQuery): string | null {
  const columnOf = (expression: Expression | undefined): IndexedColumn | undefined =>
    expression?.aggregate === null ? schemaIndex.columns[expression.column ?? -1] : undefined;
  for (const [at, expression] of left.select.entries()) {
    const [one, two] = [columnOf(expression), columnOf(right.select[at])];
    if (one !== undefined && two !== undefined && !isAlike(schemaIndex, one, two)) {
      return `${one.name} and ${two.name} are of different things: the one is never among the other.`;
    }
  }
  return null;
}

/** Whether two columns are of one table, called alike, or tied by a key. */
const isAlike = (schemaIndex: SchemaIndex, one: IndexedColumn, two: IndexedColumn): boolean =>
  one.table === two.table ||
  one.words.some((word) => two.words.includes(word)) ||
  schemaIndex.links.some(({ left, right }) =>
    [one, two].every(({ id }) => [...left, ...right].includes(id)),
  ) ||
  shareKey(schemaIndex, one.id, two.id);

/** Whether two columns refer to the same third one. */
function shareKey({ links }: SchemaIndex, a: number, b: number): boolean {
  const referred = (id: number): readonly number[] =>
    links.flatMap(({ left, right }) => (left.length === 1 && left[0] === id ? (right[0] ?? []) : []));
  return referred(a).some((id) => referred(b).includes(id));
}

/** `how many visitors`, where each row has a number of them: how many different numbers there are is not asked. */
export function amountsCounted(analysis: Analysis, query: SelectQuery): string | null {
  const { links } = analysis.schemaIndex;
  const amount = valuesCounted(analysis, query).find(
    (column) =>
      column.class === 'number' &&
      /[^s]s$/iu.test(column.name) &&
      !links.some(({ left, right }) => [...left, ...right].includes(column.id)),
  );
  return amount === undefined
    ? null
    : `Each row has a number of ${amount.name}: ask for the total ${amount.name}.`;
}
