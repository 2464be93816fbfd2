import type { QualifiedName } from '../syntax/names.ts';

/** A function that a statement calls. */
export interface Call extends QualifiedName {
  /** In a FROM list, where it gives a table. */
  readonly isTable: boolean;
  readonly argumentCount: number;
  /** The literal texts of the first argument, which may be a list; '' for what is no literal text. */
  readonly firstTexts: readonly string[];
}

/** Something in a FROM list, and the name that columns are asked of it by. */
export interface Source {
  readonly alias: string | null;
  /** The table or view, null for a subquery, a function, a CTE. */
  readonly relation: QualifiedName | null;
  /** `AS t(a, b)`: the columns have other names here. */
  readonly renamed: boolean;
}

/** `*`, `t.*`, COLUMNS(…), `#1`, NATURAL, PIVOT: what reads columns of some sources without naming them. */
export interface Unnamed {
  /** As it is written, for a reason. */
  readonly words: string;
  readonly sources: readonly Source[];
  /** `t` of `t.*`. */
  readonly alias: string | null;
  /** Columns that are left out, whichever source they are of. */
  readonly excluded: readonly string[];
}

/** All that the guard has to look up, or has to refuse. */
export interface Findings {
  readonly calls: readonly Call[];
  readonly relations: readonly QualifiedName[];
  readonly sources: readonly Source[];
  /** Names of columns, each with what qualifies it, and those of USING. */
  readonly references: readonly (readonly string[])[];
  readonly unnamed: readonly Unnamed[];
  /** Names of types that are no types of the engine's grammar. */
  readonly types: readonly string[];
  /** SHOW TABLES and its like, by what they show. */
  readonly shown: readonly string[];
  /** Placeholders, without their sign. */
  readonly placeholders: readonly string[];
  /** Why the statement can't be admitted, whatever the database holds. */
  readonly refusals: readonly string[];
}
