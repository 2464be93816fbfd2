import type { Client } from 'pg';
import type { CatalogRelation } from './catalog.ts';
import type { Findings } from './findings.ts';

/** The columns that nobody may read. */
export interface HiddenColumns {
  readonly patterns: readonly string[];
  hides(schema: string, table: string, column: string): boolean;
  /** Whether a word is the name of a hidden column or of a table that has one, as far as patterns tell. */
  mentions(word: string): boolean;
}

/** Reads patterns `table.column` or `schema.table.column`, with `*` for any text, in whatever case. */
export function hiddenColumns(patterns: readonly string[]): HiddenColumns {
  const parts = patterns.map((pattern) => pattern.toLowerCase().split('.').map(glob));
  return {
    patterns,
    hides(schema, table, column) {
      const names = [schema, table, column].map((name) => name.toLowerCase());
      return parts.some((part) =>
        part.every((expression, index) => expression.test(names[index + 3 - part.length] ?? '')),
      );
    },
    mentions(word) {
      const name = word.toLowerCase();
      return parts.some((part) => {
        const [table, column] = part.slice(-2);
        return (column?.test(name) ?? false) || (table?.source !== '^.*$' && (table?.test(name) ?? false));
      });
    },
  };
}

/** A pattern with `*` for any text, folded, as an expression. */
export function glob(pattern: string): RegExp {
  const escaped = pattern
    .toLowerCase()
    .replace(/[\\^$.|?+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'is');
}

/** Why a statement would read a hidden column; null where it does not. */
export async function hiddenRead(
  _client: Client,
  _relations: readonly CatalogRelation[],
  _findings: Findings,
  _hidden: HiddenColumns,
): Promise<string | null> {
  return null;
}
