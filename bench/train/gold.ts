import { parse as parseSql } from 'libpg-query';
import type { SchemaIndex } from '../../src/offline/schema-index/schema-index.ts';

/** What a gold query says, in the parts that the engine chooses: texts that compare with those of its items. */
export interface GoldParts {
  readonly select: ReadonlySet<string>;
  readonly filter: ReadonlySet<string>;
  readonly order: string;
  readonly having: string;
  readonly kind: 'plain' | 'intersect' | 'union' | 'except' | 'nested' | 'other';
  readonly distinct: boolean;
  readonly tables: ReadonlySet<number>;
  /** Of an EXCEPT: tables and conditions of the right side alone. */
  readonly exceptTables: ReadonlySet<number>;
  readonly exceptFilter: ReadonlySet<string>;
}

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const child = (node: unknown, key: string): Node | null => {
  const value = isNode(node) ? node[key] : null;
  return isNode(value) ? value : null;
};

/** Groups columns that keys make equal, so that `student.id` and `pet.owner` may stand for each other. */
export function columnClasses(schemaIndex: SchemaIndex): (column: number) => number {
  const parent = schemaIndex.columns.map((column) => column.id);
  const find = (id: number): number => {
    let at = id;
    while (parent[at] !== at) {
      at = parent[at] ?? at;
    }
    return at;
  };
  for (const link of schemaIndex.links) {
    link.left.forEach((left, index) => {
      const right = link.right[index];
      if (right !== undefined) {
        parent[find(left)] = find(right);
      }
    });
  }
  return find;
}

