import type { SqlDialect, StoredDate } from '../../database/dialect.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';

/** What kind of values a column holds, as far as comparisons care. */
export type ColumnClass = 'number' | 'text' | 'date' | 'boolean' | 'other';

/** A column with what the engine works out of its names. Columns and tables are known by their number. */
export interface IndexedColumn {
  readonly id: number;
  readonly table: number;
  readonly name: string;
  readonly class: ColumnClass;
  /** How it keeps dates where its type is none of dates; null where it has no need, or holds none. */
  readonly stored: StoredDate | null;
  readonly words: readonly string[];
  /** Its words without those that only repeat the table's name. */
  readonly ownWords: readonly string[];
  readonly commentWords: readonly string[];
  readonly primary: boolean;
  readonly foreign: boolean;
  readonly unique: boolean;
  readonly column: Column;
}

export interface IndexedTable {
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
export function soleKey(table: IndexedTable | undefined): number | undefined {
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
export interface SchemaIndex {
  readonly dialect: SqlDialect;
  readonly schema: Schema;
  readonly tables: readonly IndexedTable[];
  readonly columns: readonly IndexedColumn[];
  readonly links: readonly Link[];
}
