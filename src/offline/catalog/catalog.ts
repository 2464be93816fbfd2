import type { Column, Engine, Schema, Table } from '../../schema/schema.ts';
import { inferredLinks } from './infer.ts';
import { splitIdentifier } from './split.ts';

/** What kind of values a column holds, as far as comparisons care. */
export type ColumnClass = 'number' | 'text' | 'date' | 'boolean' | 'other';

/** A column with what the engine works out of its names. Columns and tables are known by their number. */
export interface CatalogColumn {
  readonly id: number;
  readonly table: number;
  readonly name: string;
  readonly class: ColumnClass;
  readonly words: readonly string[];
  /** Its words without those that only repeat the table's name. */
  readonly ownWords: readonly string[];
  readonly commentWords: readonly string[];
  readonly primary: boolean;
  readonly foreign: boolean;
  readonly unique: boolean;
  readonly column: Column;
}

export interface CatalogTable {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly commentWords: readonly string[];
  /** Ids of its columns, in the table's own order. */
  readonly columns: readonly number[];
  readonly primaryKey: readonly number[];
  /** The column by which people know a row, such as its name or title; null where none looks like one. */
  readonly label: number | null;
  readonly table: Table;
}

/** The column that is a table's key by itself; undefined where the key has several columns, or there is none. */
export function soleKey(table: CatalogTable | undefined): number | undefined {
  return table?.primaryKey.length === 1 ? table.primaryKey[0] : undefined;
}

/** A way to join two tables: `left[i] = right[i]`; `left` refers, `right` is referred to. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly declared: boolean;
}

/** A schema prepared for parsing: columns and tables numbered, names cut to words, keys resolved. */
export interface Catalog {
  readonly engine: Engine;
  readonly schema: Schema;
  readonly tables: readonly CatalogTable[];
  readonly columns: readonly CatalogColumn[];
  readonly links: readonly Link[];
}

/** Sorts a declared type into a class; SQLite's free-form types included. */
export function classOfType(type: string): ColumnClass {
  const lower = type.toLowerCase();
  if (/\bbool|^bit(\(1\))?$|tinyint\(1\)/.test(lower)) return 'boolean';
  if (/date|time|year\b/.test(lower) && !/interval/.test(lower))
    return /^year/.test(lower) ? 'number' : 'date';
  if (/int|real|floa|doub|num|dec|money|serial|bigint|number/.test(lower) && !/interval|point/.test(lower))
    return 'number';
  if (/char|text|clob|string|enum|set\(|uuid|name|citext/.test(lower) || lower === '') return 'text';
  return 'other';
}

/** Prepares a schema. `vocabulary` tells English words, to cut compounds such as `countryname`. */
export function makeCatalog(schema: Schema, vocabulary?: (word: string) => boolean): Catalog {
  const columns: CatalogColumn[] = [];
  const tables: CatalogTable[] = [];
  for (const table of schema.tables) {
    const id = tables.length;
    const words = withoutMarks(splitIdentifier(table.name, vocabulary));
    const foreign = new Set(table.foreignKeys.flatMap((key) => key.columns));
    const own: number[] = [];
    for (const column of table.columns) {
      const columnWords = splitIdentifier(column.name, vocabulary).map((word) => spelledOut(word, words));
      const ownWords = columnWords.filter((word) => !words.includes(word));
      own.push(columns.length);
      columns.push({
        id: columns.length,
        table: id,
        name: column.name,
        class: classOfType(column.type),
        words: columnWords,
        ownWords: ownWords.length === 0 ? columnWords : ownWords,
        commentWords: column.comment === null ? [] : splitIdentifier(column.comment),
        primary: table.primaryKey.includes(column.name),
        foreign: foreign.has(column.name),
        unique: table.uniqueKeys.some((key) => key.length === 1 && key[0] === column.name),
        column,
      });
    }
    const primaryKey = own.filter((number) => columns[number]?.primary === true);
    tables.push({
      id,
      schema: table.schema,
      name: table.name,
      words,
      commentWords: table.comment === null ? [] : splitIdentifier(table.comment),
      columns: own,
      primaryKey,
      label: labelOf(
        own.flatMap((number) => columns[number] ?? []),
        words,
      ),
      table,
    });
  }
  return { engine: schema.dialect.engine, schema, tables, columns, links: linksOf(schema, tables, columns) };
}

const marks: ReadonlySet<string> = new Set([
  'reference',
  'tbl',
  'tb',
  'dim',
  'fact',
  'table',
  'vw',
  'view',
  'data',
  'list',
  'detail',
]);

/** A table's words without those that tell its place in a design rather than what it holds. */
function withoutMarks(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !marks.has(word));
  return kept.length === 0 ? words : kept;
}

