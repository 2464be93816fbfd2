import { asTree, type Tree } from '../syntax/tree.ts';
import type { Findings, Source } from './findings.ts';

/** Findings while they are gathered. */
export type Gathered = {
  readonly [Name in keyof Findings]: Findings[Name] extends readonly (infer Item)[] ? Item[] : never;
};

/** Where a node stands. */
export interface Place {
  /** Folded names of the CTEs that can be seen from there. */
  readonly ctes: ReadonlySet<string>;
  /** The sources that a bare `*` stands for. */
  readonly from: readonly Source[];
}

/** What a field of a node holds: nothing to look at, or what a visitor knows. */
export type FieldKind = 'plain' | 'expression' | 'query' | 'statement' | 'table' | 'type' | 'orders';

/** The fields that a node may have. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** One walk through a statement's tree. */
export interface Walk {
  readonly gathered: Gathered;
  expression(value: unknown, place: Place): void;
  query(value: unknown, place: Place): void;
  table(value: unknown, place: Place): void;
  type(value: unknown): void;
  /** All fields of a node by what they hold; one that is not known is refused. */
  fields(tree: Tree, known: Fields, place: Place): void;
  refuse(reason: string): void;
}

/** What a node brings into the findings, and how what it holds is walked through. */
export type NodeHandler = (walk: Walk, tree: Tree, place: Place) => void;

/** Each tree of a list, or the one that a value is. */
export function treesOf(value: unknown): readonly Tree[] {
  return (Array.isArray(value) ? value.flat() : [value]).map(asTree).filter((tree) => tree !== null);
}
