import type { Analysis } from '../analysis/analysis.ts';
import ends from '../data/ends.json' with { type: 'json' };
import { isForm } from '../language/form.ts';
import type { Condition, Query, SelectQuery } from '../query/tree.ts';
import { type End, endsOf, isRole } from '../schema-index/ends.ts';
import type { IndexedTable } from '../schema-index/schema-index.ts';

/**
 * `messages sent to Ben` by the key of who sent them: whether a query takes one of several keys to a table that the words
 * of the question do not tell.
 */
export function takesOtherEnd(analysis: Analysis, query: Query): boolean {
  if (query.kind === 'set') {
    return takesOtherEnd(analysis, query.left) || takesOtherEnd(analysis, query.right);
  }
  const used = keysOf(query);
  return analysis.schemaIndex.tables.some(({ id }) =>
    endsOf(analysis.schemaIndex, id).some(({ all, target }) => {
      const [only, ...others] = all.filter(({ column, link }) => link !== null && used.has(column.id));
      return (
        only !== undefined &&
        others.length === 0 &&
        target !== null &&
        looksInto(analysis, query, target) &&
        !isTold(analysis, only, all)
      );
    }),
  );
}

/** The columns by which a query joins tables or looks into others. */
function keysOf({ joins, where }: SelectQuery): ReadonlySet<number> {
  const inside = (condition: Condition | null): readonly number[] =>
    condition === null
      ? []
      : 'conditions' in condition
        ? condition.conditions.flatMap(inside)
        : condition.kind === 'in'
          ? [
              condition.column,
              ...condition.query.select.flatMap(({ column }) => column ?? []),
              ...keysOf(condition.query),
            ]
          : [];
  return new Set([...joins.flatMap(({ on }) => on.flat()), ...inside(where)]);
}

/** Whether a query needs more of a table than that it is joined. */
export function looksInto({ schemaIndex }: Analysis, query: SelectQuery, target: IndexedTable): boolean {
  const text = JSON.stringify([query.select, query.where, query.group, query.having, query.order]);
  return (
    target.columns.some((id) => new RegExp(`\\b${id}\\b`, 'u').test(text)) ||
    schemaIndex.tables[query.from] === target
  );
}

/** Whether words of the question tell this end, and none tells another. */
function isTold({ schemaIndex, tokens }: Analysis, end: End, all: readonly End[]): boolean {
  // `students who have no friends`: the name of the rows that tie them together tells no end of those.
  const rows = schemaIndex.tables[end.column.table]?.words ?? [];
  const telling = tokens.filter(({ lower }) => !rows.some((word) => isForm(lower, word)));
  const speaksOf = (each: End): boolean =>
    telling.some(
      ({ lower, lemma }) =>
        isRole(each, lower) ||
        isRole(each, lemma) ||
        each.side === lower ||
        each.role.some((word) => word.length > 3 && isForm(lower, word)) ||
        sayingOf(each).includes(lower),
    );
  return speaksOf(end) && !all.some((other) => other !== end && speaksOf(other));
}

/** Verbs that tell an end. */
function sayingOf({ side }: End): readonly string[] {
  if (side === null) {
    return [];
  }
  const { verbs, leaving }: Readonly<Record<'verbs' | 'leaving', readonly string[]>> = ends.sides[side];
  return [...verbs, ...leaving];
}
