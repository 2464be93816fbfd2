import { asTree, listOf, namesOf, textOf } from '../parser.ts';
import { attributeCall, callOf, isUntyped, nameOf, referenceOf } from './tree-names.ts';
import type { Gathered, NodeHandler } from './walk.ts';

/** A node with the name of an operator in one of its fields. */
const withOperator =
  (field: string, operands: readonly string[]): NodeHandler =>
  (walk, tree, place) => {
    const name = namesOf(tree[field])?.at(-1);
    const untyped = operands.filter((operand) => holdsUntyped(tree[operand])).length;
    if (name !== undefined) {
      walk.gathered.operators.push({ name, untyped });
    }
    walk.children(tree, place, [field]);
  };

/** `x IN ('a', 'b')` and `x BETWEEN 'a' AND 'b'` have a list on their right. */
function holdsUntyped(operand: unknown): boolean {
  const items = asTree(asTree(operand)?.['List'])?.['items'];
  return Array.isArray(items) ? items.some(isUntyped) : isUntyped(operand);
}

/** Functions that read a text as the type that their second argument names. */
const typeInText = new Set(['pg_input_is_valid', 'pg_input_error_info']);

function addTypeInText({ types, refusals }: Gathered, argument: unknown): void {
  const written = textOf(asTree(asTree(asTree(argument)?.['A_Const'])?.['sval'])?.['sval']);
  const name = /^[a-z_][a-z_0-9 ]*(?=(?:\(\d+(?:, ?\d+)?\))?$)/.exec(written ?? '')?.[0].trim();
  if (name === undefined) {
    refusals.push('it names a type in a way that is not understood');
  } else {
    types.push({ schema: null, name });
  }
}

/** An item of an index or of a partition key, which may name the class that orders it. */
const withClass: NodeHandler = (walk, tree, place) => {
  const name = namesOf(tree['opclass'])?.at(-1);
  if (name !== undefined) {
    walk.gathered.operatorClasses.push(name);
  }
  walk.children(tree, place, ['opclass']);
};

/** The nodes of expressions and of FROM that name something. */
export const expressionNodes: Readonly<Record<string, NodeHandler>> = {
  FuncCall(walk, tree, place) {
    const found = callOf(tree);
    if (found === null) {
      walk.gathered.refusals.push('it calls a function whose name is not understood');
    } else {
      walk.gathered.calls.push(found);
    }
    if (found !== null && typeInText.has(found.name)) {
      addTypeInText(walk.gathered, listOf(tree['args'])[1]);
    }
    walk.children(tree, place, ['funcname']);
  },
  ColumnRef({ gathered }, tree, { from }) {
    const found = referenceOf(tree, from);
    if (found === null) {
      gathered.refusals.push('it names a column in a way that is not understood');
      return;
    }
    gathered.references.push(found);
    const { names, star } = found;
    const last = names.at(-1);
    if (star || names.length < 2 || last === undefined) {
      return;
    }
    gathered.calls.push(attributeCall(last, names.length === 2 ? (names[0] ?? null) : null));
  },
  IndexElem(walk, tree, place) {
    // ON CONFLICT (a) tells whether there is such an a.
    const column = textOf(tree['name']);
    if (column !== null) {
      walk.gathered.references.push({ names: [column], star: false, sources: [] });
    }
    withClass(walk, tree, place);
  },
  PartitionElem: withClass,
  A_Indirection(walk, tree, place) {
    for (const item of listOf(tree['indirection'])) {
      const attribute = textOf(asTree(asTree(item)?.['String'])?.['sval']);
      if (attribute !== null) {
        walk.gathered.calls.push(attributeCall(attribute, null));
      }
    }
    walk.children(tree, place);
  },
  A_Expr: withOperator('name', ['lexpr', 'rexpr']),
  SubLink: withOperator('operName', ['testexpr']),
  SortBy: withOperator('useOp', []),
  TypeName(walk, tree, place) {
    const names = namesOf(tree['names']);
    const name = names?.at(-1);
    if (name !== undefined) {
      walk.gathered.types.push({ schema: names?.at(-2) ?? null, name });
    }
    walk.children(tree, place, ['names']);
  },
  RangeVar({ gathered }, tree, { scope }) {
    const name = nameOf(tree);
    if (name.schema !== null || !scope.has(name.name)) {
      gathered.relations.push(name);
    }
  },
  RangeTableSample(walk, tree, place) {
    walk.gathered.samplingMethods.push(namesOf(tree['method'])?.at(-1) ?? '');
    walk.children(tree, place, ['method']);
  },
  JoinExpr(walk, tree, place) {
    walk.gathered.usingColumns.push(...(namesOf(tree['usingClause']) ?? []));
    walk.children(tree, place, ['usingClause']);
  },
  CollateClause(walk, tree, place) {
    walk.children(tree, place, ['collname']);
  },
  String() {},
};

const jsonFunctionNames =
  'json json_scalar json_serialize json_value json_query json_exists json_table json_object json_array json_objectagg json_arrayagg merge_action'.split(
    ' ',
  );

/** An older server knows no SQL/JSON syntax and would call a function of that name. */
export function addJsonFunctions({ calls }: Gathered): void {
  for (const name of jsonFunctionNames) {
    calls.push({
      schema: null,
      name,
      argumentCount: -1,
      literal: null,
      arguments: null,
      attributeOf: undefined,
    });
  }
}
