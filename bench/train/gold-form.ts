import { parse as parseSql } from 'libpg-query';
import { type Form, formFrom } from '../../src/offline/rank/form.ts';

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const child = (node: unknown, key: string): Node | null => {
  const value = isNode(node) ? node[key] : null;
  return isNode(value) ? value : null;
};

/** The form of a gold query; null where it can't be parsed. */
export async function goldForm(sql: string): Promise<Form | null> {
  let tree: unknown;
  try {
    tree = await parseSql(sql.replaceAll('`', '"'));
  } catch {
    return null;
  }
  const root = child(child(isNode(tree) ? nodes(tree['stmts'])[0] : null, 'stmt'), 'SelectStmt');
  if (root === null) {
    return null;
  }
  const operation = String(root['op'] ?? 'SETOP_NONE')
    .replace('SETOP_', '')
    .toLowerCase();
  const main = operation === 'none' ? root : child(root, 'larg');
  if (main === null) {
    return null;
  }
  const targets = nodes(main['targetList']).flatMap(
    (target) => child(child(target, 'ResTarget'), 'val') ?? [],
  );
  const where = conditionsOf(main['whereClause']);
  const sort = child(nodes(main['sortClause'])[0], 'SortBy');
  const limit = child(child(child(main, 'limitCount'), 'A_Const'), 'ival')?.['ival'];
  const [having] = conditionsOf(main['havingClause']).operators;
  return formFrom({
    columns: targets.length,
    star: targets.some((target) =>
      nodes(child(target, 'ColumnRef')?.['fields']).some((field) => 'A_Star' in field),
    ),
    aggregates: targets.flatMap((target) => aggregateOf(target) ?? []),
    grouped: main['groupClause'] !== undefined,
    order:
      sort === null
        ? null
        : {
            aggregate: aggregateOf(sort['node']),
            descending: sort['sortby_dir'] === 'SORTBY_DESC',
            limit: typeof limit === 'number' ? limit : null,
          },
    having:
      main['havingClause'] === undefined
        ? null
        : { aggregate: havingAggregate(main['havingClause']), operator: having ?? '=' },
    conditions: where.count,
    operators: where.operators.filter((operator) => operator !== '='),
    shape: operation !== 'none' ? operation : (where.nested ?? (where.either ? 'or' : 'plain')),
    distinct: main['distinctClause'] !== undefined,
    tables: nodes(main['fromClause']).reduce((sum, node) => sum + tablesIn(node), 0),
  });
}

function aggregateOf(node: unknown): string | null {
  const call = child(node, 'FuncCall');
  if (call === null) {
    return null;
  }
  const name = String(child(nodes(call['funcname']).at(-1), 'String')?.['sval'] ?? '').toLowerCase();
  return call['agg_distinct'] === true ? `${name}!` : name;
}

function havingAggregate(node: unknown): string | null {
  const logic = nodes(child(node, 'BoolExpr')?.['args'])[0];
  return aggregateOf(child(logic ?? node, 'A_Expr')?.['lexpr']);
}

function tablesIn(node: Node): number {
  const join = child(node, 'JoinExpr');
  if (join === null) {
    return 1;
  }
  return ['larg', 'rarg'].reduce((sum, side) => {
    const part = child(join, side);
    return sum + (part === null ? 0 : tablesIn(part));
  }, 0);
}

interface Conditions {
  readonly count: number;
  readonly operators: readonly string[];
  readonly nested: string | null;
  readonly either: boolean;
}

function conditionsOf(node: unknown, negated = false): Conditions {
  const none: Conditions = { count: 0, operators: [], nested: null, either: false };
  const logic = child(node, 'BoolExpr');
  if (logic !== null) {
    const not = logic['boolop'] === 'NOT_EXPR';
    return nodes(logic['args'])
      .map((part) => conditionsOf(part, not ? !negated : negated))
      .reduce(
        (all, part) => ({
          count: all.count + part.count,
          operators: [...all.operators, ...part.operators],
          nested: all.nested ?? part.nested,
          either: all.either || part.either,
        }),
        { ...none, either: logic['boolop'] === 'OR_EXPR' },
      );
  }
  const link = child(node, 'SubLink');
  if (link !== null) {
    return { ...none, count: 1, nested: negated ? 'not in' : 'in' };
  }
  if (child(node, 'NullTest') !== null) {
    return { ...none, count: 1 };
  }
  const compare = child(node, 'A_Expr');
  if (compare === null) {
    return none;
  }
  if (compare['kind'] === 'AEXPR_BETWEEN') {
    return { ...none, count: 1, operators: ['between'] };
  }
  if (compare['kind'] === 'AEXPR_IN') {
    const list = nodes(child(child(compare, 'rexpr'), 'List')?.['items']);
    return { ...none, count: list.length, either: list.length > 1 };
  }
  let operator = String(child(nodes(compare['name'])[0], 'String')?.['sval'] ?? '');
  if (compare['kind'] === 'AEXPR_LIKE') {
    operator = operator.startsWith('!') ? 'not like' : 'like';
  }
  if (operator === '!=') {
    operator = '<>';
  }
  if (negated) {
    operator = operator === '=' ? '<>' : operator === 'like' ? 'not like' : operator;
  }
  const nested = child(compare['rexpr'], 'SubLink') === null ? null : 'scalar';
  return { count: 1, operators: nested === null ? [operator] : [], nested, either: false };
}
