import { basename } from 'node:path';
import { SqlqError } from '../../../errors.ts';
import type { DataFiles, Reading } from '../../data-files.ts';
import type { HidePatterns } from '../../pattern.ts';
import { type Attached, attach, type ShownRelations, showAttached, shownRelations } from './attached.ts';
import { readDelimited } from './delimited/read.ts';
import { type FileGroup, groupFiles, type SeenFile } from './group.ts';
import { jsonError, jsonTables } from './json.ts';
import { lookAt } from './look.ts';
import { tableName, uniqueName } from './names.ts';
import { parquetTable } from './parquet.ts';
import type { RawTable } from './raw-table.ts';
import { type FileWords, wordsFor } from './read-words.ts';
import { createSpool, type Spool } from './spool.ts';
import { name, type Sql } from './sql.ts';
import { makeTable } from './table.ts';
import { parseTold, type ToldType } from './types/told.ts';
import { workbookTables } from './workbook.ts';

/** What was made of files. */
export interface LoadedFiles {
  /** What was assumed of them, in whole sentences. */
  readonly warnings: readonly string[];
  /** Files that are read whenever their table is, and have to stay readable. */
  readonly paths: readonly string[];
  /** What the tables and views of attached databases are shown as, once that is finished. */
  readonly shown: Pick<ShownRelations, 'of'>;
  /** Shows what other databases hold: once no other file can be read any more. It may add to the warnings. */
  finish(): Promise<void>;
}

/** The schema of a database in memory. */
export const mainSchema = 'main';

/** So many bytes of files are held in memory altogether; a table of larger ones is read anew by each statement. */
const heldBytes = {
  delimited: 256 << 20,
  json: 64 << 20,
  parquet: 32 << 20,
  workbook: Number.POSITIVE_INFINITY,
  duckdb: 0,
};
/** What is packed is about so many times as long when it is not. */
const packedFactor = 6;

interface Loading {
  readonly sql: Sql;
  readonly told: readonly ToldType[];
  readonly words: readonly string[];
  readonly spool: Spool;
  readonly warnings: string[];
  readonly paths: string[];
  readonly hidden: HidePatterns;
  readonly attached: Attached[];
  readonly shown: ShownRelations;
  /** Names of tables by schema. */
  readonly taken: Map<string, Set<string>>;
  held: number;
}

/**
 * Makes tables of files, on a connection that can still read them; `room` is the part of `heldBytes` that may be held in
 * memory, and no value of a `hidden` column is told. Throws a SqlqError that names the file.
 */
export async function loadFiles(
  sql: Sql,
  { sources, types, words }: Reading,
  { hidden, room }: { readonly hidden: HidePatterns; readonly room: number },
): Promise<LoadedFiles> {
  const spool = createSpool();
  const loading: Loading = {
    sql,
    told: types.map(parseTold),
    words,
    spool,
    warnings: [],
    paths: [],
    hidden,
    attached: [],
    shown: shownRelations(),
    taken: new Map(),
    held: 1 - room,
  };
  try {
    for (const source of sources) {
      await loadSource(loading, source, sources.length > 1);
    }
  } finally {
    await spool.remove();
  }
  return {
    warnings: loading.warnings,
    paths: loading.paths,
    shown: loading.shown,
    finish: () => finish(loading),
  };
}

async function finish(loading: Loading): Promise<void> {
  const { sql, attached, warnings, hidden, shown } = loading;
  for (const each of attached) {
    warnings.push(
      ...(await showAttached(sql, each, { taken: namesIn(loading, each.schema), hidden, shown })),
    );
  }
  // Only now: this binds all views.
  await requireColumns(loading);
}

async function loadSource(loading: Loading, source: DataFiles, hasOthers: boolean): Promise<void> {
  const { sql, words, warnings } = loading;
  const seen: SeenFile[] = [];
  const leftOut = [...source.leftOut];
  for (const path of source.files) {
    try {
      seen.push(await lookAt(sql, path, words));
    } catch (error) {
      // In a folder may lie what is no data.
      if (source.kind !== 'folder' || !(error instanceof SqlqError)) {
        throw error;
      }
      leftOut.push(basename(path));
    }
  }
  if (seen.length === 0) {
    throw new SqlqError('failed', `${source.written} holds no file that can be read as a table.`, {
      hint: 'sqlq reads CSV and the like, JSON, Parquet and Excel files, also packed with gzip or zstd.',
    });
  }
  if (leftOut.length > 0) {
    warnings.push(`${source.written}: not read: ${someOf(leftOut)}.`);
  }
  if (source.linksOut.length > 0) {
    warnings.push(
      `${source.written}: not read, as these are links out of the folder: ${someOf(source.linksOut)}. To have one read, name it: --db FILE`,
    );
  }
  const groups = groupFiles(seen, { kind: source.kind, name: tableName(source.name) });
  // What is one table stands by its own name; what may be several has a schema.
  const isOne = groups.length === 1 && seen[0]?.format !== 'workbook' && seen[0]?.format !== 'duckdb';
  const schema = hasOthers && !isOne ? schemaFor(loading, source) : mainSchema;
  if (schema !== mainSchema) {
    await sql.rows(`CREATE SCHEMA ${name(schema)}`);
  }
  for (const group of groups) {
    await loadGroup(loading, group, source, schema);
  }
}

function someOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.slice(0, 5).join(', ')}${more}`;
}

function schemaFor({ taken }: Loading, source: DataFiles): string {
  return uniqueName(tableName(source.name), new Set([mainSchema, ...taken.keys()]));
}

/** The names that are taken in a schema. */
function namesIn({ taken }: Loading, schema: string): Set<string> {
  const names = taken.get(schema) ?? new Set();
  taken.set(schema, names);
  return names;
}

async function loadGroup(
  loading: Loading,
  { name: wanted, files }: FileGroup,
  source: DataFiles,
  schema: string,
): Promise<void> {
  const { sql, spool, warnings } = loading;
  const [first] = files;
  if (first === undefined) {
    return;
  }
  const label = files.length === 1 ? first.label : `${source.written} (${files.length} files)`;
  const paths = files.map(({ path }) => path);
  const isView = !fits(loading, files);
  // What stands above a header is of no column, and may be of one that is hidden.
  const quotes = !loading.hidden.isActive;
  const make = async (raw: RawTable, table: string, words: FileWords): Promise<readonly string[]> => {
    const isOwnView = isView && raw.isCopy !== true;
    const assumed = await makeTable(sql, {
      schema,
      name: table,
      raw,
      isView: isOwnView,
      told: toldFor(loading.told, table),
      decimal: words.decimal,
      hidden: loading.hidden,
    });
    if (isOwnView) {
      loading.paths.push(...paths);
    }
    return assumed;
  };
  const named = (own: string): { readonly table: string; readonly words: FileWords } => {
    const table = uniqueName(own, namesIn(loading, schema));
    return { table, words: wordsFor(table, loading.words) };
  };
  switch (first.format) {
    case 'delimited': {
      const { table, words } = named(wanted);
      warnings.push(
        ...(await readDelimited(sql, files, { label, words, spool, quotes }, (raw) =>
          make(raw, table, words),
        )),
      );
      return;
    }
    case 'json': {
      const { tables, assumed } = await jsonTables(sql, files, label);
      warnings.push(...assumed);
      for (const { key, raw } of tables) {
        const { table, words } = named(key === null ? wanted : tableName(key));
        warnings.push(
          ...(await make(raw, table, words).catch((error: unknown) => {
            throw jsonError(error, label);
          })),
        );
      }
      return;
    }
    case 'parquet': {
      const { table, words } = named(wanted);
      warnings.push(...(await make(await parquetTable(sql, paths, label), table, words)));
      return;
    }
    case 'workbook': {
      const { header } = wordsFor(wanted, loading.words);
      const sheets = await workbookTables(first.path, label, header, spool, quotes);
      for (const { sheet, raw, assumed } of sheets) {
        const { table, words } = named(sheets.length === 1 ? wanted : tableName(sheet));
        warnings.push(...assumed, ...(await make(raw, table, words)));
      }
      return;
    }
    case 'duckdb':
      loading.attached.push(await attach(sql, first, schema, loading.attached));
  }
}

/** Whether files are small enough to be held in memory beside those that are already. */
function fits(loading: Loading, files: readonly SeenFile[]): boolean {
  const parts = files.map(
    ({ bytes, head, format }) => (bytes * (head.packing === 'none' ? 1 : packedFactor)) / heldBytes[format],
  );
  const share = parts.reduce((sum, part) => sum + part, 0);
  if (loading.held + share > 1) {
    return false;
  }
  loading.held += share;
  return true;
}

function toldFor(told: readonly ToldType[], table: string): ReadonlyMap<string, ToldType['word']> {
  const fitting = told.filter((one) => one.table === null || one.table === table.toLowerCase());
  return new Map(
    fitting
      .toSorted((a, b) => Number(a.table !== null) - Number(b.table !== null))
      .map(({ column, word }) => [column, word]),
  );
}

/** A type of a column that is nowhere is a slip, and must not seem to hold. */
async function requireColumns({ sql, told }: Loading): Promise<void> {
  if (told.length === 0) {
    return;
  }
  const rows = await sql.rows(
    'SELECT lower(table_name), lower(column_name) FROM duckdb_columns() WHERE NOT internal',
  );
  for (const { table, column } of told) {
    if (!rows.some(([of, own]) => own === column && (table === null || of === table))) {
      const place = table === null ? column : `${table}.${column}`;
      const tables = [...new Set(rows.map(([of]) => String(of)))].slice(0, 10);
      throw new SqlqError('usage', `--type names the column ${place}, and there is none.`, {
        hint: `The tables are: ${tables.join(', ')}. sqlq schema shows their columns.`,
      });
    }
  }
}
