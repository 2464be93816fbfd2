import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';
import type { Link, SchemaIndex } from '../schema-index/schema-index.ts';
import { passedBy, type Way, waysBetween, waysOver } from '../schema-index/ways.ts';
import { roleOf } from './unsaid-role.ts';

/** Of many ways so many are named. */
const mostNamed = 4;
const either = new Intl.ListFormat('en', { type: 'disjunction' });

/**
 * `projects of Noel Byrne` by who leads them, where who books hours on them belongs to them too: a query that connects two
 * tables over one way of keys, while the schema has another that is as likely meant, and no word of the question tells
 * which. Null where nothing of the kind is known.
 */
export function otherPath(analysis: Analysis, query: SelectQuery): string | null {
  const { schemaIndex } = analysis;
  const used = linksOf(schemaIndex, query);
  const tables = new Set([query.from, ...used.flatMap(({ from, to }) => [from, to])]);
  const ends = endsOf(schemaIndex, query, used);
  for (const taken of [...ends].flatMap((from) => waysOver(used, from, ends))) {
    const { from, to } = taken;
    if (from > to || isSure(analysis, taken)) {
      continue;
    }
    const passed = passedBy(taken);
    const others = waysBetween(schemaIndex, from, to, taken.steps.length + 1).filter(
      (way) =>
        isAsLikely(schemaIndex, way, taken) &&
        passedBy(way).every((table) => passed.includes(table) || !tables.has(table)),
    );
    if (others.length > 0) {
      const [one, two] = [from, to].map((table) => schemaIndex.tables[table]?.name ?? '');
      return `${one} and ${two} belong together by ${waysInWords(schemaIndex, [taken, ...others])}: say which.`;
    }
  }
  return null;
}

/** Whether a key that says no more than where a row belongs is the way, or words of the question name what is on it. */
function isSure({ schemaIndex, tokens }: Analysis, way: Way): boolean {
  const roles = rolesOf(schemaIndex, way);
  const passed = passedBy(way);
  if (roles.length === 0 && passed.length === 0) {
    return true;
  }
  const wordsOf = (table: number): readonly string[] => schemaIndex.tables[table]?.words ?? [];
  // `germination tests` are what is asked for, and say nothing of a tester.
  const asked = [way.from, way.to].flatMap(wordsOf);
  const telling = [...roles.flat(), ...passed.flatMap(wordsOf)];
  return tokens.some(
    ({ lower }) => !asked.some((word) => isForm(lower, word)) && telling.some((word) => isForm(lower, word)),
  );
}

/** Whether a way says less that the question does not, or no more and is no longer. */
function isAsLikely(schemaIndex: SchemaIndex, way: Way, taken: Way): boolean {
  const [roles, unsaid] = [rolesOf(schemaIndex, way).length, rolesOf(schemaIndex, taken).length];
  // Which of two keys between the same tables is meant is told by other words.
  const isOtherKey = passedBy(way).join() === passedBy(taken).join();
  return !isOtherKey && (roles < unsaid || (roles === unsaid && way.steps.length <= taken.steps.length));
}

/** What each key on a way says beside where a row belongs, of those that say anything. */
const rolesOf = (schemaIndex: SchemaIndex, { steps }: Way): readonly (readonly string[])[] =>
  steps.map(({ link }) => roleOf(schemaIndex, link)).filter((role) => role.length > 0);

/** Each way by the tables that it passes and others don't, and by its keys that say more than where a row belongs. */
function waysInWords(schemaIndex: SchemaIndex, ways: readonly Way[]): string {
  const { columns, tables } = schemaIndex;
  const isShared = (table: number): boolean => ways.every((way) => passedBy(way).includes(table));
  const named = ways.map((way) => {
    const passed = passedBy(way).flatMap((table) => (isShared(table) ? [] : (tables[table]?.name ?? [])));
    const keys = way.steps
      .filter(({ link }) => passed.length === 0 || roleOf(schemaIndex, link).length > 0)
      .flatMap(({ link: { left } }) => columns[left[0] ?? -1]?.name ?? []);
    const key = passed.length === 0 || keys.length === 0 ? keys.join(', ') : ` (${keys.join(', ')})`;
    return `${passed.join(' and ')}${key}`;
  });
  return either.format(new Set(named.slice(0, mostNamed)));
}

/** The keys over which a query joins tables, or looks into others. */
function linksOf({ links }: SchemaIndex, query: SelectQuery): readonly Link[] {
  const pairs = pairsOf(query);
  return links.filter(
    ({ left: [left], right: [right] }) =>
      left !== undefined &&
      right !== undefined &&
      pairs.some((pair) => pair.includes(left) && pair.includes(right)),
  );
}

type Pair = readonly (number | null)[];

function pairsOf({ joins, where, having }: SelectQuery): readonly Pair[] {
  const inside = (condition: Condition | null): readonly Pair[] => {
    if (condition === null) {
      return [];
    }
    if ('conditions' in condition) {
      return condition.conditions.flatMap(inside);
    }
    return condition.kind === 'in'
      ? [[condition.column, condition.query.select[0]?.column ?? null], ...pairsOf(condition.query)]
      : [];
  };
  return [...joins.flatMap(({ on }) => on), ...inside(where), ...inside(having)];
}

/** The tables that a query is about: those of whose columns it says more than that they join, and those beyond which nothing is. */
function endsOf({ columns }: SchemaIndex, query: SelectQuery, used: readonly Link[]): ReadonlySet<number> {
  const ends = new Set([query.from]);
  // That a key is there is asked of it wherever rows are looked for that have none.
  const keyColumns = new Set(used.flatMap(({ left, right }) => [...left, ...right]));
  const add = (column: number | null): void => {
    const table = columns[column ?? -1]?.table;
    if (table !== undefined) {
      ends.add(table);
    }
  };
  const condition = (item: Condition | null): void => {
    if (item === null) {
      return;
    }
    if ('conditions' in item) {
      item.conditions.forEach(condition);
    } else if (item.kind === 'in') {
      condition(item.query.where);
      condition(item.query.having);
    } else if (item.kind === 'columns') {
      add(item.left);
      add(item.right);
    } else if ('left' in item) {
      add(item.left.column);
    } else if (item.kind !== 'null' || !item.negated || !keyColumns.has(item.column)) {
      add(item.column);
    }
  };
  for (const { column } of [...query.select, ...query.order.map(({ by }) => by)]) {
    add(column);
  }
  query.group.forEach(add);
  condition(query.where);
  condition(query.having);
  const touched = used.flatMap(({ from, to }) => [from, to]);
  for (const [table, keys] of Map.groupBy(touched, (each) => each)) {
    if (keys.length === 1) {
      ends.add(table);
    }
  }
  return ends;
}
