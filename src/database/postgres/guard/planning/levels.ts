import { asTree, listOf } from '../parser.ts';

/** How many subqueries stand in one another, those that WITH names counted as if each used the one before. */
export function levelsOf(value: unknown): number {
  const tree = asTree(value);
  if (tree === null) {
    return listOf(value).reduce<number>((most, item) => Math.max(most, levelsOf(item)), 0);
  }
  const clause = asTree(tree['withClause']);
  if (clause?.['recursive'] === true) {
    return 20;
  }
  const inner = Object.entries(tree).reduce(
    (most, [field, item]) => (field === 'withClause' ? most : Math.max(most, levelsOf(item))),
    0,
  );
  const own = Array.isArray(tree['targetList']) || Array.isArray(tree['valuesLists']) ? 1 : 0;
  return own + inner + listOf(clause?.['ctes']).reduce<number>((sum, item) => sum + levelsOf(item), 0);
}
