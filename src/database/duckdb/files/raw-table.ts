import type { HidePatterns } from '../../pattern.ts';
import type { Evidence } from './types/decide.ts';
import type { TypeWord } from './types/told.ts';

/** Rows as a file has them, before types. */
export interface RawTable {
  /** What stands in a FROM clause. */
  readonly relation: string;
  readonly columns: readonly RawColumn[];
  /** The file, or files, as people call them. */
  readonly label: string;
  /** The decimal mark that such a file has where nothing in it proves one. */
  readonly usualDecimal?: Evidence;
  /** It is read from a copy that is gone once its table is made. */
  readonly isCopy?: boolean;
}

export interface RawColumn {
  readonly name: string;
  /**
   * `text` where its values are read from its texts; `strings` where they are texts that may be dates, but no numbers;
   * `doubles` where fractions came through floating point; another column keeps the type that its file gives it.
   */
  readonly from: 'text' | 'strings' | 'doubles' | 'file';
  /** What the file says of it, such as its header where that is no name. */
  readonly comment: string | null;
}

/** A table to make. */
export interface TableRequest {
  readonly schema: string;
  readonly name: string;
  readonly raw: RawTable;
  /** A table in memory, or a view that reads the file whenever it is asked. */
  readonly isView: boolean;
  /** What the user says of columns, by name in lower case. */
  readonly told: ReadonlyMap<string, TypeWord>;
  /** The columns whose values nobody is told. */
  readonly hidden: HidePatterns;
  /** The decimal mark that the user names. */
  readonly decimal: Evidence;
}
