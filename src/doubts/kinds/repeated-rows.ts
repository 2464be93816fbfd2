import { type Aggregate, aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import { isOnlyJoined, repeating } from '../joins.ts';
import {
  grouped,
  groupsOf,
  isDistinct,
  item,
  type Look,
  type LookContext,
  numberOf,
  selectText,
  standsAlone,
} from '../look.ts';
import { type Resolved, resolve, type Scope, sourcesIn } from '../scope.ts';
import { isNode, type Node } from '../sql-tree.ts';

/** Finds rows that are shown more than once: a join repeats them, or the question asks for each once. */
export const lookForRepeatedRows: Look = async (context) => {
  const [scope] = context.scopes;
  if (scope === undefined || !scope.isWhole || isDistinct(scope)) {
    return [];
  }
  const aggregates = aggregatesOf(scope);
  const [call] = aggregates;
  if (groupsOf(scope).length > 0 || call !== undefined) {
    return aggregates.length === 1 && call !== undefined ? countedTwice(context, scope, call) : [];
  }
  const by = repeatersOf(scope);
  return by === null && !context.asked.wantsDifferent ? [] : shownTwice(context, scope, by);
};

/** The tables whose joins repeat what is shown, where they do nothing else; null for none. */
function repeatersOf(scope: Scope): string | null {
  const shown = sourcesIn({ value: scope.select['columns'] }, scope);
  if (shown.size === 0 || JSON.stringify(scope.select['columns']).includes('"*"')) {
    return null;
  }
  const repeaters = repeating(scope, shown);
  if (repeaters.length === 0 || repeaters.some((source) => !isOnlyJoined(scope, source))) {
    return null;
  }
  return repeaters.map(({ table, alias }) => table?.name ?? alias).join(' and ');
}

async function shownTwice(context: LookContext, scope: Scope, by: string | null): Promise<readonly Doubt[]> {
  const text = selectText(context, scope, { orderby: null, limit: null });
  if (text === null) {
    return [];
  }
  const rows = numberOf(await context.probe(`SELECT COUNT(*) FROM (${text}) AS shown`, 1));
  const once = `SELECT COUNT(*) FROM (SELECT DISTINCT * FROM (${text}) AS shown) AS once`;
  const different = rows === null ? null : numberOf(await context.probe(once, 1));
  if (rows === null || different === null || rows <= different) {
    return [];
  }
  const why = by === null ? 'The question asks for different ones' : `The join with ${by} repeats rows`;
  const distinct = context.dialect.identifierQuote === '"' ? { type: 'DISTINCT' } : 'DISTINCT';
  return [
    {
      kind: 'repeated-rows',
      sentence: `${why}: of the ${grouped(rows)} rows, ${grouped(different)} ${different === 1 ? 'is' : 'are'} different.`,
      evidence: { rows, different },
      mendedSql: context.tree.write(new Map([[scope.select, { ...scope.select, distinct }]])),
    },
  ];
}

/** A count of values where the question asks how many different ones there are, or how many of what they are the numbers of. */
async function countedTwice(
  context: LookContext,
  scope: Scope,
  { node, name, argument, distinct }: Aggregate,
): Promise<readonly Doubt[]> {
  const args = node['args'];
  if (name !== 'COUNT' || distinct || !isNode(args) || !standsAlone(scope)) {
    return [];
  }
  const counted = resolve(argument, scope);
  const isOfOthers =
    counted !== null && isReference(counted) && context.asked.counts([counted.column.name]) !== null;
  const wantsDifferent = context.asked.wantsDifferent && groupsOf(scope).length === 0;
  if (counted === null || !(wantsDifferent || isOfOthers)) {
    return [];
  }
  const once: Node = { ...node, args: { ...args, distinct: 'DISTINCT' } };
  const columns = [item(node, 'n'), item(once, 'd')];
  const text = selectText(context, scope, { columns, having: null, orderby: null, limit: null });
  const counts =
    text === null ? null : await context.probe(`SELECT SUM(n), SUM(d) FROM (${text}) AS counted`, 1);
  const [rows, different] = [numberOf(counts), numberOf(counts, 1)];
  if (rows === null || different === null || rows <= different) {
    return [];
  }
  const what = context.tree.writeExpression(argument);
  const why = wantsDifferent
    ? 'The question asks for different ones'
    : `${counted.table.name}.${counted.column.name} is counted once for each row`;
  return [
    {
      kind: 'repeated-rows',
      sentence: `${why}: ${grouped(rows)} rows have a ${what}, and ${grouped(different)} of these ${different === 1 ? 'is' : 'are'} different.`,
      evidence: { rows, different },
      mendedSql: context.tree.write(new Map([[node, once]])),
    },
  ];
}

/** Whether a column holds the keys of another table: it refers to one, or is called as one that does. */
function isReference({ table, column }: Resolved): boolean {
  const isKey = table.primaryKey.length === 1 && table.primaryKey[0] === column.name;
  const refers = table.foreignKeys.some(({ columns }) => columns.length === 1 && columns[0] === column.name);
  return !isKey && (refers || /(?:_|[a-z](?=I))id$/iu.test(column.name));
}
