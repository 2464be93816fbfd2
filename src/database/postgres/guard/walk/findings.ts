/** A name as written, with or without its schema. */
export interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
}

/**
 * An argument: a literal whose type the server chooses (`untyped`), a number, what a function of that name gives, or
 * something else that has a type.
 */
export type Argument = 'untyped' | 'number' | 'other' | { readonly resultOf: string };

/** A function that the statement may call. */
export interface Call extends QualifiedName {
  /** -1 where it is not plain to see. */
  readonly argumentCount: number;
  /** The first argument, where it is a literal. */
  readonly literal: string | null;
  /** What its arguments are, by their places; null where those are not plain to see. */
  readonly arguments: readonly Argument[] | null;
  /** `(value).name` or `alias.name`, which calls a function where there is no such column. */
  readonly attributeOf: string | null | undefined;
}

/** An operator, and how many of its operands are literals whose type the server chooses. */
export interface OperatorUse {
  readonly name: string;
  readonly untyped: number;
}

/** Something in a FROM list, or the target of a change, and the name that columns are asked of it by. */
export interface Source {
  readonly alias: string | null;
  /** The table or view, null for a subquery, a function, a CTE. */
  readonly relation: QualifiedName | null;
  /** `AS t(a, b)`: the columns have other names here. */
  readonly renamed: boolean;
  /** Names that some of its columns have for certain; null where none is plain to see. */
  readonly columns: readonly string[] | null;
  /** What it holds are rows; a function that returns one value can be named as that value. */
  readonly isRow: boolean;
  /** Aliases of the sources that a join with a name of its own holds. */
  readonly joins: readonly Source[];
}

/** `a`, `t.a`, `s.t.a`, `*`, `t.*` or the whole row `t`. */
export interface Reference {
  readonly names: readonly string[];
  readonly star: boolean;
  /** The sources of the FROM list that a bare `*` stands for. */
  readonly sources: readonly Source[];
}

/** All that the guard has to ask the database about, or has to refuse. */
export interface Findings {
  readonly calls: readonly Call[];
  readonly relations: readonly QualifiedName[];
  readonly sources: readonly Source[];
  readonly references: readonly Reference[];
  /** Joins by NATURAL, with what they join; and the columns of USING. */
  readonly naturalJoins: readonly (readonly Source[])[];
  readonly usingColumns: readonly string[];
  readonly types: readonly QualifiedName[];
  readonly operators: readonly OperatorUse[];
  readonly samplingMethods: readonly string[];
  /** Classes of operators by which an index or a partition key is ordered. */
  readonly operatorClasses: readonly string[];
  /** What is changed and by which command. */
  readonly changes: readonly { readonly verb: string; readonly table: QualifiedName }[];
  /** Why the statement can't be admitted, whatever the database says. */
  readonly refusals: readonly string[];
}
