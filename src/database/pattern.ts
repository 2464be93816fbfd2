import type { SchemaFilter } from './database.ts';

/** Makes names alike that the engine takes for the same, besides upper and lower case. */
type Fold = (name: string) => string;

const asIs: Fold = (name) => name;

/** A test against a pattern in which `*` stands for any text, whatever the case of letters. */
export function wildcard(pattern: string, fold: Fold = asIs): (text: string) => boolean {
  const parts = fold(pattern)
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'isu');
  return (text) => expression.test(fold(text));
}

/** Whether a filter wants a table: a pattern without a dot is of the table's name, one with a dot of `schema.table`. */
export function tableFilter(
  { schemas, include, exclude }: SchemaFilter,
  fold: Fold = asIs,
): (schema: string, table: string) => boolean {
  const inSchema = schemas.map((pattern) => wildcard(pattern, fold));
  const tests = (patterns: readonly string[]) =>
    patterns.map((pattern) => {
      const fits = wildcard(pattern, fold);
      // The name of a table may have a dot itself.
      return (schema: string, table: string): boolean =>
        fits(table) || (pattern.includes('.') && fits(`${schema}.${table}`));
    });
  const included = tests(include);
  const excluded = tests(exclude);
  return (schema, table) =>
    (inSchema.length === 0 || inSchema.some((fits) => fits(schema))) &&
    (included.length === 0 || included.some((fits) => fits(schema, table))) &&
    !excluded.some((fits) => fits(schema, table));
}

/** A column by the names that a pattern may speak of. */
export interface NamedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** The patterns of the columns that nobody may read. */
export interface HidePatterns {
  /** There are patterns. */
  readonly isActive: boolean;
  hides(schema: string, table: string, column: string): boolean;
  /** Whether a word may be the name of a hidden column, or of a table that has one. */
  mentions(word: string): boolean;
  /** Whether one of the words of a text does. */
  mentionedIn(text: string): boolean;
  /** The patterns that fit none of these columns. */
  unused(columns: readonly NamedColumn[]): readonly string[];
}

/**
 * Reads patterns of columns. Each is tried on `column` and on `table.column`, and one with a dot on
 * `schema.table.column` too; `*` stands for any text, dots among it. Rather too much is hidden than too little.
 */
export function hidePatterns(patterns: readonly string[], fold: Fold = asIs): HidePatterns {
  const tests = patterns.map((pattern) => {
    const fits = wildcard(pattern, fold);
    const test = (schema: string, table: string, column: string): boolean =>
      fits(column) ||
      fits(`${table}.${column}`) ||
      (pattern.includes('.') && fits(`${schema}.${table}.${column}`));
    return { pattern, test };
  });
  const parts = patterns.flatMap(partsOf).map((part) => wildcard(part, fold));
  const mentions = (word: string): boolean => parts.some((fits) => fits(word));
  return {
    isActive: patterns.length > 0,
    mentions,
    mentionedIn: (text) => parts.length > 0 && (text.match(/[\p{L}\p{N}_$]+/gu) ?? []).some(mentions),
    hides: (schema, table, column) => tests.some(({ test }) => test(schema, table, column)),
    unused: (columns) =>
      tests
        .filter(({ test }) => !columns.some(({ schema, table, column }) => test(schema, table, column)))
        .map(({ pattern }) => pattern),
  };
}

/** What a pattern may mean of a column's or a table's name alone: `*` may stand for the dot between them. */
function partsOf(pattern: string): readonly string[] {
  const names = pattern.split('.');
  const column = names.at(-1) ?? '';
  const table = names.at(-2);
  const stars = [...column.matchAll(/\*/g)].map(({ index }) => index);
  const tables = table === undefined ? stars.map((index) => column.slice(0, index + 1)) : [table];
  const columns = [column, ...stars.map((index) => column.slice(index))];
  // A star alone would mean every word.
  return [
    ...columns.filter((part, index) => index === 0 || part !== '*'),
    ...tables.filter((part) => part !== '*'),
  ];
}
