import { type Aggregate, aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import { eachOnce } from '../each-once.ts';
import { type Factor, factorOf, keyOf, rowsWithout } from '../factor.ts';
import { isOnlyJoined, isUnjoined, repeating } from '../joins.ts';
import { grouped, groupsOf, type Look, type LookContext, overAllOuter } from '../look.ts';
import { resolve, type Scope, type Source, sourcesIn } from '../scope.ts';
import { isNode, nodesOf } from '../sql-tree.ts';
import { repeatedWithin } from './fan-out-within.ts';

/** Finds joins that repeat the rows that are summed, counted or averaged, and measures how often. */
export const lookForFanOut: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const own of context.scopes) {
    const scope = overAllOuter(own);
    if (scope === null) {
      continue;
    }
    const doubt =
      scope.sources.length < 2
        ? await within(context, scope)
        : ((await chasm(context, scope)) ?? (await firstRepeated(context, scope)));
    if (doubt !== null) {
      // What was changed of a copy is no change of the statement.
      const isMended = scope === own || doubt.mendedSql !== context.tree.write();
      doubts.push(isMended ? doubt : { ...doubt, mendedSql: null });
    }
  }
  return doubts;
};

async function within(context: LookContext, scope: Scope): Promise<Doubt | null> {
  const found = await repeatedWithin(context, scope);
  return found === null
    ? null
    : {
        kind: 'fan-out',
        sentence: sentenceOf(found.repeaters, found.base, found.factor, verbs[found.name] ?? 'counted'),
        evidence: { ...found.factor, factor: rounded(found.factor) },
        mendedSql: null,
      };
}

function sentenceOf(
  repeaters: readonly Source[],
  base: readonly Source[],
  factor: Factor,
  verb: string,
): string {
  return `The join with ${listed(repeaters)} repeats the rows of ${listed(base)}: ${grouped(factor.rows)} are ${verb} where there are ${grouped(factor.own)} (${factorText(factor)}).`;
}

async function firstRepeated(context: LookContext, scope: Scope): Promise<Doubt | null> {
  for (const call of aggregatesOf(scope)) {
    const doubt = await measure(context, scope, call);
    if (doubt !== null) {
      return doubt;
    }
  }
  return null;
}

const verbs: Readonly<Record<string, string>> = { SUM: 'summed', TOTAL: 'summed', AVG: 'averaged' };

const nameOfSource = ({ table, alias }: Source): string => table?.name ?? alias;
const listed = (sources: readonly Source[]): string => sources.map(nameOfSource).join(' and ');

async function measure(context: LookContext, scope: Scope, call: Aggregate): Promise<Doubt | null> {
  const verb = verbs[call.name];
  if ((verb === undefined && call.name !== 'COUNT') || (call.name === 'COUNT' && call.distinct)) {
    return null;
  }
  const counted = [...sourcesIn(call.argument, scope)];
  const base = verb !== undefined || counted.length > 0 ? counted : whollyCounted(scope);
  const repeaters = base.length === 0 ? [] : repeating(scope, new Set(base));
  if (repeaters.length === 0) {
    return null;
  }
  // A count of a column beside others is a count of joined rows, which is what is meant where its own rows are grouped.
  const isIdle = groupsOf(scope).length === 0 && repeaters.every((source) => isOnlyJoined(scope, source));
  const countsRows = isIdle || countsKey(scope, call, base) || countsBoth(scope, call, repeaters);
  if (verb === undefined && (!countsRows || isWhatIsCounted(context, base, repeaters))) {
    return null;
  }
  const found = (await factorOf(context, scope, base)) ?? (await crossFactor(context, scope, repeaters));
  if (found === null || found.rows <= found.own) {
    return null;
  }
  const alone = await partnerless(context, scope, repeaters, found.own);
  const by = listed(repeaters);
  const sentence = call.distinct
    ? `The join with ${by} repeats the rows of ${listed(base)}, and DISTINCT drops equal values of different rows as well.`
    : sentenceOf(repeaters, base, found, verb ?? 'counted');
  return {
    kind: 'fan-out',
    sentence:
      alone === 0
        ? sentence
        : `${sentence} It also leaves out ${grouped(alone)} that ${alone === 1 ? 'has' : 'have'} no ${by}.`,
    evidence: { ...found, factor: rounded(found) },
    mendedSql:
      !isIdle && countsKey(scope, call, base)
        ? countedOnce(context, call)
        : mended(context, scope, repeaters, call),
  };
}

/** How often tables that nothing joins repeat the rows of the others, which needs no keys. */
async function crossFactor(
  context: LookContext,
  scope: Scope,
  repeaters: readonly Source[],
): Promise<Factor | null> {
  if (!repeaters.every((source) => isUnjoined(scope, source))) {
    return null;
  }
  const own = await rowsWithout(context, scope, fromWithout(scope, repeaters));
  const rows = own === null || own === 0 ? null : await rowsWithout(context, scope, fromWithout(scope, []));
  return own === null || rows === null ? null : { rows, own };
}

