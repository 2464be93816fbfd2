import { fold } from '../syntax/names.ts';
import { asTree, listOf, type Tree, textOf, textsOf } from '../syntax/tree.ts';
import { walkCall } from './expressions.ts';
import type { Source } from './findings.ts';
import { type Fields, type NodeHandler, type Place, treesOf, type Walk } from './walk.ts';

const common: Fields = {
  type: 'plain',
  alias: 'plain',
  sample: 'plain',
  query_location: 'plain',
  column_name_alias: 'plain',
};

/** The sources that one item of a FROM list brings in; a bare `*` stands for all of them. */
export function sourcesOf(value: unknown, place: Place): readonly Source[] {
  const tree = asTree(value);
  if (tree === null) {
    return [];
  }
  if (tree['type'] === 'JOIN') {
    return [...sourcesOf(tree['left'], place), ...sourcesOf(tree['right'], place)];
  }
  const relation = tree['type'] === 'BASE_TABLE' ? relationOf(tree, place) : null;
  const alias = textOf(tree['alias']) ?? textOf(tree['table_name']);
  return [{ alias, relation, renamed: listOf(tree['column_name_alias']).length > 0 }];
}

/** The table or view that a BASE_TABLE means; null for a CTE. */
function relationOf(tree: Tree, { ctes }: Place): Source['relation'] {
  const name = textOf(tree['table_name']) ?? '';
  const schema = textOf(tree['schema_name']);
  const catalog = textOf(tree['catalog_name']);
  return schema === null && catalog === null && ctes.has(fold(name)) ? null : { catalog, schema, name };
}

/** Nodes of a FROM list, by their type. */
export const tableNodes: Readonly<Record<string, NodeHandler>> = {
  BASE_TABLE(walk, tree, place) {
    const [source] = sourcesOf(tree, place);
    if (source?.relation) {
      walk.gathered.relations.push(source.relation);
    }
    // Table, or view, as it was at another time: `at_clause` is of other kinds of databases, and is not known here.
    const known: Fields = { ...common, schema_name: 'plain', table_name: 'plain', catalog_name: 'plain' };
    walk.fields(tree, known, place);
  },
  EMPTY(walk, tree, place) {
    walk.fields(tree, common, place);
  },
  EXPRESSION_LIST(walk, tree, place) {
    const known: Fields = {
      ...common,
      expected_names: 'plain',
      expected_types: 'type',
      values: 'expression',
    };
    walk.fields(tree, known, place);
  },
  JOIN(walk, tree, place) {
    const sources = sourcesOf(tree, place);
    if (tree['ref_type'] === 'NATURAL') {
      walk.gathered.unnamed.push({ words: 'NATURAL JOIN', sources, alias: null, excluded: [] });
    }
    walk.gathered.references.push(...textsOf(tree['using_columns']).map((column) => [column]));
    const known: Fields = {
      ...common,
      left: 'table',
      right: 'table',
      condition: 'expression',
      join_type: 'plain',
      ref_type: 'plain',
      using_columns: 'plain',
      delim_flipped: 'plain',
    };
    walk.fields(tree, known, { ...place, from: sources });
  },
  PIVOT: pivot,
  SHOW_REF(walk, tree, place) {
    const type = textOf(tree['show_type']) ?? '';
    if (tree['query'] === undefined) {
      walk.gathered.shown.push(type === 'SHOW_FROM' ? 'tables' : (textOf(tree['table_name']) ?? ''));
    } else if (type !== 'DESCRIBE' && type !== 'SUMMARY') {
      walk.refuse(`it holds ${type}, which is not understood`);
    }
    const known: Fields = {
      ...common,
      table_name: 'plain',
      schema_name: 'plain',
      catalog_name: 'plain',
      query: 'query',
      show_type: 'plain',
    };
    walk.fields(tree, known, place);
  },
  SUBQUERY(walk, tree, place) {
    walk.fields(tree, { ...common, subquery: 'statement' }, { ...place, from: [] });
  },
  TABLE_FUNCTION(walk, tree, place) {
    for (const call of treesOf(tree['function'])) {
      // A function that gives a table is a FUNCTION, whose arguments may name columns of what stands before it.
      if (call['class'] === 'FUNCTION') {
        walkCall(walk, call, place, true);
      } else {
        walk.refuse('it calls a function in a way that is not understood');
      }
    }
    walk.fields(tree, { ...common, function: 'plain', with_ordinality: 'plain' }, place);
  },
};

/** PIVOT groups by all columns that it does not name, and UNPIVOT hands them on; those it names may be texts. */
function pivot(walk: Walk, tree: Tree, place: Place): void {
  const sources = sourcesOf(tree['source'], place);
  const inside: Place = { ...place, from: sources };
  const words = tree['unpivot_names'] === undefined ? 'PIVOT' : 'UNPIVOT';
  walk.gathered.unnamed.push({ words, sources, alias: null, excluded: [] });
  for (const column of treesOf(tree['pivots'])) {
    const { pivot_enum: enumeration } = column;
    if (typeof enumeration === 'string') {
      walk.gathered.types.push(enumeration);
    }
    for (const entry of treesOf(column['entries'])) {
      walk.fields(
        entry,
        { values: 'plain', star_expr: 'expression', expr: 'expression', alias: 'plain' },
        inside,
      );
    }
    const known: Fields = {
      pivot_expressions: 'expression',
      unpivot_names: 'plain',
      entries: 'plain',
      pivot_enum: 'plain',
      subquery: 'query',
    };
    walk.fields(column, known, inside);
  }
  walk.gathered.references.push(...textsOf(tree['groups']).map((column) => [column]));
  const known: Fields = {
    ...common,
    source: 'table',
    aggregates: 'expression',
    unpivot_names: 'plain',
    pivots: 'plain',
    groups: 'plain',
    include_nulls: 'plain',
  };
  walk.fields(tree, known, inside);
}
