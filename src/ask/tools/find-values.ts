import type { ColumnReference } from '../../database/database.ts';
import { dialectOf } from '../../database/engines.ts';
import type { DatabaseClient } from '../../database/process/client.ts';
import { nearestValues } from '../../doubts/values/nearest-value.ts';
import { synonyms } from '../../doubts/values/synonyms.ts';
import { SqlqError } from '../../errors.ts';
import type { ValueIndex } from '../../model/model.ts';
import { writeIdentifier, writeTable } from '../../schema/identifier.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { planStatement } from '../plan-statement.ts';
import { tablesOf } from './describe-tables.ts';

/** A stored value that a text may mean. */
export interface FoundValue {
  /** Table and column as SQL has to write them. */
  readonly column: string;
  readonly value: string;
  /** 1 but for case, accents and blanks, less the less alike. */
  readonly likeness: number;
}

/** What a search for a value has found, the likeliest first. */
export interface FoundValues {
  readonly values: readonly FoundValue[];
  /** Columns of text that were not looked through: they hold too many values, or could not be read. */
  readonly notSearched: readonly string[];
}

/** Where values are looked for. */
export interface ValueSource {
  readonly database: DatabaseClient;
  readonly schema: Schema;
  /** The values of all columns that hold words. */
  readonly readValues: (schema: Schema) => Promise<ValueIndex>;
}

interface Place {
  readonly table: Table;
  readonly column: Column;
}

const mostFound = 20;
/** A column with more distinct values is asked for those that hold the text. */
const mostDistinct = 10_000;
const mostMatches = 200;

/**
 * The stored values that are written like a text, in one column (`table.column`, or a column's bare name) or in all that
 * hold words. Throws a SqlqError `usage` for a column that is not there.
 */
export async function findValues(
  source: ValueSource,
  text: string,
  column: string | null,
  signal: AbortSignal,
): Promise<FoundValues> {
  const { schema } = source;
  const naming = dialectOf(schema.dialect.engine);
  const nameOf = ({ table, column: { name } }: Place): string =>
    `${writeTable(naming, schema, table)}.${writeIdentifier(naming, name)}`;
  const looked = await Promise.all(
    column === null
      ? await everywhere(source)
      : placesOf(schema, column).map(async (place) => ({
          place,
          stored: place.column.values ?? (await valuesIn(source, place, text, signal)),
        })),
  );
  const values = looked.flatMap(({ place, stored }) =>
    stored === null
      ? []
      : nearestValues(text, stored, synonyms).map((found) => ({ column: nameOf(place), ...found })),
  );
  return {
    values: values.sort((a, b) => b.likeness - a.likeness).slice(0, mostFound),
    notSearched: looked.filter(({ stored }) => stored === null).map(({ place }) => nameOf(place)),
  };
}

interface Looked {
  readonly place: Place;
  /** Null where the values could not be read. */
  readonly stored: readonly string[] | null;
}

async function everywhere({ schema, readValues }: ValueSource): Promise<readonly Looked[]> {
  const index = await readValues(schema);
  return schema.tables.flatMap((table) =>
    table.columns
      .filter(({ type, values }) => values !== null || holdsText(type))
      .map((column) => ({
        place: { table, column },
        stored: column.values ?? index.valuesOf(table.schema, table.name, column.name),
      })),
  );
}

function placesOf(schema: Schema, written: string): readonly Place[] {
  const [, before = '', name = written] = /^([\s\S]+)\.([^.]+)$/u.exec(written.trim()) ?? [];
  const wanted = name.replace(/^(["`])([\s\S]*)\1$/u, '$2').toLowerCase();
  const tables = before === '' ? schema.tables : tablesOf(schema, before);
  const places = tables.flatMap((table) =>
    table.columns
      .filter((column) => column.name.toLowerCase() === wanted)
      .map((column) => ({ table, column })),
  );
  if (places.length > 0) {
    return places;
  }
  const known = schema.tables.flatMap((table) => table.columns.map((each) => `${table.name}.${each.name}`));
  const near = nearest(
    before === '' ? name : `${before}.${name}`,
    before === '' ? known.map((one) => one.slice(one.lastIndexOf('.') + 1)) : known,
  );
  throw new SqlqError('usage', `There is no column ${written}.`, {
    hint: near === null ? 'Name it as table.column.' : `Did you mean ${near}?`,
  });
}

/** The distinct values of a column, or of one with too many those that hold the text. */
async function valuesIn(
  { database, schema }: ValueSource,
  { table, column }: Place,
  text: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const reference: ColumnReference = { schema: table.schema, table: table.name, column: column.name };
  const [all = null] = await database.distinctValues({ columns: [reference], cap: mostDistinct }, signal);
  if (all !== null) {
    return all;
  }
  const dialect = dialectOf(schema.dialect.engine);
  const name = writeIdentifier(dialect, column.name);
  const sql = `SELECT DISTINCT ${name} AS found FROM ${writeTable(dialect, schema, table)} WHERE ${dialect.writeLike(name, 'LIKE', ':pattern')} ESCAPE '!' LIMIT ${mostMatches}`;
  const value = `%${text.replace(/[!%_]/gu, '!$&')}%`;
  const parameters = [{ name: 'pattern', value, type: 'text' as const }];
  const planned = await planStatement(database, sql, 'read', signal, parameters);
  if ('error' in planned) {
    return null;
  }
  const { data } = await database.run(planned.sql, {
    parameters,
    render: { format: 'csv', csvSafe: false, width: null, color: false },
    destination: { kind: 'rows' },
    limit: mostMatches,
    signal,
  });
  return data.map(([found]) => String(found));
}

function holdsText(type: string): boolean {
  return type === '' || /char|text|clob|enum|set|string/iu.test(type);
}
