/** The patterns of the columns that nobody may read. */
export interface HiddenPatterns {
  readonly patterns: readonly string[];
  hides(schema: string, table: string, column: string): boolean;
  /** Whether a word may be the name of a hidden column or of a table that has one. */
  mentions(word: string): boolean;
  /** Whether one of the words of a text does. */
  mentionedIn(text: string): boolean;
}

/** Reads patterns `table.column` or `schema.table.column`, with `*` for any text, in whatever case. */
export function hiddenPatterns(patterns: readonly string[]): HiddenPatterns {
  const parts = patterns.map((pattern) => pattern.split('.').map(glob));
  const mentions = (word: string): boolean =>
    parts.some((part) => {
      const [table, column] = part.slice(-2);
      return (column?.test(word) ?? false) || (table?.source !== '^.*$' && (table?.test(word) ?? false));
    });
  return {
    patterns,
    mentions,
    mentionedIn: (text) => parts.length > 0 && (text.match(/[\p{L}\p{N}_$]+/gu) ?? []).some(mentions),
    hides(schema, table, column) {
      const names = [schema, table, column];
      return parts.some((part) =>
        part.every((expression, index) => expression.test(names[index + names.length - part.length] ?? '')),
      );
    },
  };
}

/** A pattern with `*` for any text, in whatever case, as an expression. */
export function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'is');
}
