import { quoteIdentifier } from '../../schema/identifier.ts';
import type { Doubt } from '../doubt.ts';
import { isOnlyJoined, repeating } from '../joins.ts';
import {
  countAll,
  grouped,
  groupsOf,
  item,
  type Look,
  type LookContext,
  numberOf,
  selectText,
  standsAlone,
} from '../look.ts';
import { type Scope, type Source, sourcesIn } from '../scope.ts';
import { argumentsOf, functionName, isNode, type Node, nodesOf, textIn, walk } from '../sql-tree.ts';

const bare = { having: null, orderby: null, limit: null, distinct: null, groupby: null } as const;

/** Finds joins that repeat the rows that are summed, counted or averaged, and measures how often. */
export const lookForFanOut: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    if (scope.sources.length < 2 || !standsAlone(scope)) {
      continue;
    }
    for (const call of aggregatesOf(scope)) {
      const doubt = await measure(context, scope, call);
      if (doubt === null) {
        continue;
      }
      doubts.push(doubt);
      break;
    }
  }
  return doubts;
};

interface Aggregate {
  readonly node: Node;
  readonly name: string;
  readonly argument: Node;
  readonly distinct: boolean;
}

/** The aggregate functions that a SELECT calls. */
export function aggregatesOf(scope: Scope): readonly Aggregate[] {
  const found: Aggregate[] = [];
  for (const field of ['columns', 'having', 'orderby']) {
    for (const node of walk({ part: scope.select[field] }, { intoSelects: false })) {
      const name = functionName(node);
      const [argument] = argumentsOf(node);
      if (node['type'] !== 'aggr_func' || name === null || argument === undefined) {
        continue;
      }
      const args = node['args'];
      found.push({ node, name, argument, distinct: isNode(args) && args['distinct'] === 'DISTINCT' });
    }
  }
  return found;
}

async function measure(context: LookContext, scope: Scope, call: Aggregate): Promise<Doubt | null> {
  const adds = call.name === 'SUM' || call.name === 'AVG' || call.name === 'TOTAL';
  if (!adds && call.name !== 'COUNT') {
    return null;
  }
  if (call.name === 'COUNT' && call.distinct) {
    return null;
  }
  const counted = [...sourcesIn(call.argument, scope)];
  const base = adds || counted.length > 0 ? counted : whollyCounted(scope);
  if (base.length === 0) {
    return call.name === 'COUNT' ? chasm(context, scope, call) : null;
  }
  const repeaters = repeating(scope, new Set(base));
  if (repeaters.length === 0) {
    return null;
  }
  // A count of a column beside others is a count of joined rows, which is what is meant where its own rows are grouped.
  const isIdle = groupsOf(scope).length === 0 && repeaters.every((source) => isOnlyJoined(scope, source));
  if (!adds && !isIdle && !isChasm(scope)) {
    return null;
  }
  const found = await factorOf(context, scope, base);
  if (found === null || found.rows <= found.own) {
    return null;
  }
  const names = base.map(({ table, alias }) => table?.name ?? alias).join(' and ');
  const by = repeaters.map(({ table, alias }) => table?.name ?? alias).join(' and ');
  const verb = { SUM: 'summed', TOTAL: 'summed', AVG: 'averaged', COUNT: 'counted' }[call.name] ?? 'counted';
  const factor = found.rows / found.own;
  const alone = await partnerless(context, scope, repeaters, found.own);
  const sentence = call.distinct
    ? `The join with ${by} repeats the rows of ${names}, and DISTINCT drops equal values of different rows as well.`
    : `The join with ${by} repeats the rows of ${names}: ${grouped(found.rows)} are ${verb} where there are ${grouped(found.own)} (${factor.toFixed(1)} times).`;
  return {
    kind: 'fan-out',
    sentence:
      alone === 0
        ? sentence
        : `${sentence} Without the join ${grouped(alone)} more ${alone === 1 ? 'counts that has' : 'count that have'} no ${by}.`,
    evidence: { rows: found.rows, own: found.own, factor: Math.round(factor * 100) / 100 },
    mendedSql: mended(context, scope, base, repeaters),
  };
}

/** How many more rows count where the joins that repeat are left out: those that have no partner in them. */
async function partnerless(
  context: LookContext,
  scope: Scope,
  repeaters: readonly Source[],
  own: number,
): Promise<number> {
  if (groupsOf(scope).length > 0 || !repeaters.every((source) => isOnlyJoined(scope, source))) {
    return 0;
  }
  const from = nodesOf(scope.select['from']).filter(
    (node) => !repeaters.some((source) => source.node === node),
  );
  const text = selectText(context, scope, { ...bare, columns: [item(countAll)], from });
  const all = text === null ? null : numberOf(await context.probe(text, 1));
  return all === null || all < own ? 0 : all - own;
}

/** The tables whose rows a COUNT(*) without groups counts, where others are joined and named nowhere else. */
function whollyCounted(scope: Scope): readonly Source[] {
  if (groupsOf(scope).length > 0) {
    return [];
  }
  const named = scope.sources.filter((source) => !isOnlyJoined(scope, source));
  return named.length < scope.sources.length ? named : [];
}

/** Whether two branches each repeat the other: no table of the FROM has each of its rows once. */
function isChasm(scope: Scope): boolean {
  return scope.sources.every((source) => repeating(scope, new Set([source])).length > 0);
}

