import type { Relation } from '../catalog.ts';

/** What may not be read of the tables and views of a statement. */
export interface HiddenColumns {
  /** Folded names of the columns that may not be read. */
  of(relation: Relation): ReadonlySet<string>;
  /** A view that reads what may not be read: none of it may be. */
  isTainted(relation: Relation): boolean;
  /** Columns and their types, in their order. */
  columnsOf(relation: Relation): readonly Column[];
  /** Types of ENUM that somebody has made, by their folded names. */
  readonly enums: ReadonlyMap<string, EnumType>;
}

/** A column, with its type as CREATE TABLE takes it. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** A type of ENUM, which knows every value that its columns may hold. */
export interface EnumType {
  readonly name: string;
  /** As CREATE TYPE takes it. */
  readonly sql: string;
  /** A hidden column is of this type, so that it may not be named. */
  readonly isHidden: boolean;
}
