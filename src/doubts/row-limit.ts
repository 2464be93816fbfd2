import type { Scope } from './scope.ts';
import { isNode, nodesOf, textIn } from './sql-tree.ts';

/** The LIMIT of a SELECT, where its numbers are written out. */
export interface RowLimit {
  readonly count: number;
  readonly offset: number;
}

/** Reads `LIMIT 5 OFFSET 10` and `LIMIT 10, 5`; null for no limit and for one that is no number. */
export function limitOf(scope: Scope): RowLimit | null {
  const limit = scope.select['limit'];
  if (!isNode(limit)) {
    return null;
  }
  const numbers = nodesOf(limit['value']).map((node) =>
    node['type'] === 'number' ? Number(node['value']) : Number.NaN,
  );
  const [first, second = 0] = numbers;
  if (first === undefined || numbers.some((number) => !Number.isInteger(number))) {
    return null;
  }
  const separator = (textIn(limit, 'seperator') ?? '').trim();
  const [count, offset] = separator === ',' ? [second, first] : [first, second];
  return count > 0 ? { count, offset } : null;
}
