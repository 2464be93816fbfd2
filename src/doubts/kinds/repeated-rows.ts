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
import { type Scope, sourcesIn } from '../scope.ts';
import { isNode, type Node } from '../sql-tree.ts';

/** Finds rows that are shown more than once: a join repeats them, or the question asks for each once. */
export const lookForRepeatedRows: Look = async (context) => {
  const [scope] = context.scopes;
  if (scope === undefined || !scope.isWhole || groupsOf(scope).length > 0 || isDistinct(scope)) {
    return [];
  }
  const aggregates = aggregatesOf(scope);
  if (aggregates.length > 0) {
    const [call] = aggregates;
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

/** A count of values where the question asks how many different ones there are. */
async function countedTwice(
  context: LookContext,
  scope: Scope,
  { node, name, argument, distinct }: Aggregate,
): Promise<readonly Doubt[]> {
  const args = node['args'];
  if (!context.asked.wantsDifferent || name !== 'COUNT' || distinct || argument['type'] !== 'column_ref') {
    return [];
  }
  if (!isNode(args) || !standsAlone(scope)) {
    return [];
  }
  const once: Node = { ...node, args: { ...args, distinct: 'DISTINCT' } };
  const text = selectText(context, scope, { columns: [item(node), item(once)], orderby: null, limit: null });
  const counts = text === null ? null : await context.probe(text, 1);
  const [rows, different] = [numberOf(counts), numberOf(counts, 1)];
  if (rows === null || different === null || rows <= different) {
    return [];
  }
  const what = context.tree.writeExpression(argument);
  return [
    {
      kind: 'repeated-rows',
      sentence: `The question asks for different ones: ${grouped(rows)} rows have a ${what}, and ${grouped(different)} of these ${different === 1 ? 'is' : 'are'} different.`,
      evidence: { rows, different },
      mendedSql: context.tree.write(new Map([[node, once]])),
    },
  ];
}