/** Reads a gold query into parts; null where it has something that they can't say. */
export async function goldParts(sql: string, schemaIndex: SchemaIndex): Promise<GoldParts | null> {
  const classOf = columnClasses(schemaIndex);
  let tree: unknown;
  try {
    tree = await parseSql(sql.replaceAll('`', '"'));
  } catch {
    return null;
  }
  const first = isNode(tree) ? nodes(tree['stmts'])[0] : undefined;
  const root = child(child(first, 'stmt'), 'SelectStmt');
  if (root === null) {
    return null;
  }
  const tables = new Set<number>();
  const filter = new Set<string>();
  let kind: GoldParts['kind'] = 'plain';
  let order = '';
  let having = '';

  const scopeOf = (select: Node): Map<string, number> => {
    const scope = new Map<string, number>();
    const visit = (node: Node): void => {
      const range = child(node, 'RangeVar');
      if (range !== null) {
        const name = String(range['relname']);
        const alias = child(range, 'alias');
        const id = schemaIndex.tables.find((table) => table.name.toLowerCase() === name.toLowerCase())?.id;
        if (id !== undefined) {
          scope.set(String(alias?.['aliasname'] ?? name).toLowerCase(), id);
          tables.add(id);
        }
      }
      const join = child(node, 'JoinExpr');
      if (join !== null) {
        for (const side of ['larg', 'rarg']) {
          const part = child(join, side);
          if (part !== null) {
            visit(part);
          }
        }
      }
    };
    for (const node of nodes(select['fromClause'])) {
      visit(node);
    }
    return scope;
  };

  const columnOf = (node: unknown, scope: Map<string, number>): number | '*' | null => {
    const reference = child(node, 'ColumnRef');
    if (reference === null) {
      return null;
    }
    const fields = nodes(reference['fields']);
    if (fields.some((field) => 'A_Star' in field)) {
      return '*';
    }
    const names = fields.map((field) => String(child(field, 'String')?.['sval'] ?? ''));
    const name = (names[names.length - 1] ?? '').toLowerCase();
    const owners = names.length > 1 ? [scope.get((names[0] ?? '').toLowerCase())] : [...scope.values()];
    for (const owner of owners) {
      if (owner === undefined) {
        continue;
      }
      const found = schemaIndex.tables[owner]?.columns.find(
        (id) => schemaIndex.columns[id]?.name.toLowerCase() === name,
      );
      if (found !== undefined) {
        return found;
      }
    }
    return null;
  };
  const columnText = (column: number | '*' | null): string =>
    column === null ? '?' : column === '*' ? '*' : String(classOf(column));

  const expressionText = (node: unknown, scope: Map<string, number>): string => {
    const call = child(node, 'FuncCall');
    if (call !== null) {
      const name = String(child(nodes(call['funcname']).at(-1), 'String')?.['sval'] ?? '').toLowerCase();
      const distinct = call['agg_distinct'] === true ? 'distinct ' : '';
      const argument = call['agg_star'] === true ? '*' : columnText(columnOf(nodes(call['args'])[0], scope));
      return `${name}(${distinct}${argument})`;
    }
    return columnText(columnOf(node, scope));
  };

  const literalText = (node: unknown): string | null => {
    const constant = child(node, 'A_Const');
    if (constant === null) {
      return null;
    }
    const integer = child(constant, 'ival');
    if (integer !== null) {
      return String(integer['ival'] ?? 0);
    }
    const float = child(constant, 'fval');
    if (float !== null) {
      return String(Number(float['fval']));
    }
    const text = child(constant, 'sval');
    return text === null ? null : String(text['sval'] ?? '');
  };

  const conditions = (
    node: unknown,
    scope: Map<string, number>,
    into: Set<string>,
    negated = false,
  ): void => {
    const logic = child(node, 'BoolExpr');
    if (logic !== null) {
      for (const part of nodes(logic['args'])) {
        conditions(part, scope, into, logic['boolop'] === 'NOT_EXPR' ? !negated : negated);
      }
      return;
    }
    const link = child(node, 'SubLink');
    if (link !== null) {
      kind = 'nested';
      const left = columnText(columnOf(link['testexpr'], scope));
      const select = child(child(link, 'subselect'), 'SelectStmt');
      if (select === null) {
        return;
      }
      const inner = scopeOf(select);
      const target = expressionText(child(nodes(select['targetList'])[0]?.['ResTarget'], 'val'), inner);
      into.add(`${negated ? 'notin' : 'in'} ${left} ${target} ${[...inner.values()].sort().join(',')}`);
      if (select['whereClause'] !== undefined) {
        conditions(select['whereClause'], inner, into);
      }
      readNested(select, inner);
      return;
    }
    const test = child(node, 'NullTest');
    if (test !== null) {
      into.add(
        `${columnText(columnOf(test['arg'], scope))} ${test['nulltesttype'] === 'IS_NULL' ? 'null' : 'notnull'}`,
      );
      return;
    }
    const compare = child(node, 'A_Expr');
    if (compare === null) {
      return;
    }
    let operator = String(child(nodes(compare['name'])[0], 'String')?.['sval'] ?? '');
    if (compare['kind'] === 'AEXPR_LIKE') {
      operator = operator.startsWith('!') ? 'not like' : 'like';
    }
    if (operator === '!=') {
      operator = '<>';
    }
    if (negated && operator === '=') {
      operator = '<>';
    }
    if (negated && operator === 'like') {
      operator = 'not like';
    }
    const left = expressionText(compare['lexpr'], scope);
    if (compare['kind'] === 'AEXPR_BETWEEN') {
      const list = nodes(child(child(compare, 'rexpr'), 'List')?.['items']);
      into.add(`${left} between ${literalText(list[0])} ${literalText(list[1])}`);
      return;
    }
    if (compare['kind'] === 'AEXPR_IN') {
      for (const value of nodes(child(child(compare, 'rexpr'), 'List')?.['items'])) {
        into.add(`${left} ${negated ? '<>' : '='} ${literalText(value)?.toLowerCase()}`);
      }
      return;
    }
    const right = compare['rexpr'];
    const literal = literalText(right);
    if (literal !== null) {
      into.add(`${left} ${operator} ${literal.toLowerCase()}`);
      return;
    }
    const subquery = child(child(child(right, 'SubLink'), 'subselect'), 'SelectStmt');
    if (subquery !== null) {
      kind = 'nested';
      const inner = scopeOf(subquery);
      const target = expressionText(child(nodes(subquery['targetList'])[0]?.['ResTarget'], 'val'), inner);
      into.add(`${left} ${operator} scalar ${target}`);
      if (subquery['whereClause'] !== undefined) {
        conditions(subquery['whereClause'], inner, into);
      }
      readNested(subquery, inner);
      return;
    }
    kind = 'other';
  };

  /** An order or a condition on groups that stands in a nested query is what the question asks for as well. */
  const readNested = (select: Node, scope: Map<string, number>): void => {
    const [first] = nodes(select['sortClause']);
    const limit = literalText(select['limitCount']);
    if (first !== undefined && limit !== null && order === '') {
      const by = child(first, 'SortBy');
      order = `${expressionText(by?.['node'], scope)} ${by?.['sortby_dir'] === 'SORTBY_DESC' ? 'desc' : 'asc'} ${limit}`;
    }
    if (select['havingClause'] !== undefined && having === '') {
      const set = new Set<string>();
      conditions(select['havingClause'], scope, set);
      having = [...set].sort().join(' & ');
    }
  };
  const exceptTables = new Set<number>();
  const exceptFilter = new Set<string>();
  const selects = new Set<string>();
  let distinct = false;
  const readSelect = (select: Node, isFirst: boolean): void => {
    const scope = scopeOf(select);
    if (isFirst) {
      const derived = nodes(select['fromClause']).flatMap((node): Node[] => {
        const found = child(child(child(node, 'RangeSubselect'), 'subquery'), 'SelectStmt');
        return found === null ? [] : [found];
      })[0];
      if (derived !== undefined) {
        readSelect(derived, false);
        const inner = scopeOf(derived);
        for (const target of nodes(derived['targetList'])) {
          selects.add(`count(distinct ${expressionText(child(target['ResTarget'], 'val'), inner)})`);
        }
      }
      for (const target of nodes(select['targetList'])) {
        const value = child(target['ResTarget'], 'val');
        const text = expressionText(value, scope);
        if (text === '?') {
          kind = 'other';
        }
        selects.add(text);
      }
      distinct = select['distinctClause'] !== undefined;
    }
    if (select['whereClause'] !== undefined) {
      conditions(select['whereClause'], scope, filter);
    }
    const sort = nodes(select['sortClause']);
    const limit = literalText(select['limitCount']);
    if (sort.length > 0) {
      const by = child(sort[0], 'SortBy');
      order = `${expressionText(by?.['node'], scope)} ${by?.['sortby_dir'] === 'SORTBY_DESC' ? 'desc' : 'asc'} ${limit ?? 'all'}`;
    } else if (limit !== null) {
      kind = 'other';
    }
    if (select['havingClause'] !== undefined) {
      const set = new Set<string>();
      conditions(select['havingClause'], scope, set);
      having = [...set].sort().join(' & ');
    }
  };
  const operator = String(root['op'] ?? 'SETOP_NONE');
  if (operator !== 'SETOP_NONE') {
    const left = child(root, 'larg');
    const right = child(root, 'rarg');
    if (left !== null) {
      readSelect(left, true);
    }
    const leftTables = new Set(tables);
    const leftFilter = new Set(filter);
    if (right !== null) {
      readSelect(right, false);
    }
    if (operator === 'SETOP_EXCEPT') {
      for (const table of tables) {
        if (!leftTables.has(table)) {
          exceptTables.add(table);
        }
      }
      for (const text of filter) {
        if (!leftFilter.has(text)) {
          exceptFilter.add(text);
        }
      }
      for (const text of exceptFilter) {
        filter.delete(text);
      }
    }
    kind = operator === 'SETOP_INTERSECT' ? 'intersect' : operator === 'SETOP_UNION' ? 'union' : 'except';
  } else {
    readSelect(root, true);
  }
  return { select: selects, filter, order, having, kind, distinct, tables, exceptTables, exceptFilter };
}
