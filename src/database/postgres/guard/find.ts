import type { Call, Findings, QualifiedName, Reference, Source } from './findings.ts';
import { asTree, listOf, namesOf, type Tree, textOf } from './parser.ts';
import { planningProblem } from './planning.ts';
import { changeNodes, definitionNodes, expressionNodes, structFields } from './syntax.ts';
import { attributeCall, callOf, definedColumns, nameOf, outputNames, referenceOf } from './tree-names.ts';

/** How deep an expression may nest: deeper ones are no honest query, and the stack has an end. */
const depthLimit = 600;

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
      case 'IndexElem': {
        // ON CONFLICT (a) tells whether there is such an a.
        const column = textOf(tree['name']);
        if (column !== null) references.push({ names: [column], star: false, sources: [] });
        children(tree, scope, from);
        return;
      }
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
    isRow = true,
  ): Source => {
    const alias = asTree(range['alias']);
    const renamed = listOf(alias?.['colnames']).length > 0;
    const made: Source = {
      alias: textOf(alias?.['aliasname']) ?? textOf(range['relname']),
      relation: table,
      renamed,
      columns: renamed ? namesOf(alias?.['colnames']) : columns,
      isRow,
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
              isRow: true,
              joins,
            });
        }
        return joins;
      }
      default:
        return [newSource(range, null, definedColumns(range), false)];
    }
  };

  const call = (tree: Tree): void => {
    const found = callOf(tree);
    if (found === null) refusals.push('it calls a function whose name is not understood');
    else calls.push(found);
  };

  const reference = (tree: Tree, from: readonly Source[]): void => {
    const found = referenceOf(tree, from);
    if (found === null) {
      refusals.push('it names a column in a way that is not understood');
      return;
    }
    references.push(found);
    const { names, star } = found;
    const last = names.at(-1);
    if (star || names.length < 2 || last === undefined) return;
    calls.push(attributeCall(last, names.length === 2 ? (names[0] ?? null) : null));
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

  try {
    node(tag, body, new Map(), []);
  } catch (error) {
    // How far the stack reaches is not the same everywhere.
    if (!(error instanceof RangeError)) throw error;
    refusals.push('it is nested too deep');
  }
  const planning = refusals.length === 0 ? planningProblem(body) : null;
  if (planning !== null) refusals.push(planning);
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
