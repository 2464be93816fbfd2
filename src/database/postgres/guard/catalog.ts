import type { Call, OperatorUse, QualifiedName } from './walk/findings.ts';

/** A function as the server's catalog knows it. */
export interface CatalogFunction {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly volatility: 'i' | 's' | 'v';
  /** `f` function, `a` aggregate, `w` window function, `p` procedure. */
  readonly kind: string;
  readonly language: string;
  /** The extension that brought it, null for the server's own and for the users'. */
  readonly extension: string | null;
  /** Ids of the types of its arguments, and of what it gives where that is no type of the server. */
  readonly argumentTypes: readonly number[];
  readonly resultTypes: readonly number[];
  readonly returns: number;
  readonly fewestArguments: number;
  readonly mostArguments: number;
  /** Its body where it is SQL, PL/pgSQL or another language; empty for C. */
  readonly source: string;
  /** It sets settings while it runs, other than those that shape how values are read and written. */
  readonly configured: boolean;
  /** It has a search path of its own. */
  readonly ownPath: boolean;
  /** A row may be its first argument: `alias.name` can call it. */
  readonly takesRow: boolean;
  /** Functions that it calls by their id: those of an aggregate, of defaults and of a body that is kept parsed. */
  readonly parts: readonly number[];
}

/** A table or view that a statement reads, directly or through views. */
export interface CatalogRelation {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** `r` table, `v` view, `m` materialized view, `f` foreign table, `p` partitioned table and so on. */
  readonly kind: string;
  readonly columns: readonly string[];
  /** False where its columns that may be secret hold nothing that is. */
  readonly holdsSecrets: boolean;
  /** A foreign table whose rows a program of the server prints. */
  readonly runsProgram: boolean;
  /** The text of a view that asks for settings by name. */
  readonly settingCode: string | null;
  /** What the view's rule calls; that of a materialized view where it may be refreshed. */
  readonly functions: readonly number[];
  /** What the table's row-level policies call. */
  readonly policyFunctions: readonly number[];
}

/** An operator that a user made; types by id, 0 for a side that it has not. */
export interface CatalogOperator {
  readonly name: string;
  readonly function: number;
  readonly left: number;
  readonly right: number;
  readonly result: number;
}

/** A cast that a user made. */
export interface CatalogCast {
  readonly name: string;
  readonly function: number;
  readonly implicit: boolean;
  /** `i` implicit, `a` also where a value is assigned, `e` where it is asked for. */
  readonly context: 'i' | 'a' | 'e';
  readonly from: number;
  readonly to: number;
}

/** A function that is called for a type, or for a table where `type` is 0. */
export interface OfType {
  readonly name: string;
  readonly function: number;
  readonly type: number;
}

export interface CatalogType {
  readonly id: number;
  /** It is named, or of a column; else something that is called may bring it. */
  readonly occurs: boolean;
  /** Its array type, 0 where it has none. */
  readonly array: number;
  /** What it is made of, where that is no type of the server. */
  readonly inner: readonly number[];
}

/** What the guard asks the database about the names of one statement. */
export interface Lookup {
  /** All functions of the names that are called, in whatever schema; those of words, too. */
  readonly functions: readonly CatalogFunction[];
  readonly relations: readonly CatalogRelation[];
  /** Operators that users made, by the names that the statement uses, and the function behind each. */
  readonly operators: readonly CatalogOperator[];
  /** Casts that users made, to types that are named, or that the server makes without being asked. */
  readonly casts: readonly CatalogCast[];
  /** What the checks of domains call that are named, handed to a function, or of a column that is reached. */
  readonly domains: readonly OfType[];
  /** What the server calls for a table or a type without being asked: indexes, statistics, checks, operator classes. */
  readonly unseen: readonly OfType[];
  /** Types that users made and that may be met. */
  readonly types: readonly CatalogType[];
}

/** Names that a statement uses, and words of a function's body, which may name anything in any schema. */
export interface Names {
  readonly calls: readonly Call[];
  readonly relations: readonly QualifiedName[];
  readonly operators: readonly OperatorUse[];
  readonly types: readonly QualifiedName[];
  readonly operatorClasses: readonly string[];
  readonly words: readonly string[];
  /** Ids of types that are met besides: those of the arguments of a function whose words these are. */
  readonly typeIds: readonly number[];
  /** Names without a schema may be of any, as in the body of a function. */
  readonly anySchema?: boolean;
  /** Values may be put into columns or variables, and casts made for that. */
  readonly assigns: boolean;
}
