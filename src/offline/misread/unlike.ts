import type { Analysis } from '../analysis/analysis.ts';
import type { Expression, SelectQuery, SetQuery } from '../query/tree.ts';

/** `exhibits in no room`: titles of one kind of thing without the names of another are all of them, or chance. */
export function otherThings({ schemaIndex }: Analysis, { left, right }: SetQuery): string | null {
  const pair = left.select
    .map((each, at) => [columnOf(each), columnOf(right.select[at])] as const)
    .find(([one, two]) => {
      const [a, b] = [schemaIndex.columns[one ?? -1], schemaIndex.columns[two ?? -1]];
      return (
        a !== undefined &&
        b !== undefined &&
        a.table !== b.table &&
        !schemaIndex.links.some(
          (link) =>
            [...link.left, ...link.right].includes(a.id) && [...link.left, ...link.right].includes(b.id),
        ) &&
        !(shareKey(schemaIndex, a.id, b.id) || a.words.some((word) => b.words.includes(word)))
      );
    });
  const [one, two] = (pair ?? []).map((id) => schemaIndex.columns[id ?? -1]);
  return one === undefined || two === undefined
    ? null
    : `${one.name} and ${two.name} are of different things: the one is never among the other.`;
}

const columnOf = (expression: Expression | undefined): number | null =>
  expression?.aggregate === null ? expression.column : null;

/** Whether two columns refer to the same third one. */
function shareKey({ links }: Analysis['schemaIndex'], a: number, b: number): boolean {
  const referred = (id: number): readonly number[] =>
    links.flatMap(({ left, right }) => (left.length === 1 && left[0] === id ? (right[0] ?? []) : []));
  return referred(a).some((id) => referred(b).includes(id));
}

const different = /^(?:different|distinct|unique|various|kinds?|types?|values?)$/u;

/** `how many visitors`, where each row has a number of them: how many different numbers there are is not asked. */
export function amountsCounted({ schemaIndex, tokens }: Analysis, { select }: SelectQuery): string | null {
  const amount = select
    .filter(({ aggregate, distinct }) => aggregate === 'count' && distinct === true)
    .map(({ column }) => schemaIndex.columns[column ?? -1])
    .find(
      (column) =>
        column?.class === 'number' &&
        /[^s]s$/iu.test(column.name) &&
        !schemaIndex.links.some(({ left, right }) => [...left, ...right].includes(column.id)),
    );
  return amount === undefined || tokens.some(({ lower }) => different.test(lower))
    ? null
    : `Each row has a number of ${amount.name}: ask for the total ${amount.name}.`;
}
