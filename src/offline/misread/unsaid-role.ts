import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import type { Link, SchemaIndex } from '../schema-index/schema-index.ts';
import { looksInto } from './ends.ts';
import { conditionsOf } from './wording.ts';

const small = /^(?:id|no|nr|number|code|key|ref|by|of|the|is|name|fk)$/u;
/**
 * `which artist sold the most tickets` by the shows where artists were the support: a key that says more of a row than that
 * it belongs there, and of which the question says nothing, while a key that says no more leads there by way of a third table.
 */
export function unsaidRole(analysis: Analysis, query: SelectQuery): string | null {
  const { schemaIndex, tokens } = analysis;
  for (const link of linksOf(analysis, query)) {
    const [left = -1] = link.left;
    const role = roleOf(schemaIndex, link);
    const isSaid = tokens.some(({ lower }) => role.some((word) => isForm(lower, word)));
    if (role.length > 0 && !isSaid && (isRound(schemaIndex, link) || isOneOfSeveral(analysis, query, link))) {
      const name = (table: number): string => schemaIndex.tables[table]?.name ?? '';
      return `${name(link.to)} may belong to ${name(link.from)} in another way than by ${schemaIndex.columns[left]?.name ?? ''}: say which.`;
    }
  }
  return null;
}

/** What a key says of the row that is referred to beside what it is: `support` of `support_artist_id`. */
export function roleOf(
  { columns, tables }: SchemaIndex,
  { left: [left = -1], right, to }: Link,
): readonly string[] {
  const plain = new Set([...(tables[to]?.words ?? []), ...right.flatMap((id) => columns[id]?.words ?? [])]);
  return (columns[left]?.words ?? []).filter((word) => !small.test(word) && !plain.has(word));
}

/** The keys of a row to others that a query follows. */
function linksOf({ schemaIndex }: Analysis, query: SelectQuery): readonly Link[] {
  const pairs = [
    ...query.joins.flatMap(({ on }) => (on.length === 1 ? on : [])),
    ...conditionsOf(query.where).flatMap(inPair),
  ];
  return schemaIndex.links.filter(
    ({ from, to, left, right }) =>
      from !== to &&
      left.length === 1 &&
      pairs.some(
        ([one, other]) => (one === left[0] && other === right[0]) || (other === left[0] && one === right[0]),
      ),
  );
}

const inPair = (condition: Condition): readonly (readonly [number, number])[] => {
  const other = condition.kind === 'in' ? condition.query.select[0]?.column : null;
  return condition.kind === 'in' && other != null ? [[condition.column, other]] : [];
};

/** Whether one of several keys to a table only leads on to others: `institutes that got barley` by who collected it. */
function isOneOfSeveral(analysis: Analysis, query: SelectQuery, link: Link): boolean {
  const target = analysis.schemaIndex.tables[link.to];
  return (
    target !== undefined &&
    !looksInto(analysis, query, target) &&
    analysis.schemaIndex.links.some(
      (other) => other !== link && other.from === link.from && other.to === link.to,
    )
  );
}

/** Whether the rows belong to one of a third table that refers to the same, and says no more of it. */
const isRound = (schemaIndex: SchemaIndex, link: Link): boolean =>
  schemaIndex.links.some(
    ({ from, to }) =>
      from === link.from &&
      to !== link.to &&
      schemaIndex.links.some(
        (beyond) =>
          beyond.from === to &&
          beyond.to === link.to &&
          beyond.left.length === 1 &&
          roleOf(schemaIndex, beyond).length === 0,
      ),
  );
