import { asTree, listOf, namesOf, type Tree, textOf } from './parser.ts';
import { changeNodes, definitionNodes, expressionNodes, structFields } from './syntax.ts';

/** A name as written, with or without its schema. */
export interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
}

/** A function that the statement may call. */
export interface Call extends QualifiedName {
  /** -1 where it is not plain to see. */
  readonly argumentCount: number;
  /** The first argument, where it is a literal. */
  readonly literal: string | null;
  /** `(value).name` or `alias.name`, which calls a function where there is no such column. */
  readonly attributeOf: string | null | undefined;
}

/** Something in a FROM list, or the target of a change, and the name that columns are asked of it by. */
export interface Source {
  readonly alias: string | null;
  /** The table or view, null for a subquery, a function, a CTE. */
  readonly relation: QualifiedName | null;
  /** `AS t(a, b)`: the columns have other names here. */
  readonly renamed: boolean;
  /** Names of the columns of a subquery or a CTE; null where they are not plain to see. */
  readonly columns: readonly string[] | null;
  /** Aliases of the sources that a join with a name of its own holds. */
  readonly joins: readonly Source[];
}

/** `a`, `t.a`, `s.t.a`, `*`, `t.*` or the whole row `t`. */
export interface Reference {
  readonly names: readonly string[];
  readonly star: boolean;
  /** The sources of the FROM list that a bare `*` stands for. */
  readonly sources: readonly Source[];
}

/** All that the guard has to ask the database about, or has to refuse. */
export interface Findings {
  readonly calls: readonly Call[];
  readonly relations: readonly QualifiedName[];
  readonly sources: readonly Source[];
  readonly references: readonly Reference[];
  /** Joins by NATURAL, with what they join; and the columns of USING. */
  readonly naturalJoins: readonly (readonly Source[])[];
  readonly usingColumns: readonly string[];
  readonly types: readonly QualifiedName[];
  readonly operators: readonly string[];
  readonly samplingMethods: readonly string[];
  /** What is changed and by which command. */
  readonly changes: readonly { readonly verb: string; readonly table: QualifiedName }[];
  /** Why the statement can't be admitted, whatever the database says. */
  readonly refusals: readonly string[];
}

/** How deep an expression may nest: deeper ones are no honest query, and the stack has an end. */
const depthLimit = 1_000;

const jsonFunctionNames =
  'json json_scalar json_serialize json_value json_query json_exists json_table json_object json_array json_objectagg json_arrayagg merge_action'.split(
    ' ',
  );

type Scope = ReadonlyMap<string, readonly string[] | null>;

