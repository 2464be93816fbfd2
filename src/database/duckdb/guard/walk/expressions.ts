import { type Tree, textOf, textsOf } from '../syntax/tree.ts';
import type { Call } from './findings.ts';
import { type Fields, type NodeHandler, type Place, treesOf, type Walk } from './walk.ts';

/** What every expression has. */
const common: Fields = { class: 'plain', type: 'plain', alias: 'plain', query_location: 'plain' };

/** A node that brings in nothing but what it holds. */
const holding =
  (known: Fields): NodeHandler =>
  (walk, tree, place) => {
    walk.fields(tree, { ...common, ...known }, place);
  };

const operators = new Set(
  `OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL COMPARE_IN COMPARE_NOT_IN OPERATOR_COALESCE OPERATOR_NULLIF
  OPERATOR_TRY OPERATOR_UNPACK ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT ARRAY_CONSTRUCTOR ARROW GROUPING_FUNCTION`.split(
    /\s+/,
  ),
);

/** A call as a FUNCTION or WINDOW node has it. */
export function callOf(tree: Tree, isTable: boolean): Call {
  const children = treesOf(tree['children']);
  return {
    catalog: textOf(tree['catalog']),
    schema: textOf(tree['schema']),
    name: textOf(tree['function_name']) ?? '',
    isTable,
    argumentCount: children.length,
    firstTexts: literalTexts(children.slice(0, 1)),
  };
}

/** The texts of literals, of lists of them among them; '' for what is none, so that it is on no list. */
function literalTexts(children: readonly Tree[]): readonly string[] {
  return children.flatMap((child): readonly string[] => {
    if (textOf(child['function_name']) === 'list_value') {
      return literalTexts(treesOf(child['children']));
    }
    return child['class'] === 'CONSTANT' ? [constantText(child) ?? ''] : [''];
  });
}

function constantText(tree: Tree): string | null {
  const [value] = treesOf(tree['value']);
  return textOf(value?.['value']);
}

const functionFields: Fields = {
  ...common,
  function_name: 'plain',
  schema: 'plain',
  catalog: 'plain',
  children: 'expression',
  filter: 'expression',
  order_bys: 'orders',
  distinct: 'plain',
  is_operator: 'plain',
};

/** A call's arguments and clauses, for a function that gives a value and for one that gives a table. */
export function walkCall(walk: Walk, tree: Tree, place: Place, isTable: boolean): void {
  walk.gathered.calls.push(callOf(tree, isTable));
  walk.fields(tree, functionFields, place);
}

/** Nodes of expressions, by their class. */
export const expressionNodes: Readonly<Record<string, NodeHandler>> = {
  BETWEEN: holding({ input: 'expression', lower: 'expression', upper: 'expression' }),
  CASE(walk, tree, place) {
    for (const check of treesOf(tree['case_checks'])) {
      walk.fields(check, { when_expr: 'expression', then_expr: 'expression' }, place);
    }
    walk.fields(tree, { ...common, case_checks: 'plain', else_expr: 'expression' }, place);
  },
  CAST: holding({ child: 'expression', cast_type: 'type', try_cast: 'plain' }),
  COLLATE: holding({ child: 'expression', collation: 'plain' }),
  COLUMN_REF(walk, tree, place) {
    const names = textsOf(tree['column_names']);
    if (names.length === 0) {
      walk.refuse('it names a column in a way that is not understood');
    }
    walk.gathered.references.push(names);
    walk.fields(tree, { ...common, column_names: 'plain' }, place);
  },
  COMPARISON: holding({ left: 'expression', right: 'expression' }),
  CONJUNCTION: holding({ children: 'expression' }),
  CONSTANT: holding({ value: 'plain' }),
  DEFAULT: holding({}),
  FUNCTION(walk, tree, place) {
    walkCall(walk, tree, place, false);
  },
  LAMBDA: holding({ lhs: 'expression', expr: 'expression', syntax_type: 'plain' }),
  OPERATOR(walk, tree, place) {
    if (!operators.has(textOf(tree['type']) ?? '')) {
      walk.refuse(`it holds ${textOf(tree['type'])}, which is not understood`);
    }
    walk.fields(tree, { ...common, children: 'expression' }, place);
  },
  PARAMETER(walk, tree, place) {
    walk.gathered.placeholders.push(textOf(tree['identifier']) ?? '');
    walk.fields(tree, { ...common, identifier: 'plain' }, place);
  },
  POSITIONAL_REFERENCE(walk, tree, place) {
    const words = `#${String(tree['index'])}`;
    walk.gathered.unnamed.push({ words, sources: place.from, alias: null, excluded: [] });
    walk.fields(tree, { ...common, index: 'plain' }, place);
  },
  STAR: star,
  SUBQUERY: holding({
    subquery_type: 'plain',
    subquery: 'statement',
    child: 'expression',
    comparison_type: 'plain',
  }),
  WINDOW(walk, tree, place) {
    walk.gathered.calls.push(callOf(tree, false));
    walk.fields(tree, windowFields, place);
  },
};

