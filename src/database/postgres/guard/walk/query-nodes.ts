import { asTree, listOf, type Tree, textOf } from '../parser.ts';
import { addSource, sourcesOf } from './from-clause.ts';
import { nameOf, outputNames } from './tree-names.ts';
import type { NodeHandler, Scope, Walk } from './walk.ts';

/** A SELECT, VALUES or TABLE, and each side of a UNION. */
export const select: NodeHandler = (walk, tree, { scope: outer }) => {
  const { gathered } = walk;
  if (tree['intoClause'] !== undefined) {
    gathered.refusals.push('SELECT … INTO makes a table');
  }
  if (listOf(tree['lockingClause']).length > 0) {
    gathered.refusals.push('FOR UPDATE or FOR SHARE locks rows for everybody');
  }
  const scope = withClause(walk, asTree(tree['withClause']), outer);
  const from = listOf(tree['fromClause']).flatMap((item) => sourcesOf(item, scope, gathered));
  walk.children(tree, { scope, from }, ['withClause', 'intoClause', 'lockingClause']);
};

const change =
  (verb: string): NodeHandler =>
  (walk, tree, { scope: outer }) => {
    const { gathered } = walk;
    const scope = withClause(walk, asTree(tree['withClause']), outer);
    const target = asTree(tree['relation']) ?? {};
    const table = nameOf(target);
    gathered.changes.push({ verb, table });
    gathered.relations.push(table);
    const own = addSource(gathered, target, table);
    const aliases = [
      'old',
      'new',
      ...listOf(asTree(tree['returningClause'])?.['options']).map(
        (option) => textOf(asTree(asTree(option)?.['ReturningOption'])?.['value']) ?? '',
      ),
    ];
    gathered.sources.push(...aliases.map((alias) => ({ ...own, alias })));
    const others = [
      ...listOf(tree['fromClause']),
      ...listOf(tree['usingClause']),
      tree['sourceRelation'],
    ].flatMap((item) => sourcesOf(item, scope, gathered));
    walk.children(tree, { scope, from: [own, ...others] }, ['withClause', 'relation']);
  };

/** The statements that read or change rows. */
export const queryNodes: Readonly<Record<string, NodeHandler>> = {
  SelectStmt: select,
  InsertStmt: change('INSERT'),
  UpdateStmt: change('UPDATE'),
  DeleteStmt: change('DELETE'),
  MergeStmt: change('MERGE'),
};

/** Names of CTEs hide tables of the same name, each from where it may be seen. */
function withClause(walk: Walk, clause: Tree | null, scope: Scope): Scope {
  if (clause === null) {
    return scope;
  }
  const inner = new Map(scope);
  const expressions = listOf(clause['ctes']).map((item) => asTree(asTree(item)?.['CommonTableExpr']) ?? {});
  if (clause['recursive'] === true) {
    for (const cte of expressions) {
      inner.set(textOf(cte['ctename']) ?? '', outputNames(cte));
    }
  }
  for (const cte of expressions) {
    walk.children(cte, { scope: new Map(inner), from: [] }, ['aliascolnames']);
    inner.set(textOf(cte['ctename']) ?? '', outputNames(cte));
  }
  return inner;
}
