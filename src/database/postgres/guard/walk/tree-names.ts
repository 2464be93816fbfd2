import { asTree, listOf, namesOf, type Tree, textOf } from '../parser.ts';
import type { Argument, Call, QualifiedName, Reference, Source } from './findings.ts';

/** The name of a table, as a RangeVar has it. */
export function nameOf(range: Tree): QualifiedName {
  return { schema: textOf(range['schemaname']), name: textOf(range['relname']) ?? '' };
}

/** Names of the columns of `f() AS t(a int, b text)`; null where there are none. */
export function definedColumns(range: Tree): readonly string[] | null {
  const names = listOf(range['coldeflist']).map(
    (item) => textOf(asTree(asTree(item)?.['ColumnDef'])?.['colname']) ?? '',
  );
  return names.length === 0 ? null : names;
}

/** Names that columns of a subquery or a CTE have for certain: `*` may bring others. */
export function outputNames(range: Tree): readonly string[] | null {
  if (listOf(asTree(range['alias'])?.['colnames']).length > 0) {
    return namesOf(asTree(range['alias'])?.['colnames']);
  }
  if (listOf(range['aliascolnames']).length > 0) {
    return namesOf(range['aliascolnames']);
  }
  let query = asTree(asTree(range['subquery'] ?? range['ctequery'])?.['SelectStmt']);
  while (query !== null && asTree(query['larg']) !== null) {
    query = asTree(query['larg']);
  }
  const names: string[] = [];
  for (const item of listOf(query?.['targetList'])) {
    const target = asTree(asTree(item)?.['ResTarget']);
    const name = textOf(target?.['name']) ?? columnName(target?.['val']);
    if (name !== null) {
      names.push(name);
    }
  }
  return names.length === 0 ? null : names;
}

function columnName(value: unknown): string | null {
  const fields = listOf(asTree(asTree(value)?.['ColumnRef'])?.['fields']);
  return textOf(asTree(asTree(fields.at(-1))?.['String'])?.['sval']);
}

/** The call that a FuncCall is; null where its name is not understood. */
export function callOf(tree: Tree): Call | null {
  const names = namesOf(tree['funcname']);
  const name = names?.at(-1);
  if (names === null || name === undefined) {
    return null;
  }
  const parameters = listOf(tree['args']);
  const isPlain = tree['agg_within_group'] !== true && tree['func_variadic'] !== true;
  const named = parameters.some((parameter) => asTree(parameter)?.['NamedArgExpr'] !== undefined);
  const first = asTree(asTree(asTree(parameters[0])?.['A_Const'])?.['sval']);
  return {
    schema: names.at(-2) ?? null,
    name,
    // The arguments of WITHIN GROUP count too; how many the function has of which kind, the catalog knows.
    argumentCount: tree['agg_within_group'] === true ? -1 : parameters.length,
    literal: first === null ? null : textOf(first['sval']),
    arguments: isPlain && !named ? parameters.map(argumentOf) : null,
    attributeOf: undefined,
  };
}

function argumentOf(value: unknown): Argument {
  if (isUntyped(value)) {
    return 'untyped';
  }
  const constant = asTree(asTree(value)?.['A_Const']);
  if (constant !== null && ('ival' in constant || 'fval' in constant)) {
    return 'number';
  }
  const called = namesOf(asTree(asTree(value)?.['FuncCall'])?.['funcname'])?.at(-1);
  return called === undefined ? 'other' : { resultOf: called };
}

/** A literal or NULL without a cast: the server takes it for whatever type fits. */
export function isUntyped(value: unknown): boolean {
  const constant = asTree(asTree(value)?.['A_Const']);
  return constant !== null && (constant['sval'] !== undefined || constant['isnull'] === true);
}

/** `(value).name` or `alias.name`, which may call a function of that name. */
export function attributeCall(name: string, alias: string | null): Call {
  return { schema: null, name, argumentCount: 1, literal: null, arguments: ['other'], attributeOf: alias };
}

/** The names in a ColumnRef; null where they are not understood. */
export function referenceOf(tree: Tree, sources: readonly Source[]): Reference | null {
  const names: string[] = [];
  let star = false;
  for (const field of listOf(tree['fields'])) {
    const name = textOf(asTree(asTree(field)?.['String'])?.['sval']);
    if (name !== null) {
      names.push(name);
    } else if (asTree(field)?.['A_Star'] !== undefined) {
      star = true;
    } else {
      return null;
    }
  }
  return { names, star, sources };
}
