import type { Scope } from './scope.ts';
import { argumentsOf, functionName, isNode, type Node, walk } from './sql-tree.ts';

/** A call of an aggregate function. */
export interface Aggregate {
  readonly node: Node;
  /** In upper case. */
  readonly name: string;
  readonly argument: Node;
  readonly distinct: boolean;
}

/** The aggregate functions that a SELECT calls. */
export function aggregatesOf(scope: Scope): readonly Aggregate[] {
  return ['columns', 'having', 'orderby'].flatMap((field) => aggregatesIn({ part: scope.select[field] }));
}

/** The aggregate functions that an expression calls. */
export function aggregatesIn(part: Node): readonly Aggregate[] {
  return [...walk(part, { intoSelects: false })].flatMap((node) => aggregateAt(node) ?? []);
}

/** A node as a call of an aggregate function; null for another. */
export function aggregateAt(node: Node): Aggregate | null {
  const name = functionName(node);
  const [argument] = argumentsOf(node);
  if (node['type'] !== 'aggr_func' || name === null || argument === undefined) {
    return null;
  }
  const args = node['args'];
  return { node, name, argument, distinct: isNode(args) && args['distinct'] === 'DISTINCT' };
}