/** Whether a COUNT is of a table's own key, and the table's rows are in no group of their own: each is to count once. */
function countsKey(scope: Scope, { name, argument }: Aggregate, base: readonly Source[]): boolean {
  const key = base.flatMap(({ table }) => (table === null ? [] : table.primaryKey));
  const counted = resolve(argument, scope)?.column.name;
  const groups = groupsOf(scope).flatMap((group) => [...sourcesIn(group, scope)]);
  return (
    name === 'COUNT' &&
    key.length === 1 &&
    counted === key[0] &&
    !groups.some((source) => base.includes(source))
  );
}

/** Whether rows of a table that repeats the counted ones are aggregated beside them. */
function countsBoth(scope: Scope, call: Aggregate, repeaters: readonly Source[]): boolean {
  return aggregatesOf(scope).some(
    (other) =>
      other.node !== call.node &&
      [...sourcesIn(other.argument, scope)].some((source) => repeaters.includes(source)),
  );
}

function countedOnce({ tree }: LookContext, { node }: Aggregate): string | null {
  const args = node['args'];
  return isNode(args)
    ? tree.write(new Map([[node, { ...node, args: { ...args, distinct: 'DISTINCT' } }]]))
    : null;
}

function rounded({ rows, own }: Factor): number {
  return Math.round((rows / own) * 100) / 100;
}

function factorText({ rows, own }: Factor): string {
  const factor = rows / own;
  return `${factor.toFixed(factor < 1.1 ? 2 : 1)} times`;
}

/** Whether the question asks how many there are of the rows that a join brings: "how many reviews has …". */
function isWhatIsCounted(
  { asked }: LookContext,
  base: readonly Source[],
  repeaters: readonly Source[],
): boolean {
  const brought = repeaters.map(nameOfSource);
  const first = asked.counts([...base.map(nameOfSource), ...brought]);
  return first !== null && brought.includes(first);
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
  const all = await rowsWithout(context, scope, fromWithout(scope, repeaters));
  return all === null || all < own ? 0 : all - own;
}

function fromWithout(scope: Scope, sources: readonly Source[]): ReturnType<typeof nodesOf> {
  return nodesOf(scope.select['from']).filter((node) => !sources.some((source) => source.node === node));
}

/** The tables whose rows a COUNT(*) without groups counts, where others are joined and named nowhere else. */
function whollyCounted(scope: Scope): readonly Source[] {
  if (groupsOf(scope).length > 0) {
    return [];
  }
  const named = scope.sources.filter((source) => !isOnlyJoined(scope, source));
  return named.length < scope.sources.length ? named : [];
}

/** Two tables that each repeat the rows of the other, and a third that both are joined to: what is added are combinations. */
async function chasm(context: LookContext, scope: Scope): Promise<Doubt | null> {
  const calls = aggregatesOf(scope).filter(
    ({ name, distinct }) => !distinct && (name === 'COUNT' || verbs[name] !== undefined),
  );
  // A link table without a key of its own has each of its rows once; nothing is known of it.
  const isKnown = scope.sources.every(({ table }) => table !== null && keyOf(table).length > 0);
  const isRepeated = scope.sources.every((source) => repeating(scope, new Set([source])).length > 0);
  if (calls.length === 0 || !isKnown || !isRepeated) {
    return null;
  }
  const factors: { readonly name: string; readonly factor: Factor }[] = [];
  for (const source of scope.sources) {
    const factor = await factorOf(context, scope, [source]);
    if (factor === null || factor.rows <= factor.own) {
      return null;
    }
    factors.push({ name: nameOfSource(source), factor });
  }
  const added = new Set(calls.flatMap(({ argument }) => [...sourcesIn(argument, scope)].map(nameOfSource)));
  const each = factors
    .filter(({ name }) => added.size === 0 || added.has(name))
    .map(({ name, factor }) => `${name} ${factorText(factor)}`)
    .join(', ');
  return {
    kind: 'fan-out',
    sentence: `The joins repeat the rows of each other's tables (${each}): what is added up are combinations, not rows of one table.`,
    evidence: Object.fromEntries(factors.map(({ name, factor }) => [name, rounded(factor)])),
    mendedSql: eachOnce(context, scope),
  };
}

/** The statement without the joins that repeat and are named nowhere else, or over each counted row once. */
function mended(
  context: LookContext,
  scope: Scope,
  repeaters: readonly Source[],
  { node, distinct }: Aggregate,
): string | null {
  if (!repeaters.every((source) => isOnlyJoined(scope, source))) {
    return eachOnce(context, scope);
  }
  const from = fromWithout(scope, repeaters);
  const args = node['args'];
  return context.tree.write(
    new Map([
      [scope.select, { ...scope.select, from }],
      // Without the join there is nothing that DISTINCT has to hide.
      ...(distinct && isNode(args) ? [[node, { ...node, args: { ...args, distinct: null } }] as const] : []),
    ]),
  );
}
