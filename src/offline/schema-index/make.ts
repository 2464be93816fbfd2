import { dialectOf } from '../../database/engines.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { inferredLinks } from './infer.ts';
import type { ColumnClass, IndexedColumn, IndexedTable, Link, SchemaIndex } from './schema-index.ts';
import { splitIdentifier } from './split.ts';

/** Sorts a declared type into a class; SQLite's free-form types included. */
export function classOfType(type: string): ColumnClass {
  const lower = type.toLowerCase();
  if (/\bbool|^bit(\(1\))?$|tinyint\(1\)/.test(lower)) {
    return 'boolean';
  }
  if (/date|time|year\b/.test(lower) && !/interval/.test(lower)) {
    return /^year/.test(lower) ? 'number' : 'date';
  }
  if (/int|real|floa|doub|num|dec|money|serial|bigint|number/.test(lower) && !/interval|point/.test(lower)) {
    return 'number';
  }
  if (/char|text|clob|string|enum|set\(|uuid|name|citext/.test(lower) || lower === '') {
    return 'text';
  }
  return 'other';
}

/**
 * Prepares a schema. `vocabulary` tells English words, to cut compounds such as `countryname`; `called` is what names in
 * another language are in English.
 */
export function indexSchema(
  schema: Schema,
  vocabulary?: (word: string) => boolean,
  called: (identifier: string) => string = (identifier) => identifier,
): SchemaIndex {
  const columns: IndexedColumn[] = [];
  const tables: IndexedTable[] = [];
  for (const table of schema.tables) {
    const id = tables.length;
    const words = withoutMarks(splitIdentifier(called(table.name), vocabulary));
    const foreign = new Set(table.foreignKeys.flatMap((key) => key.columns));
    const own: number[] = [];
    for (const column of table.columns) {
      const columnWords = splitIdentifier(called(column.name), vocabulary).map((word) =>
        // Of `paid_on`, `pay` is the dictionary form alone: it begins no `payment`.
        called(column.name).toLowerCase().includes(word) ? spelledOut(word, words) : word,
      );
      // `duration_min` is in minutes, and no least duration.
      if (
        columnWords.at(-1) === 'minimum' &&
        /min$/iu.test(column.name) &&
        columnWords.some((word) => times.has(word))
      ) {
        columnWords[columnWords.length - 1] = 'minute';
      }
      const ownWords = columnWords.filter((word) => !words.includes(word));
      own.push(columns.length);
      columns.push({
        id: columns.length,
        table: id,
        name: column.name,
        class: classOfType(column.type),
        stored: null,
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
  return {
    dialect: dialectOf(schema.dialect.engine),
    schema,
    tables,
    columns,
    links: linksOf(schema, tables, columns),
  };
}

const times: ReadonlySet<string> = new Set(['duration', 'length', 'time', 'runtime', 'delay', 'wait', 'run']);

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
  if (word.length > 5 || !/^[a-z]+$/.test(word) || word === 'id') {
    return word;
  }
  if (word.length === 1) {
    return tableWords[0]?.startsWith(word) === true ? tableWords[0] : word;
  }
  return tableWords.find((other) => other.length > word.length + 1 && other.startsWith(word)) ?? word;
}

/** The column that names a row: `name`, else `title`, else one that is called as its table, else `… name`. */
function labelOf(columns: readonly IndexedColumn[], tableWords: readonly string[]): number | null {
  const text = columns.filter((column) => column.class !== 'number' && column.class !== 'date');
  const rank = (column: IndexedColumn): number => {
    const own = column.ownWords.join(' ');
    if (own === 'name') {
      return column.foreign ? 5 : 0;
    }
    if (own === 'title') {
      return 1;
    }
    if (column.words.join(' ') === tableWords.join(' ')) {
      return 2;
    }
    if (own === 'full name') {
      return 3;
    }
    if (/\bname$/.test(own)) {
      return own === 'last name' ? 6 : own === 'first name' ? 5 : 4;
    }
    if (/\btitle$/.test(own)) {
      return 7;
    }
    if (/description|label|model$/.test(own)) {
      return 8;
    }
    return 99;
  };
  let best: IndexedColumn | null = null;
  for (const column of text) {
    if (rank(column) < 99 && (best === null || rank(column) < rank(best))) {
      best = column;
    }
  }
  return best?.id ?? null;
}

function linksOf(schema: Schema, tables: readonly IndexedTable[], columns: readonly IndexedColumn[]): Link[] {
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
      if (to === undefined) {
        continue;
      }
      const target =
        key.references.columns.length > 0 ? key.references.columns : (schema.tables[to]?.primaryKey ?? []);
      const left = key.columns.flatMap((name) => columnId(table.id, name) ?? []);
      const right = target.flatMap((name) => columnId(to, name) ?? []);
      if (left.length > 0 && left.length === right.length) {
        links.push({ from: table.id, to, left, right, declared: true });
      }
    }
  }
  return [...links, ...inferredLinks(tables, columns, links)];
}