/** Walks a statement's tree and writes down what the guard has to know. */
export function findAll(tag: string, body: Tree, mode: 'rows' | 'tables'): Findings {
  const calls: Call[] = [];
  const relations: QualifiedName[] = [];
  const sources: Source[] = [];
  const references: Reference[] = [];
  const naturalJoins: (readonly Source[])[] = [];
  const usingColumns: string[] = [];
  const types: QualifiedName[] = [];
  const operators: string[] = [];
  const samplingMethods: string[] = [];
  const changes: { verb: string; table: QualifiedName }[] = [];
  const refusals: string[] = [];
  let depth = 0;

  const visit = (value: unknown, field: string, scope: Scope, from: readonly Source[]): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, field, scope, from);
      return;
    }
    const tree = asTree(value);
    if (tree === null) return;
    const entries = Object.entries(tree);
    const [first] = entries;
    if (first === undefined) return;
    if (depth > depthLimit) {
      if (refusals.length === 0) refusals.push('it is nested too deep');
      return;
    }
    depth++;
    const [name, content] = first;
    const inner = asTree(content);
    if (entries.length === 1 && /^[A-Z]/.test(name) && inner !== null) node(name, inner, scope, from);
    else if (structFields.has(field)) struct(field, tree, scope, from);
    else refusals.push(`it holds something that is not understood (${field})`);
    depth--;
  };

  const children = (
    tree: Tree,
    scope: Scope,
    from: readonly Source[],
    without: readonly string[] = [],
  ): void => {
    for (const [field, value] of Object.entries(tree))
      if (typeof value === 'object' && !without.includes(field)) visit(value, field, scope, from);
  };

  const struct = (field: string, tree: Tree, scope: Scope, from: readonly Source[]): void => {
    if (field === 'larg' || field === 'rarg') select(tree, scope);
    else if (typeof tree['relname'] === 'string') node('RangeVar', tree, scope, from);
    else if (field === 'typeName' || field === 'ofTypename') node('TypeName', tree, scope, from);
    else if (['ival', 'fval', 'boolval', 'bsval', 'sval'].includes(field)) return;
    else children(tree, scope, from);
  };

  const node = (name: string, tree: Tree, scope: Scope, from: readonly Source[]): void => {
    const known =
      expressionNodes.has(name) || changeNodes.has(name) || (mode === 'tables' && definitionNodes.has(name));
    if (!known) {
      refusals.push(
        name === 'ParamRef'
          ? 'it has a parameter without a value'
          : `it holds ${name}, which is not understood`,
      );
      return;
    }
    if (name.startsWith('Json') || name === 'MergeSupportFunc')
      // An older server knows no such syntax and would call a function of that name.
      for (const function_ of jsonFunctionNames)
        calls.push({
          schema: null,
          name: function_,
          argumentCount: -1,
          literal: null,
          attributeOf: undefined,
        });
    switch (name) {
      case 'SelectStmt':
        select(tree, scope);
        return;
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
      case 'MergeStmt':
        change(name, tree, scope);
        return;
      case 'FuncCall':
        call(tree);
        children(tree, scope, from, ['funcname']);
        return;
      case 'ColumnRef':
        reference(tree, from);
        return;
      case 'A_Indirection':
        for (const item of listOf(tree['indirection'])) {
          const attribute = textOf(asTree(asTree(item)?.['String'])?.['sval']);
          if (attribute !== null)
            calls.push({ schema: null, name: attribute, argumentCount: 1, literal: null, attributeOf: null });
        }
        children(tree, scope, from);
        return;
      case 'A_Expr':
        operator(tree['name']);
        children(tree, scope, from, ['name']);
        return;
      case 'SubLink':
        operator(tree['operName']);
        children(tree, scope, from, ['operName']);
        return;
      case 'SortBy':
        operator(tree['useOp']);
        children(tree, scope, from, ['useOp']);
        return;
      case 'TypeName':
        type(tree);
        children(tree, scope, from, ['names']);
        return;
      case 'RangeVar':
        relation(tree, scope);
        return;
      case 'RangeTableSample': {
        const method = namesOf(tree['method'])?.at(-1);
        samplingMethods.push(method ?? '');
        children(tree, scope, from, ['method']);
        return;
      }
      case 'JoinExpr':
        usingColumns.push(...(namesOf(tree['usingClause']) ?? []));
        children(tree, scope, from, ['usingClause']);
        return;
      case 'CollateClause':
        children(tree, scope, from, ['collname']);
        return;
      case 'String':
        return;
      default:
        children(tree, scope, from);
    }
  };

  /** Names of CTEs hide tables of the same name, each from where it may be seen. */
  const withClause = (clause: Tree | null, scope: Scope): Scope => {
    if (clause === null) return scope;
    const inner = new Map(scope);
    const expressions = listOf(clause['ctes']).map((item) => asTree(asTree(item)?.['CommonTableExpr']) ?? {});
    if (clause['recursive'] === true)
      for (const cte of expressions) inner.set(textOf(cte['ctename']) ?? '', outputNames(cte));
    for (const cte of expressions) {
      children(cte, new Map(inner), [], ['aliascolnames']);
      inner.set(textOf(cte['ctename']) ?? '', outputNames(cte));
    }
    return inner;
  };

  const select = (tree: Tree, outer: Scope): void => {
    if (tree['intoClause'] !== undefined) refusals.push('SELECT … INTO makes a table');
    if (listOf(tree['lockingClause']).length > 0)
      refusals.push('FOR UPDATE or FOR SHARE locks rows for everybody');
    const scope = withClause(asTree(tree['withClause']), outer);
    const from = listOf(tree['fromClause']).flatMap((item) => source(item, scope));
    children(tree, scope, from, ['withClause', 'intoClause', 'lockingClause']);
  };

  const change = (name: string, tree: Tree, outer: Scope): void => {
    const verb = name.replace('Stmt', '').toUpperCase();
    const scope = withClause(asTree(tree['withClause']), outer);
    const target = asTree(tree['relation']) ?? {};
    const table = nameOf(target);
    changes.push({ verb, table });
    relations.push(table);
    const own = newSource(target, table);
    const aliases = [
      'old',
      'new',
      ...listOf(asTree(tree['returningClause'])?.['options']).map(
        (option) => textOf(asTree(asTree(option)?.['ReturningOption'])?.['value']) ?? '',
      ),
    ].map((alias) => ({ ...own, alias }));
    sources.push(...aliases);
    const from = [
      own,
      ...listOf(tree['fromClause']),
      ...listOf(tree['usingClause']),
      tree['sourceRelation'],
    ].flatMap((item) => (item === own ? own : source(item, scope)));
    children(tree, scope, from, ['withClause', 'relation']);
  };

  const newSource = (
    range: Tree,
    table: QualifiedName | null,
    columns: readonly string[] | null = null,
  ): Source => {
    const alias = asTree(range['alias']);
    const made: Source = {
      alias: textOf(alias?.['aliasname']) ?? textOf(range['relname']),
      relation: table,
      renamed: listOf(alias?.['colnames']).length > 0,
      columns,
      joins: [],
    };
    sources.push(made);
    return made;
  };

  /** The sources that one item of a FROM list brings in. */
  const source = (item: unknown, scope: Scope): readonly Source[] => {
    const [entry] = Object.entries(asTree(item) ?? {});
    const range = asTree(entry?.[1]);
    if (entry === undefined || range === null) return [];
    switch (entry[0]) {
      case 'RangeVar': {
        const name = nameOf(range);
        const cte = name.schema === null ? scope.get(name.name) : undefined;
        return [newSource(range, cte === undefined ? name : null, cte ?? null)];
      }
      case 'RangeTableSample':
        return source(range['relation'], scope);
      case 'RangeSubselect':
        return [newSource(range, null, outputNames(range))];
      case 'JoinExpr': {
        const joins = [...source(range['larg'], scope), ...source(range['rarg'], scope)];
        if (range['isNatural'] === true) naturalJoins.push(joins);
        for (const field of ['alias', 'join_using_alias']) {
          const alias = asTree(range[field]);
          if (alias !== null)
            sources.push({
              alias: textOf(alias['aliasname']),
              relation: null,
              renamed: listOf(alias['colnames']).length > 0,
              columns: null,
              joins,
            });
        }
        return joins;
      }
      default:
        return [newSource(range, null)];
    }
  };

  const call = (tree: Tree): void => {
    const names = namesOf(tree['funcname']);
    const name = names?.at(-1);
    if (names === null || name === undefined) {
      refusals.push('it calls a function whose name is not understood');
      return;
    }
    const parameters = listOf(tree['args']);
    const first = asTree(asTree(asTree(parameters[0])?.['A_Const'])?.['sval']);
    calls.push({
      schema: names.at(-2) ?? null,
      name,
      // The arguments of WITHIN GROUP count too; how many the function has of which kind, the catalog knows.
      argumentCount: tree['agg_within_group'] === true ? -1 : parameters.length,
      literal: first === null ? null : textOf(first['sval']),
      attributeOf: undefined,
    });
  };

  const reference = (tree: Tree, from: readonly Source[]): void => {
    const names: string[] = [];
    let star = false;
    for (const field of listOf(tree['fields'])) {
      const name = textOf(asTree(asTree(field)?.['String'])?.['sval']);
      if (name !== null) names.push(name);
      else if (asTree(field)?.['A_Star'] !== undefined) star = true;
      else refusals.push('it names a column in a way that is not understood');
    }
    references.push({ names, star, sources: from });
    const last = names.at(-1);
    if (!star && names.length > 1 && last !== undefined)
      calls.push({
        schema: null,
        name: last,
        argumentCount: 1,
        literal: null,
        attributeOf: names.length === 2 ? (names[0] ?? null) : null,
      });
  };

  const relation = (tree: Tree, scope: Scope): void => {
    const name = nameOf(tree);
    if (name.schema !== null || !scope.has(name.name)) relations.push(name);
  };

  const operator = (value: unknown): void => {
    const name = namesOf(value)?.at(-1);
    if (name !== undefined) operators.push(name);
  };

  const type = (tree: Tree): void => {
    const names = namesOf(tree['names']);
    const name = names?.at(-1);
    if (name !== undefined) types.push({ schema: names?.at(-2) ?? null, name });
  };

  node(tag, body, new Map(), []);
  return {
    calls,
    relations,
    sources,
    references,
    naturalJoins,
    usingColumns,
    types,
    operators,
    samplingMethods,
    changes,
    refusals,
  };
}

function nameOf(range: Tree): QualifiedName {
  return { schema: textOf(range['schemaname']), name: textOf(range['relname']) ?? '' };
}

/** Names of what a subquery or a CTE returns, where each is written down. */
function outputNames(range: Tree): readonly string[] | null {
  if (listOf(asTree(range['alias'])?.['colnames']).length > 0)
    return namesOf(asTree(range['alias'])?.['colnames']);
  if (listOf(range['aliascolnames']).length > 0) return namesOf(range['aliascolnames']);
  let query = asTree(asTree(range['subquery'] ?? range['ctequery'])?.['SelectStmt']);
  while (query !== null && asTree(query['larg']) !== null) query = asTree(query['larg']);
  const names: string[] = [];
  for (const item of listOf(query?.['targetList'])) {
    const target = asTree(asTree(item)?.['ResTarget']);
    const name = textOf(target?.['name']) ?? columnName(target?.['val']);
    if (name === null) return null;
    names.push(name);
  }
  return names.length === 0 ? null : names;
}

function columnName(value: unknown): string | null {
  const fields = listOf(asTree(asTree(value)?.['ColumnRef'])?.['fields']);
  return textOf(asTree(asTree(fields.at(-1))?.['String'])?.['sval']);
}
