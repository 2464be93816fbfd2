import { asTree, listOf, namesOf, type Tree, textOf } from '../parser.ts';
import type { QualifiedName, Source } from './findings.ts';
import { definedColumns, nameOf, outputNames } from './tree-names.ts';
import type { Gathered, Scope } from './walk.ts';

/** The sources that one item of a FROM list brings in. */
export function sourcesOf(item: unknown, scope: Scope, gathered: Gathered): readonly Source[] {
  const [entry] = Object.entries(asTree(item) ?? {});
  const range = asTree(entry?.[1]);
  if (entry === undefined || range === null) {
    return [];
  }
  switch (entry[0]) {
    case 'RangeVar': {
      const name = nameOf(range);
      const cte = name.schema === null ? scope.get(name.name) : undefined;
      return [addSource(gathered, range, cte === undefined ? name : null, cte ?? null)];
    }
    case 'RangeTableSample':
      return sourcesOf(range['relation'], scope, gathered);
    case 'RangeSubselect':
      return [addSource(gathered, range, null, outputNames(range))];
    case 'JoinExpr':
      return joinedSources(range, scope, gathered);
    default:
      return [addSource(gathered, range, null, definedColumns(range), false)];
  }
}

function joinedSources(join: Tree, scope: Scope, gathered: Gathered): readonly Source[] {
  const joins = [...sourcesOf(join['larg'], scope, gathered), ...sourcesOf(join['rarg'], scope, gathered)];
  if (join['isNatural'] === true) {
    gathered.naturalJoins.push(joins);
  }
  for (const field of ['alias', 'join_using_alias']) {
    const alias = asTree(join[field]);
    if (alias !== null) {
      gathered.sources.push({
        alias: textOf(alias['aliasname']),
        relation: null,
        renamed: listOf(alias['colnames']).length > 0,
        columns: null,
        isRow: true,
        joins,
      });
    }
  }
  return joins;
}

/** Notes a source, by its alias or its own name. */
export function addSource(
  gathered: Gathered,
  range: Tree,
  table: QualifiedName | null,
  columns: readonly string[] | null = null,
  isRow = true,
): Source {
  const alias = asTree(range['alias']);
  const renamed = listOf(alias?.['colnames']).length > 0;
  const source: Source = {
    alias: textOf(alias?.['aliasname']) ?? textOf(range['relname']),
    relation: table,
    renamed,
    columns: renamed ? namesOf(alias?.['colnames']) : columns,
    isRow,
    joins: [],
  };
  gathered.sources.push(source);
  return source;
}
