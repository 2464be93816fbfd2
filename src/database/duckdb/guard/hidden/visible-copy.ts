import type { Relation } from '../catalog.ts';
import type { GuardContext } from '../context.ts';
import type { Expanded } from '../expand.ts';
import { fold, quote } from '../syntax/names.ts';
import { bareText } from '../syntax/tokens.ts';
import { withoutExcluded } from './exclude.ts';
import type { HiddenColumns } from './hidden-columns.ts';

/**
 * The second look at a query, by the engine itself: it has to give the same columns in an empty database in which the
 * hidden ones are not there. Gives why it may not run, or null.
 */
export async function unlikeCopy(
  context: GuardContext,
  { statement, definitions }: Expanded,
  columns: HiddenColumns,
  query: string,
): Promise<string | null> {
  const shape = shapeOf(query);
  const values = statement.placeholders.map(() => '');
  const shown = await columnsOf(context.ask, shape, values);
  // The connection's own words will say what is wrong with it.
  if (shown === null) {
    return null;
  }
  const copy = await context.copyOf(context.catalog);
  const [[current] = []] = await context.ask('SELECT "system".main.current_database()');
  for (const sql of statementsOf(
    context,
    definitions.map(({ relation }) => relation),
    columns,
    String(current),
  )) {
    if (!copy.made.has(sql)) {
      copy.made.add(sql);
      // A type or a macro that can't be had there: what uses it will not be understood there, and is refused.
      await copy.ask(sql).catch(() => null);
    }
  }
  const hidden = new Set(definitions.flatMap(({ relation }) => [...columns.of(relation)]));
  const copied = shapeOf(withoutExcluded(query, hidden));
  return (await columnsOf(copy.ask, copied, values)) === shown ? null : 'it reads a hidden column';
}

const shapeOf = (query: string): string => `DESCRIBE FROM (\n${bareText(query)}\n)`;

/** Names and types of the columns that a query gives, as one text; null where it can't be planned. */
async function columnsOf(
  ask: GuardContext['ask'],
  shape: string,
  values: readonly string[],
): Promise<string | null> {
  try {
    return JSON.stringify((await ask(shape, values)).map(([name, type]) => [name, type]));
  } catch {
    return null;
  }
}

function* statementsOf(
  { catalog: { macros, relations: all } }: GuardContext,
  relations: readonly Relation[],
  columns: HiddenColumns,
  current: string,
): Generator<string> {
  const catalogs = new Set([current, ...all.map(({ catalog }) => catalog)]);
  for (const catalog of catalogs) {
    yield `ATTACH ':memory:' AS ${quote(catalog)}`;
  }
  // Names stand for what they stand for on the connection.
  yield `USE ${quote(current)}`;
  for (const { name, sql } of [...columns.enums.values()].filter(({ isHidden }) => !isHidden)) {
    yield `CREATE TYPE ${quote(name)} AS ${sql}`;
  }
  for (const relation of relations) {
    const { catalog, schema, name } = relation;
    const visible = columns
      .columnsOf(relation)
      .filter((column) => !columns.of(relation).has(fold(column.name)))
      .map((column) => `${quote(column.name)} ${column.type}`);
    yield `CREATE SCHEMA IF NOT EXISTS ${quote(catalog)}.${quote(schema)}`;
    yield `CREATE TABLE ${quote(catalog)}.${quote(schema)}.${quote(name)} (${visible.join(', ')})`;
  }
  for (const { name, parameters, definition, isTable } of macros) {
    const body = `${isTable ? 'TABLE ' : ''}${definition}`;
    yield `CREATE MACRO ${quote(name)}(${parameters.map(quote).join(', ')}) AS ${body}`;
  }
}
