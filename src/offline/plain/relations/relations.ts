import asksFor from '../../data/asks-for.json' with { type: 'json' };
import { isForm } from '../../language/form.ts';
import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { whenAt, within } from '../../time/when.ts';
import { hasValue } from '../conditions/conditions.ts';
import { datesFor } from '../conditions/dates.ts';
import { valueConditions } from '../conditions/values.ts';
import { ownColumns } from '../names.ts';
import { along, isUp, notAlong, onlyWay, type Path, pathsFrom } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';

const synonyms: Readonly<Record<string, readonly string[]>> = {
  ...asksFor,
  borrow: ['loan', 'lending', 'borrowing'],
  lend: ['loan'],
  buy: ['order', 'purchase', 'sale', 'invoice'],
  purchase: ['order', 'purchase', 'sale', 'invoice'],
  rent: ['rental', 'lease'],
  reserve: ['reservation', 'booking'],
  book: ['booking', 'reservation', 'stay'],
  take: ['enrolment', 'enrollment', 'registration'],
  attend: ['enrolment', 'enrollment', 'attendance', 'registration'],
  visit: ['visit'],
  pay: ['payment'],
};

/** Whether a verb speaks of the rows of a table that is called so: `borrowed` of loans. */
export const speaksOf = (verb: string, lemma: string, table: readonly string[]): boolean =>
  table.some((word) => isForm(verb, word) || isForm(lemma, word) || synonyms[lemma]?.includes(word) === true);

/** `without a mechanic`, `with a lease`, `have no enrolments`: rows by whether others belong to them. */
export const related: Rule = (context, reading) => {
  if (!reading.having) {
    return [];
  }
  const { schemaIndex } = context.analysis;
  return context.names.tablesAt(reading.at).flatMap(({ id, end, cost }): Reading[] => {
    const way = onlyWay(context, id);
    const [step] = way?.steps ?? [];
    if (way === null || step === undefined) {
      return [];
    }
    const [key = -1] = step.link.left;
    const column = schemaIndex.columns[key];
    if (step.up && (way.steps.length > 1 || column?.column.nullable !== true)) {
      return [];
    }
    const condition = step.up
      ? hasValue(context.analysis, key, reading.negated)
      : reading.negated
        ? notAlong(schemaIndex, way, null)
        : along(schemaIndex, way, null);
    return condition === null
      ? []
      : [
          added(
            context,
            reading,
            end,
            condition,
            `${reading.negated ? 'without' : 'with'} a row in ${schemaIndex.tables[id]?.name ?? ''}`,
            cost,
          ),
        ];
  });
};

/** `never borrowed anything`, `nobody ordered`, `bought a lamp`, `stayed in 2025`: the verb names the table between. */
export const acted: Rule = (context, reading) => {
  const { lowers, lemmas } = context;
  // A sum over rows by what happened to them elsewhere is seldom what is meant.
  if (!reading.named || reading.measure !== null) {
    return [];
  }
  let at = reading.at;
  const nobody = /^(?:nobody|noone)$/u.test(lowers[at] ?? '')
    ? 1
    : lowers[at] === 'no' && lowers[at + 1] === 'one'
      ? 2
      : 0;
  at += nobody;
  while (/^(?:ever|has|have|had|yet|been|was|were|did|do|does)$/u.test(lowers[at] ?? '') && nobody > 0) {
    at++;
  }
  const verb = lowers[at] ?? '';
  const lemma = lemmas[at] ?? '';
  // `never took an exam`: what was taken is no verb.
  const isThing = reading.having && context.names.tablesAt(at).some(({ cost }) => cost === 0);
  if (!/\p{L}{3,}/u.test(verb) || isThing) {
    return [];
  }
  const against = reading.negated || nobody > 0;
  return tablesOfVerb(context, verb, lemma).flatMap(({ way, cost }): Reading[] => {
    // `dropped out in 2025`.
    const particle = /^(?:out|up|off)$/u.test(lowers[at + 1] ?? '') ? 1 : 0;
    const next = afterVerb(context, at + 1 + particle, way, verb);
    return next.flatMap(({ end, inner, more }): Reading[] => {
      // `members booked` says nothing by itself; without an object or a date only the negation does.
      // `hasn't paid` may speak of rows that are not paid yet.
      const undone = datesCalled(context, way.to, verb).some(({ column }) => column.column.nullable);
      if (inner === null && (!against || undone)) {
        return [];
      }
      const { schemaIndex } = context.analysis;
      const path = inner?.way ?? way;
      const condition = against
        ? notAlong(schemaIndex, path, inner?.condition ?? null)
        : along(schemaIndex, path, inner?.condition ?? null);
      const name = schemaIndex.tables[way.to]?.name ?? '';
      return condition === null
        ? []
        : [
            added(
              context,
              reading,
              end,
              condition,
              `${against ? 'no' : 'a'} row in ${name}${inner === null ? '' : ' such as this'}`,
              cost + more,
            ),
          ];
    });
  });
};

/** Whether words come next that say who did something with the rows: `did Alma Barlow borrow`, `has Tom bought`. */
export const asksWhoDid = ({ lowers }: Context, { at, named, negated }: Reading): boolean =>
  named && !negated && /^(?:did|does|do|has|have|had)$/u.test(lowers[at] ?? '');

