import { SqlqError } from '../../../errors.ts';
import { type Head, packingOf } from './head.ts';
import { columnNames } from './names.ts';
import type { RawColumn, RawTable } from './raw-table.ts';
import { fileList, literal, name, type Sql } from './sql.ts';
import { fieldsOf } from './struct-type.ts';

/** A table of a JSON file: the whole of it, or the array under one of its keys. */
export interface JsonTable {
  /** Null where it is the whole file. */
  readonly key: string | null;
  readonly raw: RawTable;
}

/** The largest single object that is read at first, and where one is larger: a file that is one array under a key is one object. */
const usualBytes = 16 << 20;
const mostBytes = 128 << 20;

/** The tables of a file, and what was assumed of it. */
export interface JsonTables {
  readonly tables: readonly JsonTable[];
  readonly assumed: readonly string[];
}

/**
 * The tables of JSON files of one shape: rows of an array, lines, or of the arrays of a file that is one object. Types come from
 * all rows; what a number of floating point would round is read by its digits. Throws a SqlqError `failed` that names the file.
 */
export async function jsonTables(
  sql: Sql,
  files: readonly { readonly path: string; readonly head: Head }[],
  label: string,
): Promise<JsonTables> {
  const places = `${fileList(files.map(({ path }) => path))}, compression = ${literal(packingOf(files).replace('none', 'uncompressed'))}`;
  try {
    return await tablesOf(sql, places, label, usualBytes);
  } catch (error) {
    // Each thread takes several times as much memory as the largest object may.
    if (error instanceof SqlqError && error.code === 'limit') {
      return tablesOf(sql, places, label, mostBytes);
    }
    throw error;
  }
}

async function tablesOf(sql: Sql, places: string, label: string, largest: number): Promise<JsonTables> {
  const source = (columns: string): string =>
    `read_json(${places}, maximum_object_size = ${largest}, union_by_name = true, sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0${columns})`;
  const types = await describe(sql, source(''), label);
  const [only, ...others] = types;
  if (only?.name === 'json' && others.length === 0 && !only.type.startsWith('STRUCT')) {
    const [{ name: value = 'value' } = {}] = columnNames(['value'], 1);
    const relation = `(SELECT ${name('json')} AS ${name(value)} FROM ${source('')})`;
    return {
      tables: [{ key: null, raw: rawOf(relation, [{ name: value, type: only.type }], label) }],
      assumed: [],
    };
  }
  const arrays = types.filter(({ type }) => /^STRUCT\(.*\)\[\]$/su.test(type));
  const isOneObject =
    arrays.length > 0 && (await sql.rows(`SELECT 1 FROM ${source('')} LIMIT 2`)).length === 1;
  if (!isOneObject) {
    const declared = types.map(({ name: column, type }) => `${literal(column)}: ${literal(exactType(type))}`);
    return {
      tables: [{ key: null, raw: rawOf(source(`, columns = {${declared.join(', ')}}`), types, label) }],
      assumed: [],
    };
  }
  const rest = types.filter((column) => !arrays.includes(column)).map(({ name: column }) => column);
  return {
    tables: arrays.map((array) => {
      const fields = fieldsOf(array.type);
      const struct = fields.map((field) => `${name(field.name)} ${exactType(field.type)}`);
      const typed = source(
        `, columns = {${literal(array.name)}: ${literal(`STRUCT(${struct.join(', ')})[]`)}}`,
      );
      const relation = `(SELECT unnest(row) FROM (SELECT unnest(${name(array.name)}) AS row FROM ${typed}))`;
      return { key: arrays.length === 1 ? null : array.name, raw: rawOf(relation, fields, label) };
    }),
    assumed:
      rest.length === 0
        ? []
        : [
            `${label}: beside its array${arrays.length === 1 ? '' : 's'} the file has ${rest.slice(0, 5).join(', ')}, which ${rest.length === 1 ? 'is' : 'are'} no rows.`,
          ],
  };
}

interface Typed {
  readonly name: string;
  readonly type: string;
}

/** What decides its digits itself is read as it stands; dates are looked at like those of any text. */
function exactType(type: string): string {
  if (type === 'DOUBLE') {
    return 'JSON';
  }
  return isText(type) ? 'VARCHAR' : type;
}

function isText(type: string): boolean {
  return /^(?:VARCHAR|DATE|TIME|TIMESTAMP.*)$/u.test(type);
}

/** Columns that are objects or lists keep their shape; JSON names may be any text, and are made names here. */
function rawOf(source: string, types: readonly Typed[], label: string): RawTable {
  const names = columnNames(
    types.map((column) => column.name),
    types.length,
  );
  const columns = types.map(({ name: key, type }, index) => {
    const own = names[index] ?? { name: key, comment: null };
    const from: RawColumn['from'] = type === 'DOUBLE' ? 'doubles' : isText(type) ? 'strings' : 'file';
    const value = type === 'DOUBLE' ? `nullif(CAST(${name(key)} AS VARCHAR), 'null')` : name(key);
    return { column: { ...own, from }, value: `${value} AS ${name(own.name)}` };
  });
  return {
    relation: `(SELECT ${columns.map(({ value }) => value).join(', ')} FROM ${source})`,
    columns: columns.map(({ column }) => column),
    label,
  };
}

async function describe(sql: Sql, relation: string, label: string): Promise<readonly Typed[]> {
  try {
    const rows = await sql.rows(`SELECT column_name, column_type FROM (DESCRIBE FROM ${relation})`);
    return rows.map(([column, type]) => ({ name: String(column), type: String(type) }));
  } catch (error) {
    throw jsonError(error, label);
  }
}

/** DuckDB's error of a JSON file, in our words. */
export function jsonError(error: unknown, label: string): unknown {
  if (!(error instanceof Error) || !/JSON|maximum_object_size/u.test(error.message)) {
    return error;
  }
  const line = /in (?:line|record\/value) (\d+)/u.exec(error.message)?.[1];
  const what = /(?:Malformed JSON in file "[^"]*", at byte \d+ in [^:]*: )([^.\n]*)/u.exec(
    error.message,
  )?.[1];
  if (/maximum_object_size|exceeded/u.test(error.message)) {
    return new SqlqError('limit', `${label} holds an object of more than 128 MB.`, {
      hint: 'Write its rows a line each (NDJSON): jq -c ".[]" FILE > FILE.ndjson',
      cause: error,
    });
  }
  return new SqlqError(
    'failed',
    `${label}${line === undefined ? '' : `, line ${line}`} is no JSON${what === undefined ? '' : `: ${what}`}.`,
    { hint: 'Mend it there; a check: jq . FILE', cause: error },
  );
}
