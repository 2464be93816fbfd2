import { fold } from '../syntax/names.ts';
import { type Tree, textOf } from '../syntax/tree.ts';
import { walkOrders } from './expressions.ts';
import { sourcesOf } from './tables.ts';
import { type Fields, type NodeHandler, type Place, treesOf, type Walk } from './walk.ts';

const common: Fields = { type: 'plain', modifiers: 'plain', cte_map: 'plain' };

/** SELECT, UNION and its like, WITH RECURSIVE, by the type of their node. */
export const queryNodes: Readonly<Record<string, NodeHandler>> = {
  SELECT_NODE(walk, tree, outer) {
    const ctes = walkCtes(walk, tree, outer);
    const from = sourcesOf(tree['from_table'], { ...outer, ctes });
    const place: Place = { ctes, from };
    walkModifiers(walk, tree, place);
    walk.gathered.sources.push(...from);
    const known: Fields = {
      ...common,
      select_list: 'expression',
      from_table: 'table',
      where_clause: 'expression',
      group_expressions: 'expression',
      group_sets: 'plain',
      aggregate_handling: 'plain',
      having: 'expression',
      sample: 'plain',
      qualify: 'expression',
    };
    walk.fields(tree, known, place);
  },
  SET_OPERATION_NODE(walk, tree, outer) {
    const place: Place = { ctes: walkCtes(walk, tree, outer), from: [] };
    walkModifiers(walk, tree, place);
    const known: Fields = {
      ...common,
      setop_type: 'plain',
      setop_all: 'plain',
      left: 'query',
      right: 'query',
      children: 'query',
    };
    walk.fields(tree, known, place);
  },
  RECURSIVE_CTE_NODE(walk, tree, outer) {
    const place: Place = { ctes: walkCtes(walk, tree, outer), from: [] };
    walkModifiers(walk, tree, place);
    const known: Fields = {
      ...common,
      cte_name: 'plain',
      union_all: 'plain',
      left: 'query',
      right: 'query',
      aliases: 'plain',
      key_targets: 'expression',
      payload_aggregates: 'expression',
    };
    walk.fields(tree, known, place);
  },
};

/**
 * What WITH defines; gives the names that can be seen behind it. Within a definition those before it are seen alone, so
 * that a name that a CTE has in common with a table means the table there.
 */
function walkCtes(walk: Walk, tree: Tree, { ctes: outer }: Place): ReadonlySet<string> {
  const ctes = new Set(outer);
  const [map] = treesOf(tree['cte_map']);
  if (map === undefined) {
    return ctes;
  }
  walk.fields(map, { map: 'plain' }, { ctes, from: [] });
  for (const entry of treesOf(map['map'])) {
    walk.fields(entry, { key: 'plain', value: 'plain' }, { ctes, from: [] });
    for (const cte of treesOf(entry['value'])) {
      const known: Fields = {
        aliases: 'plain',
        query: 'statement',
        materialized: 'plain',
        key_targets: 'expression',
        payload_aggregates: 'expression',
      };
      walk.fields(cte, known, { ctes: new Set(ctes), from: [] });
    }
    ctes.add(fold(textOf(entry['key']) ?? ''));
  }
  return ctes;
}

/** ORDER BY, LIMIT, OFFSET and DISTINCT. */
function walkModifiers(walk: Walk, tree: Tree, place: Place): void {
  for (const modifier of treesOf(tree['modifiers'])) {
    switch (modifier['type']) {
      case 'ORDER_MODIFIER':
        walkOrders(walk, modifier, place, true);
        break;
      case 'LIMIT_MODIFIER':
      case 'LIMIT_PERCENT_MODIFIER':
        walk.fields(modifier, { type: 'plain', limit: 'expression', offset: 'expression' }, place);
        break;
      case 'DISTINCT_MODIFIER':
        walk.fields(modifier, { type: 'plain', distinct_on_targets: 'expression' }, place);
        break;
      default:
        walk.refuse(`it holds ${String(modifier['type'])}, which is not understood`);
    }
  }
}
