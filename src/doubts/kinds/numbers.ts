import type { Doubt } from '../doubt.ts';
import { columnText, item, type Look, numberOf, selectText, standsAlone, tableText } from '../look.ts';
import { resolve } from '../scope.ts';
import { argumentsOf, functionName, isNode, type Node, nodeIn, textIn, walk } from '../sql-tree.ts';

/** Finds means of quotients that differ from the quotient of the sums. */
export const lookForMeansOfRatios: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    for (const node of walk({ part: scope.select['columns'] }, { intoSelects: false })) {
      if (functionName(node) !== 'AVG' || node['type'] !== 'aggr_func') {
        continue;
      }
      const [argument] = argumentsOf(node);
      if (argument === undefined || textIn(argument, 'operator') !== '/' || !standsAlone(scope)) {
        continue;
      }
      const [left, right] = [nodeIn(argument, 'left'), nodeIn(argument, 'right')];
      if (left === null || right === null || !readsColumn(right)) {
        continue;
      }
      const sum = (expr: Node): Node => ({ ...node, name: 'SUM', args: { expr } });
      const one: Node = {
        type: 'binary_expr',
        operator: '*',
        left: { type: 'number', value: '1.0' },
        right: sum(left),
      };
      const other: Node = { type: 'binary_expr', operator: '/', left: one, right: sum(right) };
      const text = selectText(context, scope, {
        columns: [item(node), item(other)],
        groupby: null,
        having: null,
        orderby: null,
        limit: null,
      });
      const rows = text === null ? null : await context.probe(text, 1);
      const [mean, whole] = [numberOf(rows), numberOf(rows, 1)];
      if (mean === null || whole === null || Math.abs(mean - whole) <= Math.abs(whole) / 100) {
        continue;
      }
      doubts.push({
        kind: 'mean-of-ratios',
        sentence: `${context.tree.writeExpression(node)} counts every row alike, however large its numbers are, and makes ${short(mean)}; ${context.tree.writeExpression({ ...other, left: sum(left) })} makes ${short(whole)}.`,
        evidence: { mean, whole },
        mendedSql: context.tree.write(new Map([[node, other]])),
      });
    }
  }
  return doubts;
};

/** A number to four digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function readsColumn(node: Node): boolean {
  return [...walk(node, { intoSelects: false })].some((inner) => inner['type'] === 'column_ref');
}

/** Finds columns that are shown, reckoned with or compared, and hold nothing at all. */
export const lookForEmptyColumns: Look = async (context) => {
  const doubts: Doubt[] = [];
  const seen = new Set<unknown>();
  for (const scope of context.scopes) {
    for (const node of walk(
      { part: [scope.select['columns'], scope.select['where']].flat() },
      { intoSelects: false },
    )) {
      const resolved = isNode(node) && node['type'] === 'column_ref' ? resolve(node, scope) : null;
      if (resolved === null || !resolved.column.nullable || seen.has(resolved.column)) {
        continue;
      }
      seen.add(resolved.column);
      if (context.asked.names(resolved.column.name)) {
        continue;
      }
      const from = tableText(context, resolved.table);
      const name = columnText(context, resolved.column.name);
      const filled = await context.probe(`SELECT 1 FROM ${from} WHERE ${name} IS NOT NULL LIMIT 1`, 1);
      if (filled === null || filled.length > 0) {
        continue;
      }
      const rows = numberOf(await context.probe(`SELECT COUNT(*) FROM ${from}`, 1));
      if (rows === null || rows === 0) {
        continue;
      }
      doubts.push({
        kind: 'empty-column',
        sentence: `${resolved.table.name}.${resolved.column.name} is NULL in all ${rows.toLocaleString('en')} rows.`,
        evidence: { column: `${resolved.table.name}.${resolved.column.name}`, rows },
        mendedSql: null,
      });
    }
  }
  return doubts;
};
