import type { Doubt } from '../doubt.ts';
import { columnText, grouped, groupsOf, type Look, numberOf, tableText } from '../look.ts';
import { isColumn, type Resolved, resolve, type Scope } from '../scope.ts';
import { argumentsOf, functionName, type Node, walk } from '../sql-tree.ts';

/** Of fewer rows it is no wonder that they have the same value. */
const enoughRows = 10;

/** What tells nothing of a column that has one value: counts and sums do. */
const ofValues = new Set(['AVG', 'MIN', 'MAX', 'MEDIAN', 'STDDEV', 'VARIANCE']);

/** Finds columns of one value alone that a statement takes the mean or an end of, or groups by. */
export const lookForConstantColumns: Look = async (context) => {
  const doubts: Doubt[] = [];
  const seen = new Set<unknown>();
  for (const scope of context.scopes) {
    for (const { table, column } of columnsOf(scope)) {
      if (seen.has(column)) {
        continue;
      }
      seen.add(column);
      const from = tableText(context, table);
      const name = columnText(context, column.name);
      const values = await context.probe(
        `SELECT DISTINCT ${name} AS v FROM ${from} WHERE ${name} IS NOT NULL LIMIT 2`,
        2,
      );
      const [value] = values ?? [];
      if (values?.length !== 1 || value === undefined) {
        continue;
      }
      const rows = numberOf(await context.probe(`SELECT COUNT(${name}) FROM ${from}`, 1));
      if (rows !== null && rows >= enoughRows) {
        doubts.push({
          kind: 'constant-column',
          sentence: `${table.name}.${column.name} has the same value, ${String(value[0])}, in all ${grouped(rows)} rows that have one.`,
          evidence: { column: `${table.name}.${column.name}`, value: String(value[0]), rows },
          mendedSql: null,
        });
      }
    }
  }
  return doubts;
};

/** The stored columns of which a SELECT takes the mean or an end, and those by which it groups and nothing else. */
function columnsOf(scope: Scope): readonly Resolved[] {
  const groups = groupsOf(scope);
  const nodes: Node[] = groups.length === 1 ? groups.filter(isColumn) : [];
  for (const node of walk({ part: scope.select['columns'] }, { intoSelects: false })) {
    if (node['type'] === 'aggr_func' && ofValues.has(functionName(node) ?? '')) {
      nodes.push(...argumentsOf(node).filter(isColumn));
    }
  }
  return nodes.flatMap((node) => resolve(node, scope) ?? []);
}