const windowFields: Fields = {
  ...common,
  function_name: 'plain',
  schema: 'plain',
  catalog: 'plain',
  children: 'expression',
  partitions: 'expression',
  orders: 'orders',
  arg_orders: 'orders',
  start: 'plain',
  end: 'plain',
  start_expr: 'expression',
  end_expr: 'expression',
  offset_expr: 'expression',
  default_expr: 'expression',
  filter_expr: 'expression',
  ignore_nulls: 'plain',
  exclude_clause: 'plain',
  distinct: 'plain',
};

/** `*`, `t.*` or COLUMNS(…), with EXCLUDE, REPLACE and RENAME. */
function star(walk: Walk, tree: Tree, place: Place): void {
  const alias = textOf(tree['relation_name']);
  const columns = tree['columns'] === true;
  const name = alias === null ? '*' : `${alias}.*`;
  const chosen = tree['expr'] !== undefined;
  walk.gathered.unnamed.push({
    words: columns ? `COLUMNS(${chosen ? '…' : name})` : name,
    sources: place.from,
    alias,
    excluded: chosen ? [] : textsOf(tree['exclude_list']),
  });
  for (const { value } of treesOf(tree['replace_list'])) {
    walk.expression(value, place);
  }
  // RENAME only gives other names to what is read anyhow; COLUMNS asks no more of its expression than names.
  walk.fields(
    tree,
    {
      ...common,
      relation_name: 'plain',
      columns: 'plain',
      unpacked: 'plain',
      exclude_list: 'plain',
      qualified_exclude_list: 'plain',
      rename_list: 'plain',
      replace_list: 'plain',
      expr: 'expression',
    },
    place,
  );
}

/**
 * What stands in an ORDER BY. Of a query, ALL sorts by what is selected (`sortsSelected`); of an aggregate, by all columns of
 * the sources.
 */
export function walkOrders(walk: Walk, value: unknown, place: Place, sortsSelected = false): void {
  for (const tree of treesOf(value)) {
    const terms = tree['type'] === 'ORDER_MODIFIER' ? treesOf(tree['orders']) : [tree];
    for (const term of terms) {
      const isSelected = sortsSelected && isAll(term);
      const known: Fields = {
        type: 'plain',
        null_order: 'plain',
        expression: isSelected ? 'plain' : 'expression',
      };
      walk.fields(term, known, place);
    }
    if (tree['type'] === 'ORDER_MODIFIER') {
      walk.fields(tree, { type: 'plain', orders: 'plain' }, place);
    }
  }
}

function isAll(term: Tree): boolean {
  const [expression] = treesOf(term['expression']);
  return (
    expression !== undefined &&
    expression['class'] === 'STAR' &&
    expression['columns'] === true &&
    expression['expr'] === undefined &&
    Object.keys(expression).every((field) => field in common || field === 'columns')
  );
}
