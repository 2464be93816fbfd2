import type { Tree } from '../parser.ts';
import type { Findings, Source } from './findings.ts';

/** The CTEs that can be seen from a place, each with names that its columns have for certain. */
export type Scope = ReadonlyMap<string, readonly string[] | null>;

/** Where a node stands. */
export interface Place {
  readonly scope: Scope;
  /** The sources of the FROM list that a bare `*` stands for. */
  readonly from: readonly Source[];
}

/** Findings while they are gathered. */
export type Gathered = {
  readonly [Name in keyof Findings]: Findings[Name] extends readonly (infer Item)[] ? Item[] : never;
};

/** One walk through a statement's tree. */
export interface Walk {
  readonly gathered: Gathered;
  /** A list, a node or a struct, whichever `value` is; `field` is what holds it. */
  visit(value: unknown, field: string, place: Place): void;
  /** Everything in a node but these fields. */
  children(tree: Tree, place: Place, without?: readonly string[]): void;
}

/** What a node brings into the findings, and how what it holds is walked through. */
export type NodeHandler = (walk: Walk, tree: Tree, place: Place) => void;