/** A word that begins one of its table's words stands for it: `fac` in a table of faculty, `c` in one of colleges. */
function spelledOut(word: string, tableWords: readonly string[]): string {
  if (word.length > 5 || !/^[a-z]+$/.test(word) || word === 'id') return word;
  if (word.length === 1) return tableWords[0]?.startsWith(word) === true ? tableWords[0] : word;
  return tableWords.find((other) => other.length > word.length + 1 && other.startsWith(word)) ?? word;
}

/** The column that names a row: `name`, else `title`, else one that is called as its table, else `… name`. */
function labelOf(columns: readonly CatalogColumn[], tableWords: readonly string[]): number | null {
  const text = columns.filter((column) => column.class !== 'number' && column.class !== 'date');
  const rank = (column: CatalogColumn): number => {
    const own = column.ownWords.join(' ');
    if (own === 'name') return column.foreign ? 5 : 0;
    if (own === 'title') return 1;
    if (column.words.join(' ') === tableWords.join(' ')) return 2;
    if (own === 'full name') return 3;
    if (/\bname$/.test(own)) return own === 'last name' ? 6 : own === 'first name' ? 5 : 4;
    if (/\btitle$/.test(own)) return 7;
    if (/description|label|model$/.test(own)) return 8;
    return 99;
  };
  let best: CatalogColumn | null = null;
  for (const column of text)
    if (rank(column) < 99 && (best === null || rank(column) < rank(best))) best = column;
  return best?.id ?? null;
}

function linksOf(schema: Schema, tables: readonly CatalogTable[], columns: readonly CatalogColumn[]): Link[] {
  const tableIds = new Map(tables.map((table) => [`${table.schema}\0${table.name}`, table.id]));
  const columnId = (table: number, name: string): number | undefined => {
    const own = tables[table]?.columns ?? [];
    return (
      own.find((number) => columns[number]?.name === name) ??
      own.find((number) => columns[number]?.name.toLowerCase() === name.toLowerCase())
    );
  };
  const links: Link[] = [];
  for (const table of tables) {
    // Engines tell keys in orders of their own; that of the columns is the same on each.
    const place = (key: Table['foreignKeys'][number]): number =>
      columnId(table.id, key.columns[0] ?? '') ?? 0;
    for (const key of [...table.table.foreignKeys].sort((a, b) => place(a) - place(b))) {
      const to =
        tableIds.get(`${key.references.schema}\0${key.references.table}`) ??
        tables.find((other) => other.name.toLowerCase() === key.references.table.toLowerCase())?.id;
      if (to === undefined) continue;
      const target =
        key.references.columns.length > 0 ? key.references.columns : (schema.tables[to]?.primaryKey ?? []);
      const left = key.columns.flatMap((name) => columnId(table.id, name) ?? []);
      const right = target.flatMap((name) => columnId(to, name) ?? []);
      if (left.length > 0 && left.length === right.length)
        links.push({ from: table.id, to, left, right, declared: true });
    }
  }
  return [...links, ...inferredLinks(tables, columns, links)];
}
