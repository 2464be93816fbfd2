import { type Naming, writeIdentifier, writeTable } from '../../schema/identifier.ts';
import { scoreWords } from '../../schema/link/score.ts';
import { words } from '../../schema/link/words.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';

/** A table that a search has found. */
export interface FoundTable {
  /** As SQL has to write it. */
  readonly table: string;
  readonly kind: Table['kind'];
  /** The engine's own estimate; null where it has none. */
  readonly rows: number | null;
  readonly comment: string | null;
  /** The columns by which it was found, as SQL has to write them; none where its own name was it. */
  readonly columns: readonly string[];
  /** Tables that a foreign key joins it with. */
  readonly joins: readonly string[];
}

/** What a search has found, the best first. */
export interface FoundTables {
  readonly tables: readonly FoundTable[];
  /** How many fitted; more than `tables` where those are cut. */
  readonly found: number;
  /** How many tables the schema has. */
  readonly total: number;
}

/**
 * The tables that have some words in their name, their columns, their labels or, where those may be told, their comments.
 * A word that stands nowhere is taken for one that begins so, or for the nearest that does stand somewhere. No words find
 * every table.
 */
export function searchSchema(
  schema: Schema,
  naming: Naming,
  text: string,
  options: { readonly comments: boolean; readonly most: number },
): FoundTables {
  const shown = options.comments ? schema.tables : schema.tables.map(withoutComments);
  const known = new Set(shown.flatMap(wordsOf));
  const wanted = words(text).flatMap((word) => knownWords(word, known));
  const scores = scoreWords(shown, new Map(wanted.map((word) => [word, 1])));
  const order = shown
    .map((table, index) => ({ table, score: scores[index] ?? 0 }))
    .filter(({ score }) => text.trim() === '' || score > 0)
    .sort((a, b) => b.score - a.score);
  const isWanted = ({ name, comment, values }: Column): boolean =>
    [name, comment ?? '', ...(values ?? [])].some((part) =>
      words(part).some((word) => wanted.includes(word)),
    );
  const tables = order.slice(0, options.most).map(({ table }) => ({
    table: writeTable(naming, schema, table),
    kind: table.kind,
    rows: table.rowEstimate,
    comment: table.comment,
    columns: table.columns.filter(isWanted).map(({ name }) => writeIdentifier(naming, name)),
    joins: joinsOf(schema, naming, table),
  }));
  return { tables, found: order.length, total: schema.tables.length };
}

/** What a search has found, a table a line; what may not be told is left out. */
export function foundTablesText(
  { tables }: FoundTables,
  told: { readonly comments: boolean; readonly counts: boolean },
): string {
  return tables
    .map(({ table, kind, rows, comment, columns, joins }) =>
      [
        `${kind} ${table}`,
        rows === null || !told.counts ? '' : `, about ${rows} rows`,
        columns.length === 0 ? '' : `; columns ${columns.join(', ')}`,
        joins.length === 0 ? '' : `; joins ${joins.join(', ')}`,
        told.comments && comment !== null ? ` -- ${comment}` : '',
      ].join(''),
    )
    .join('\n');
}

function wordsOf({ name, comment, columns }: Table): readonly string[] {
  return [
    name,
    comment ?? '',
    ...columns.flatMap((column) => [column.name, column.comment ?? '', ...(column.values ?? [])]),
  ].flatMap(words);
}

/** The words of a schema that a word may mean. */
function knownWords(word: string, known: ReadonlySet<string>): readonly string[] {
  if (known.has(word)) {
    return [word];
  }
  const longer = word.length < 3 ? [] : [...known].filter((other) => other.startsWith(word));
  const near = longer.length > 0 || word.length < 4 ? null : nearest(word, [...known]);
  return near === null ? longer : [near];
}

function withoutComments(table: Table): Table {
  return {
    ...table,
    comment: null,
    columns: table.columns.map((column) => ({ ...column, comment: null })),
  };
}

function joinsOf(schema: Schema, naming: Naming, table: Table): readonly string[] {
  const to = table.foreignKeys.map(({ references }) => ({
    schema: references.schema,
    name: references.table,
  }));
  const from = schema.tables.filter(({ foreignKeys }) =>
    foreignKeys.some(
      ({ references }) => references.schema === table.schema && references.table === table.name,
    ),
  );
  return [...new Set([...to, ...from].map((other) => writeTable(naming, schema, other)))];
}