async function chasm(context: LookContext, scope: Scope, call: Aggregate): Promise<Doubt | null> {
  if (call.argument['type'] !== 'star' || !isChasm(scope)) {
    return null;
  }
  const all = scope.sources.filter(({ table }) => table !== null && keyOf(table).length > 0);
  // A link table without a key of its own has each of its rows once; nothing is known of it.
  if (all.length !== scope.sources.length) {
    return null;
  }
  const factors: number[] = [];
  for (const source of all) {
    const found = await factorOf(context, scope, [source]);
    if (found === null || found.rows <= found.own) {
      return null;
    }
    factors.push(found.rows / found.own);
  }
  const names = all.map(({ table }) => table?.name ?? '').join(', ');
  return {
    kind: 'fan-out',
    sentence: `The joins of ${names} repeat the rows of each: what is counted are combinations, not rows of one table.`,
    evidence: { least: Math.round(Math.min(...factors) * 100) / 100 },
    mendedSql: null,
  };
}

/** How many rows are joined, and how many there are of the counted tables, in each group by itself. */
async function factorOf(
  context: LookContext,
  scope: Scope,
  base: readonly Source[],
): Promise<{ readonly rows: number; readonly own: number } | null> {
  const keys = base.flatMap((source) =>
    source.table === null ? [] : keyOf(source.table).map((name) => columnNode(source, name, context)),
  );
  if (keys.length === 0 || base.some(({ table }) => table === null || keyOf(table).length === 0)) {
    return null;
  }
  const groups = groupsOf(scope).filter((node) => node['type'] !== 'number');
  const columns = [...groups, ...keys].map((node, index) => item(node, `k${index}`));
  const inner = selectText(context, scope, { ...bare, columns });
  if (inner === null) {
    return null;
  }
  const notNull = keys.map((_key, index) => `k${groups.length + index} IS NOT NULL`).join(' AND ');
  const from = `(${inner}) AS joined WHERE ${notNull}`;
  const rows = numberOf(await context.probe(`SELECT COUNT(*) FROM ${from}`, 1));
  const own =
    rows === null
      ? null
      : numberOf(await context.probe(`SELECT COUNT(*) FROM (SELECT DISTINCT * FROM ${from}) AS own`, 1));
  return rows === null || own === null || own === 0 ? null : { rows, own };
}

/** Columns that tell a table's rows apart. */
function keyOf(table: NonNullable<Source['table']>): readonly string[] {
  return table.primaryKey.length > 0 ? table.primaryKey : (table.uniqueKeys[0] ?? []);
}

function columnNode({ alias }: Source, name: string, { dialect }: LookContext): Node {
  return {
    type: 'column_ref',
    table: alias,
    column: dialect.identifierQuote === '"' ? { expr: { type: 'double_quote_string', value: name } } : name,
  };
}

/** The statement without the joins that repeat and are named nowhere else, or over each counted row once. */
function mended(
  context: LookContext,
  scope: Scope,
  base: readonly Source[],
  repeaters: readonly Source[],
): string | null {
  const removable = repeaters.filter((source) => isOnlyJoined(scope, source));
  if (removable.length === repeaters.length) {
    const left = nodesOf(scope.select['from']).filter(
      (node) => !removable.some((source) => source.node === node),
    );
    return context.tree.write(new Map([[scope.select, { ...scope.select, from: left }]]));
  }
  return overEachOnce(context, scope, base);
}

function overEachOnce(context: LookContext, scope: Scope, base: readonly Source[]): string | null {
  if (!scope.isWhole || nodesOf(context.tree.root['with']).length > 0 || scope.select['having']) {
    return null;
  }
  const groups = groupsOf(scope);
  const keys = base.flatMap((source) =>
    source.table === null ? [] : keyOf(source.table).map((name) => columnNode(source, name, context)),
  );
  const inner: Node[] = keys.map((node, index) => item(node, `k${index}`));
  const outer: string[] = [];
  const add = (node: Node, prefix: string): string => {
    const name = `${prefix}${inner.length}`;
    inner.push(item(node, name));
    return name;
  };
  const names = new Map<string, string>(groups.map((node) => [JSON.stringify(node), add(node, 'g')]));
  for (const column of nodesOf(scope.select['columns'])) {
    const expression = isNode(column['expr']) ? column['expr'] : null;
    if (expression === null) {
      return null;
    }
    const as = textIn(column, 'as');
    const named = as === null ? '' : ` AS ${quoteIdentifier(context.dialect, as)}`;
    const group = names.get(JSON.stringify(expression));
    const [argument] = argumentsOf(expression);
    const name = functionName(expression);
    if (group !== undefined) {
      outer.push(`${group}${named}`);
    } else if (expression['type'] !== 'aggr_func' || argument === undefined || name === null) {
      return null;
    } else if (
      ![...sourcesIn(argument, scope)].every((source) => base.includes(source)) ||
      argument['type'] === 'star'
    ) {
      return null;
    } else {
      outer.push(`${name}(${add(argument, 'x')})${named}`);
    }
  }
  if (scope.select['orderby']) {
    return null;
  }
  const text = selectText(context, scope, { ...bare, columns: inner });
  if (text === null) {
    return null;
  }
  const by = [...names.values()];
  return `SELECT ${outer.join(', ')} FROM (SELECT DISTINCT * FROM (${text}) AS joined) AS once${by.length > 0 ? ` GROUP BY ${by.join(', ')}` : ''}`;
}