/** `did Alma Barlow borrow`, `has Tom ordered`: who did it stands before the verb. */
export const actedBy: Rule = (context, reading) => {
  const { analysis, lowers, lemmas } = context;
  const { schemaIndex } = analysis;
  if (!asksWhoDid(context, reading)) {
    return [];
  }
  return [...context.paths].flatMap(([to, ways]): Reading[] => {
    const [way] = ways;
    const table = schemaIndex.tables[to];
    if (way === undefined || ways.length > 1 || way.steps[0]?.up !== false || table === undefined) {
      return [];
    }
    const there: Context = { ...context, table, paths: pathsFrom(schemaIndex, to) };
    return valueConditions(there, reading.at + 1).flatMap(({ condition, end, cost }): Reading[] => {
      const verbs = tablesOfVerb(context, lowers[end] ?? '', lemmas[end] ?? '');
      const verb = verbs.find((each) => each.way.to === to);
      return verb === undefined
        ? []
        : [
            added(
              context,
              reading,
              end + 1,
              along(schemaIndex, way, condition),
              `a row in ${table.name} such as this`,
              cost + verb.cost,
            ),
          ];
    });
  });
};

/** Tables of which a verb speaks, `ordered` of orders, that are reached from the rows by one way of keys. */
export function tablesOfVerb(
  context: Context,
  verb: string,
  lemma: string,
): readonly { readonly way: Path; readonly cost: number }[] {
  const { tables } = context.analysis.schemaIndex;
  const found = tables.flatMap((table) => {
    const way = onlyWay(context, table.id);
    if (way === null || way.steps[0]?.up !== false) {
      return [];
    }
    const called =
      table.words.some((word) => isForm(verb, word) || isForm(lemma, word)) ||
      (/(?:ed|es|s|d|n|t)$/u.test(verb) && datesCalled(context, table.id, verb).length > 0);
    const alike = table.words.some((word) => synonyms[lemma]?.includes(word));
    return called || alike ? [{ way, cost: (called ? 0 : 0.15) + 0.1 * (way.steps.length - 1) }] : [];
  });
  const least = Math.min(...found.map(({ way }) => way.steps.length));
  return found.filter(({ way }) => way.steps.length === least);
}

/** The dates of a table that a verb names: `arrives`, `ordered`. */
const datesCalled = (
  context: Context,
  table: number,
  verb: string,
): readonly { readonly column: IndexedColumn }[] =>
  ownColumns(context.analysis.schemaIndex, table)
    .filter(
      (column) => isTime(context.analysis, column) && column.ownWords.some((word) => isForm(verb, word)),
    )
    .map((column) => ({ column }));

interface Object {
  readonly end: number;
  readonly inner: { readonly way: Path; readonly condition: Condition } | null;
  readonly more: number;
}

/** What stands behind a verb: nothing, `anything`, `any course`, a stored value, a period. */
function afterVerb(context: Context, at: number, way: Path, verb: string): readonly Object[] {
  const { analysis, lowers } = context;
  const { schemaIndex } = analysis;
  const found: Object[] = [];
  let end = at;
  while (/^(?:in|at|on|for|from|to|with|a|an|the|any|yet|ever|before)$/u.test(lowers[end] ?? '')) {
    end++;
  }
  const beyond = pathsFrom(schemaIndex, way.to);
  // A title may begin with an article of its own.
  const places = [...new Set([end, Math.max(at, end - 1)])];
  const isLast = analysis.tokens.slice(end).every(({ kind }) => kind === 'mark');
  // `hasn't paid their entry` says nothing of what else is paid.
  const owned = /^(?:their|his|her|its|our|your|my)$/u.test(lowers[end] ?? '');
  if (!owned && (end === at || isLast || /^(?:yet|ever|before|in)$/u.test(lowers[end - 1] ?? ''))) {
    found.push({ end, inner: null, more: 0 });
  }
  if (/^(?:anything|something|nothing|any)$/u.test(lowers[end] ?? '')) {
    found.push({ end: end + 1, inner: null, more: 0 });
  }
  for (const hit of context.names.tablesAt(end)) {
    const ways = beyond.get(hit.id) ?? [];
    if (ways.length === 1 && ways.every(isUp)) {
      found.push({ end: hit.end, inner: null, more: hit.cost });
    }
  }
  const table = schemaIndex.tables[way.to];
  if (table !== undefined) {
    const there: Context = { ...context, table, paths: beyond };
    for (const value of places.flatMap((place) => valueConditions(there, place))) {
      found.push({ end: value.end, inner: { way, condition: value.condition }, more: value.cost + 0.05 });
    }
    const when = whenAt(analysis, lowers, at);
    const called = datesCalled(context, way.to, verb);
    const dates = when === null ? [] : called.length > 0 ? called : datesFor(there, null, true);
    const [date] = dates;
    const condition = date === undefined || when === null ? null : within(analysis, date.column, when);
    if (condition !== null && when !== null) {
      found.push({ end: when.next, inner: { way, condition }, more: 0.1 });
    }
    // What is bought may be told by the table beyond: order lines and their items.
    for (const [to, ways] of context.paths) {
      const [long] = ways;
      const target = schemaIndex.tables[to];
      if (
        long === undefined ||
        ways.length > 1 ||
        target === undefined ||
        long.steps.length <= way.steps.length ||
        !passes(long, way)
      ) {
        continue;
      }
      for (const value of valueConditions(
        { ...context, table: target, paths: new Map([[to, [{ to, steps: [] }]]]) },
        end,
      )) {
        found.push({
          end: value.end,
          inner: { way: long, condition: value.condition },
          more: value.cost + 0.1,
        });
      }
    }
  }
  return found;
}

/** Whether a way begins with all of another. */
const passes = (long: Path, short: Path): boolean =>
  short.steps.every(
    ({ link, up }, index) => long.steps[index]?.link === link && long.steps[index]?.up === up,
  );

export const added = (
  context: Context,
  reading: Reading,
  end: number,
  condition: Condition,
  means: string,
  more: number,
): Reading =>
  readOn(context, reading, end, means, {
    conditions: [...reading.conditions, condition],
    negated: false,
    having: false,
    lastValue: null,
    more,
  });
