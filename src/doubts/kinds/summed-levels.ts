import type { Column, Table } from '../../schema/schema.ts';
import { aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import {
  bareColumn,
  columnText,
  grouped,
  groupsOf,
  isInteger,
  isTemporal,
  isText,
  item,
  type Look,
  type LookContext,
  numberOf,
  selectText,
  soleColumn,
  standsAlone,
  tableText,
  whereOf,
} from '../look.ts';
import { predicatesOf } from '../predicates.ts';
import { resolve, type Scope } from '../scope.ts';
import { allOf, type Node, walk } from '../sql-tree.ts';

/** What is called so is how much there is at a moment, and adds up over things, not over time. */
const levels =
  /(?:^|_)(?:(?:\w+_)?balance|stock(?:_level|_quantity|_qty)?|(?:qty|quantity)_(?:on_hand|in_stock)|on_hand|inventory(?:_level)?|headcount|saldo|kontostand|lager?bestand|bestand)$/iu;
/** The moment at which a level is taken, and not one of the row's own life. */
const moment =
  /(?:^|_)(?:date|day|month|week|period|as_of|snapshot|snapshot_date|snapshot_at|taken_at|measured_at|datum|tag|monat|stichtag)$/iu;

/** Finds sums of levels, such as balances, over the moments at which they were taken. */
export const lookForSummedLevels: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes.filter(standsAlone)) {
    for (const { name, distinct, argument } of aggregatesOf(scope)) {
      const summed = (name === 'SUM' || name === 'TOTAL') && !distinct ? soleColumn(argument, scope) : null;
      const at = summed === null || !levels.test(summed.column.name) ? null : momentOf(summed.table);
      if (summed !== null && at !== null && !isOneMoment(scope, at)) {
        const doubt = await summedOver(context, scope, summed.table, summed.column, at);
        doubts.push(...(doubt === null ? [] : [doubt]));
      }
    }
  }
  return doubts;
};

/** The one column of a table that tells when its rows were taken. */
function momentOf({ columns }: Table): Column | null {
  const [only, ...others] = columns.filter(
    ({ name, type }) => (isTemporal(type) || isText(type)) && moment.test(name),
  );
  return only !== undefined && others.length === 0 ? only : null;
}

/** Whether a SELECT groups by the moment, or has one of them alone, or compares it in a way that is not read here. */
function isOneMoment(scope: Scope, at: Column): boolean {
  const readsIn = (part: Node | null): number =>
    part === null
      ? 0
      : [...walk(part, { intoSelects: true })].filter(
          (node) => node['type'] === 'column_ref' && resolve(node, scope)?.column === at,
        ).length;
  const ranges = predicatesOf(scope).filter(({ resolved }) => resolved.column === at);
  return (
    groupsOf(scope).some((group) => readsIn(group) > 0) ||
    ranges.some(({ operator }) => !/^[<>]=?$|^BETWEEN$/u.test(operator)) ||
    readsIn(whereOf(scope)) > ranges.length ||
    scope.sources.some(({ on }) => readsIn(on) > 0)
  );
}

async function summedOver(
  context: LookContext,
  scope: Scope,
  table: Table,
  level: Column,
  at: Column,
): Promise<Doubt | null> {
  const things = thingsOf(table, level, at);
  const moments = things.length === 0 ? null : await momentsOf(context, table, things, at);
  if (moments === null) {
    return null;
  }
  return {
    kind: 'summed-levels',
    sentence: `${table.name}.${level.name} is a level at each ${at.name}, of which there are ${grouped(moments)}: the sum adds the same thing up once for each.`,
    evidence: { column: `${table.name}.${level.name}`, by: at.name, moments },
    mendedSql: await atLastMoment(context, scope, at),
  };
}

/** The columns that say what the level is of. */
function thingsOf({ columns, primaryKey, foreignKeys }: Table, level: Column, at: Column): readonly Column[] {
  const isOwnKey = (name: string): boolean => primaryKey.length === 1 && primaryKey[0] === name;
  const refers = (name: string): boolean => foreignKeys.some((key) => key.columns.includes(name));
  return columns.filter(
    ({ name, type }) =>
      name !== level.name &&
      name !== at.name &&
      !isOwnKey(name) &&
      (refers(name) ||
        primaryKey.includes(name) ||
        ((isInteger(type) || isText(type)) && /(?:^|_)(?:id|code|sku|account|symbol|iban)$/iu.test(name))),
  );
}

/** How many moments there are, where each thing has one row for each of several moments; null elsewhere. */
async function momentsOf(
  context: LookContext,
  table: Table,
  things: readonly Column[],
  at: Column,
): Promise<number | null> {
  const from = tableText(context, table);
  const when = columnText(context, at.name);
  const names = things.map(({ name }) => columnText(context, name)).join(', ');
  const count = (inner: string): string => `(SELECT COUNT(*) FROM (${inner}) AS counted)`;
  const rows = await context.probe(
    `SELECT (SELECT COUNT(*) FROM ${from}), ${count(`SELECT ${names}, ${when} FROM ${from} GROUP BY ${names}, ${when}`)}, ${count(`SELECT ${names} FROM ${from} GROUP BY ${names}`)}, (SELECT COUNT(DISTINCT ${when}) FROM ${from})`,
    1,
  );
  const [all, pairs, own, moments] = [0, 1, 2, 3].map((column) => numberOf(rows, column) ?? 0);
  const isSeries =
    all !== undefined && all > 0 && all === pairs && (own ?? 0) * 2 <= all && (moments ?? 0) >= 2;
  // Moments of the things themselves, such as when accounts were opened, are as many as they are.
  const isShared = own === 1 || (moments ?? 0) * 2 <= (all ?? 0);
  return isSeries && isShared ? (moments ?? null) : null;
}

/** The statement over the last moment that it reads; null where it reads several tables. */
async function atLastMoment(context: LookContext, scope: Scope, at: Column): Promise<string | null> {
  if (scope.sources.length > 1) {
    return null;
  }
  const column = bareColumn(context, at.name);
  const last: Node = { type: 'aggr_func', name: 'MAX', args: { expr: column }, over: null };
  const text = selectText(context, scope, {
    columns: [item(last)],
    groupby: null,
    having: null,
    orderby: null,
    limit: null,
    distinct: null,
  });
  const [[value] = []] = (text === null ? null : await context.probe(text, 1)) ?? [];
  const where = whereOf(scope);
  const isLast: Node = {
    type: 'binary_expr',
    operator: '=',
    left: column,
    right: { type: 'single_quote_string', value: String(value) },
  };
  return value === null || value === undefined
    ? null
    : context.tree.write(
        new Map([
          [scope.select, { ...scope.select, where: allOf([...(where === null ? [] : [where]), isLast]) }],
        ]),
      );
}
