import { asTree, listOf, type Tree, textOf } from './parser.ts';

/** How many subqueries there may be: nested ones take the server cubic time to plan. */
const subqueryLimit = 200;
/** How many copies of its CTEs the server may have to make where they are NOT MATERIALIZED. */
const copyLimit = 1_000;

/**
 * Why planning a statement may not end; null where it will. The server looks neither at its time limit nor at a
 * cancellation while it pulls subqueries up into the query around them.
 */
export function planningProblem(body: Tree): string | null {
  const copied: string[] = [];
  const mentions = new Map<string, number>();
  let subqueries = 0;
  const pending: unknown[] = [body];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const tree = asTree(value);
    pending.push(
      ...(tree === null ? listOf(value) : Object.values(tree)).filter((inner) => inner !== undefined),
    );
    const cte = asTree(tree?.['CommonTableExpr']);
    if (cte !== null || tree?.['RangeSubselect'] !== undefined) subqueries++;
    if (cte?.['ctematerialized'] === 'CTEMaterializeNever') copied.push(textOf(cte['ctename']) ?? '');
    const named = textOf(tree?.['relname']);
    if (named !== null) mentions.set(named, (mentions.get(named) ?? 0) + 1);
  }
  if (subqueries > subqueryLimit)
    return `it has more than ${subqueryLimit} subqueries, and planning them may not end`;
  const copies = copied.reduce((product, name) => product * (mentions.get(name) ?? 1), 1);
  return copies > copyLimit ? 'its NOT MATERIALIZED queries multiply, and planning them may not end' : null;
}
