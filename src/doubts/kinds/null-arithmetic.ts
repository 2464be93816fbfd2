import { aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import { bare } from '../factor.ts';
import {
  countAll,
  grouped,
  isNull,
  item,
  type Look,
  type LookContext,
  numberOf,
  selectText,
  standsAlone,
  whereOf,
} from '../look.ts';
import { resolve, type Scope } from '../scope.ts';
import { allOf, conjunctsOf, type Node, textIn, walk } from '../sql-tree.ts';

/** Finds sums and means of what is reckoned from several columns, where a row without one of them is left out wholly. */
export const lookForNullArithmetic: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    for (const { name, argument } of standsAlone(scope) ? aggregatesOf(scope) : []) {
      const columns = ['SUM', 'TOTAL', 'AVG'].includes(name) && adds(argument) ? columnsIn(argument) : [];
      for (const column of columns.length > 1 ? columns : []) {
        const doubt = await leftOut(context, scope, argument, column, columns);
        if (doubt !== null) {
          doubts.push(doubt);
        }
      }
    }
  }
  return doubts;
};

/** Whether an expression adds or takes away, with nothing in it that says what becomes of NULL. */
function adds(node: Node): boolean {
  const inner = [...walk(node, { intoSelects: true })];
  return (
    inner.some((one) => ['+', '-'].includes(textIn(one, 'operator') ?? '')) &&
    inner.every(
      (one) =>
        one['type'] === 'column_ref' ||
        one['type'] === 'number' ||
        ['+', '-', '*', '/'].includes(textIn(one, 'operator') ?? '') ||
        one['type'] === undefined ||
        one['type'] === 'default' ||
        one['type'] === 'double_quote_string',
    )
  );
}

function columnsIn(node: Node): readonly Node[] {
  return [...walk(node, { intoSelects: false })].filter(({ type }) => type === 'column_ref');
}

async function leftOut(
  context: LookContext,
  scope: Scope,
  argument: Node,
  column: Node,
  columns: readonly Node[],
): Promise<Doubt | null> {
  const resolved = resolve(column, scope);
  if (resolved === null || !resolved.column.nullable) {
    return null;
  }
  const others = columns.filter((other) => JSON.stringify(other) !== JSON.stringify(column));
  const where = allOf([
    ...conjunctsOf(whereOf(scope)),
    isNull(column),
    ...others.map((other) => isNull(other, 'IS NOT')),
  ]);
  const text = selectText(context, scope, { ...bare, columns: [item(countAll)], where });
  const rows = text === null || others.length === 0 ? null : numberOf(await context.probe(text));
  if (rows === null || rows === 0) {
    return null;
  }
  const written = context.tree.writeExpression(argument);
  const known: Node = {
    type: 'function',
    name: { name: [{ type: 'default', value: 'COALESCE' }] },
    args: { type: 'expr_list', value: [column, { type: 'number', value: 0 }] },
  };
  const name = `${resolved.table.name}.${resolved.column.name}`;
  return {
    kind: 'null-left-out',
    sentence: `${grouped(rows)} ${rows === 1 ? 'row has' : 'rows have'} no ${name} (NULL), so ${written} is NULL there and ${rows === 1 ? 'the row is' : 'they are'} left out as a whole.`,
    evidence: { column: name, nulls: rows },
    mendedSql: context.tree.write(new Map([[column, known]])),
  };
}
