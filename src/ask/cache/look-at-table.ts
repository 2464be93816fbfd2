import type { Row, Value } from '../../database/database.ts';
import { dialectOf } from '../../database/engines.ts';
import type { DatabaseClient } from '../../database/process/client.ts';
import { SqlqError } from '../../errors.ts';
import { quoteIdentifier, quoteTable } from '../../schema/identifier.ts';
import type { ColumnProfile, TableProfile, TableSamples } from '../../schema/profile/column-profile.ts';
import { formOf } from '../../schema/profile/form.ts';
import type { Column, Dialect, Table } from '../../schema/schema.ts';

/** So many rows show how values are written. */
const shownRows = 300;
/** So many rows are counted. */
const countedRows = 20_000;
/** Longer texts are looked at up to here. */
const longestText = 200;
const samplesRows = 3;
/** A column with no more values than this has its most frequent ones told, where samples are. */
const fewValues = 25;
const mostTop = 8;

/** How tables are looked at. */
export interface Looking {
  readonly database: Pick<DatabaseClient, 'run'>;
  readonly dialect: Dialect;
  readonly samples: boolean;
}

/** What one table shows: its first rows, and counts over more of them; null where it can't be read in time. */
export async function lookAtTable(
  looking: Looking,
  table: Table,
  signal: AbortSignal,
): Promise<{ readonly profile: TableProfile; readonly samples: TableSamples | null } | null> {
  const columns = table.columns.filter(canBeRead);
  if (columns.length === 0) {
    return null;
  }
  const dialect = dialectOf(looking.dialect.engine);
  const quote = (name: string): string => quoteIdentifier(dialect, name);
  const from = quoteTable(dialect, table);
  const rowsOf = (sql: string, limit: number): Promise<readonly Row[] | null> =>
    run(looking.database, sql, limit, signal);
  const shown = columns.map((column) =>
    isText(column) ? `SUBSTR(${quote(column.name)}, 1, ${longestText})` : quote(column.name),
  );
  const rows = await rowsOf(`SELECT ${shown.join(', ')} FROM ${from} LIMIT ${shownRows}`, shownRows);
  if (rows === null) {
    return null;
  }
  const isAll = rows.length < shownRows;
  const names = columns.map(({ name }) => quote(name));
  const part = `(SELECT ${names.join(', ')} FROM ${from} LIMIT ${countedRows}) counted`;
  const counts = names.map((name) => `COUNT(${name}), COUNT(DISTINCT ${name})`).join(', ');
  const counted = isAll ? null : await rowsOf(`SELECT COUNT(*), ${counts} FROM ${part}`, 1);
  const numbers = counted?.[0]?.map(Number) ?? null;
  const total = numbers?.[0] ?? rows.length;
  const texts = columns.map((_, index) => rows.map((row) => textOf(row[index])));
  const profiles = columns.map((column, index) =>
    profileOf(column, texts[index] ?? [], {
      rows: total,
      filled: numbers?.[1 + 2 * index] ?? null,
      distinct: numbers?.[2 + 2 * index] ?? null,
    }),
  );
  const profile: TableProfile = {
    rows: total,
    isWhole: isAll || (numbers !== null && total < countedRows),
    columns: Object.fromEntries(columns.map(({ name }, index) => [name, profiles[index] ?? empty])),
  };
  if (!looking.samples) {
    return { profile, samples: null };
  }
  const top: Record<string, readonly string[]> = {};
  const range: Record<string, readonly [string, string]> = {};
  for (const [index, column] of columns.entries()) {
    const name = names[index] ?? '';
    const { distinct } = profiles[index] ?? empty;
    if (distinct === 0) {
      continue;
    }
    if (distinct <= fewValues) {
      const found = await rowsOf(
        `SELECT ${name} FROM ${part} WHERE ${name} IS NOT NULL GROUP BY ${name} ORDER BY COUNT(*) DESC, ${name} LIMIT ${mostTop}`,
        mostTop,
      );
      top[column.name] = (found ?? []).flatMap((row) => textOf(row[0]) ?? []);
    } else if (!isFlag(column)) {
      const [ends] = (await rowsOf(`SELECT MIN(${name}), MAX(${name}) FROM ${part}`, 1)) ?? [];
      const [lowest, highest] = [textOf(ends?.[0]), textOf(ends?.[1])];
      if (lowest !== null && highest !== null) {
        range[column.name] = [lowest, highest];
      }
    }
  }
  const first = rows.slice(0, samplesRows).map((row) => row.map(textOf));
  return { profile, samples: { rows: first, columns: columns.map(({ name }) => name), top, range } };
}

const empty: ColumnProfile = { form: null, nullShare: 0, distinct: 0, length: null };

function profileOf(
  column: Column,
  texts: readonly (string | null)[],
  counted: { readonly rows: number; readonly filled: number | null; readonly distinct: number | null },
): ColumnProfile {
  const values = texts.filter((text) => text !== null);
  const seen = [...new Set(values)];
  const distinct = counted.distinct ?? seen.length;
  const filled = counted.filled ?? values.length;
  const form = formOf(seen, column);
  // What a few rows show of a flag does not hold where more rows have more values.
  const isFewOfMany = (form?.kind === 'flag' || form?.kind === 'always') && distinct > seen.length;
  const lengths = isText(column) ? values.map((value) => [...value].length) : [];
  return {
    form: isFewOfMany ? null : form,
    nullShare: counted.rows === 0 ? 0 : 1 - filled / counted.rows,
    distinct,
    length: lengths.length === 0 ? null : { shortest: Math.min(...lengths), longest: Math.max(...lengths) },
  };
}

/** Types whose values are no words and no numbers, or that have no order. */
function canBeRead({ type }: Column): boolean {
  return !/blob|bytea|binary|json|xml|vector|geometry|geography|point|polygon|circle|\bpath\b|\bbox\b|\bline\b|lseg/iu.test(
    type,
  );
}

function isText({ type }: Column): boolean {
  return /char|text|clob|string/iu.test(type) && !/\[\]|^"char"$/u.test(type);
}

/** PostgreSQL orders no booleans and no identifiers. */
function isFlag({ type }: Column): boolean {
  return /bool|uuid|\[\]/iu.test(type);
}

function textOf(value: Value | undefined): string | null {
  if (value === null || value === undefined || value instanceof Uint8Array) {
    return null;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Rows of a query of ours; null where the guard or the database refuses it, or where there was no time. */
async function run(
  database: Looking['database'],
  sql: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Row[] | null> {
  if (signal.aborted) {
    return null;
  }
  try {
    const { data } = await database.run(sql, {
      render: { format: 'csv', csvSafe: false, width: null, color: false },
      destination: { kind: 'rows' },
      limit,
      signal,
    });
    return data;
  } catch (error) {
    if (error instanceof SqlqError || signal.aborted) {
      return null;
    }
    throw error;
  }
}
