import { lemmaOf, stemOf } from '../../language/lemma.ts';
import { spoken } from '../../query/spoken.ts';
import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime, isYear } from '../../time/kept.ts';
import { partAt } from '../../time/parts.ts';
import { whenAt, within } from '../../time/when.ts';
import { ownColumns } from '../names.ts';
import { along, isUp } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';
import { negated } from './conditions.ts';

/** A column of time that a period may be about, with what it costs to take it. */
interface Dated {
  readonly column: IndexedColumn;
  readonly cost: number;
}

/** `in 2024`, `opened since September`, `on Fridays`, `hired this year`, `published after 2015`. */
export const periods: Rule = (context, reading) => {
  const { lowers } = context;
  const { at } = reading;
  // `joined in 2024`, `were opened since May`: the verb tells which of several dates is meant.
  const particle = /^(?:for|up|in|out|off|on)$/u.test(lowers[at + 1] ?? '') ? [at + 2] : [];
  const starts = [at, at + 1, ...particle].filter((start) => start < lowers.length);
  return starts.flatMap((start) => {
    const verb = start === at ? null : (lowers[at] ?? '');
    if (verb !== null && /^(?:in|on|since|before|after|until|from|during|between)$/u.test(verb)) {
      return [];
    }
    const when = whenAt(context.analysis, lowers, start);
    if (when === null || (!when.sure && verb === null)) {
      return [];
    }
    return datesFor(context, verb, !('weekdays' in when)).flatMap(({ column, cost }): Reading[] => {
      const condition = within(context.analysis, column, when);
      const meant =
        condition === null || !reading.negated ? condition : negated(context.analysis.schemaIndex, condition);
      return meant === null ? [] : [conditioned(context, reading, when.next, column, meant, cost)];
    });
  });
};

function conditioned(
  context: Context,
  reading: Reading,
  end: number,
  column: IndexedColumn,
  condition: Condition,
  more: number,
): Reading {
  const { schemaIndex } = context.analysis;
  const [way] = context.paths.get(column.table) ?? [];
  const meant =
    way === undefined || column.table === context.table.id ? condition : along(schemaIndex, way, condition);
  return readOn(context, reading, end, spoken(schemaIndex).condition(condition), {
    conditions: [...reading.conditions, meant],
    negated: false,
    having: false,
    lastValue: null,
    more,
  });
}

/**
 * The dates that a period may be about: the one that a verb names, or else the one that says when the rows came to be. A
 * verb that names none of them makes the period unreadable.
 */
export function datesFor(context: Context, verb: string | null, years: boolean): readonly Dated[] {
  const { analysis, table } = context;
  const own = ownColumns(analysis.schemaIndex, table.id).filter(
    (column) => isTime(analysis, column) || (years && isYear(analysis, column)),
  );
  if (verb !== null) {
    const named = own.filter((column) => column.words.some((word) => isForm(verb, word)));
    if (named.length > 0) {
      return named.map((column) => ({ column, cost: named.length > 1 ? 0.1 : 0 }));
    }
    const beyond = referredDates(context, verb, years);
    if (beyond.length > 0) {
      return beyond;
    }
    // `placed`, `made`: the rows themselves came to be.
    if (
      !comesToBe.has(lemmaOf(verb)) &&
      !comesToBe.has(verb) &&
      !table.words.some((word) => isForm(verb, word))
    ) {
      return [];
    }
  }
  const main = eventDate(context, own);
  if (main !== null) {
    return [{ column: main, cost: own.length > 1 ? 0.1 : 0.05 }];
  }
  return [];
}

/** Dates that a verb names of what the rows refer to: `flats built after 1990` of their buildings. */
function referredDates({ analysis, paths }: Context, verb: string, years: boolean): readonly Dated[] {
  return [...paths].flatMap(([to, ways]) => {
    const [way] = ways;
    if (way === undefined || ways.length > 1 || way.steps.length === 0 || !isUp(way)) {
      return [];
    }
    return ownColumns(analysis.schemaIndex, to)
      .filter((column) => isTime(analysis, column) || (years && isYear(analysis, column)))
      .filter((column) => column.ownWords.some((word) => isForm(verb, word)))
      .map((column) => ({ column, cost: 0.1 * way.steps.length }));
  });
}

const comesToBe: ReadonlySet<string> = new Set([
  'place',
  'make',
  'create',
  'happen',
  'take',
  'add',
  'record',
  'begin',
  'do',
  'get',
  'come',
  'occur',
  'was',
  'were',
  'receive',
  'register',
  'book',
  'file',
  'start',
  'issue',
  'raise',
  'date',
]);

/** The date on which a row came to be: the one that is called as its table, or the first that tells of no end. */
function eventDate({ table }: Context, dates: readonly IndexedColumn[]): IndexedColumn | null {
  const called = dates.filter((column) =>
    column.words.some((word) => table.words.some((name) => isForm(name, word))),
  );
  if (called.length === 1 && called[0] !== undefined) {
    return called[0];
  }
  const begun = dates.filter((column) => !column.words.some((word) => words.closing.has(word)));
  const full = begun.filter(({ column }) => !column.nullable);
  return full[0] ?? begun[0] ?? (dates.length === 1 ? (dates[0] ?? null) : null);
}

/** Whether two words are forms of one: `enrolled` and `enrolment`, `pay` and `payment`, `arrives` and `arrival`. */
export function isForm(one: string, other: string): boolean {
  const [a, b] = [lemmaOf(one), lemmaOf(other)];
  if (a === b || one === other) {
    return true;
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 4 && short.endsWith('y') && long.startsWith(`${short.slice(0, -1)}i`)) {
    return /^(?:cation|ed|er|al|ance|ment)$/u.test(long.slice(short.length));
  }
  return (
    (stemOf(a).length >= 4 && stemOf(a) === stemOf(b)) ||
    (short.length >= 3 &&
      long.startsWith(short) &&
      /^(?:ment|al|ation|ing|er|or|ed|d|s|ion|ance|ence|lment|ure)$/u.test(long.slice(short.length))) ||
    (short.length >= 5 &&
      long.startsWith(short.replace(/e$/u, '')) &&
      /^(?:al|ation|ion|ing|ed|ure|or|er)$/u.test(long.slice(short.replace(/e$/u, '').length)))
  );
}

/** `per month`, `by weekday`, `for each year`, `monthly`: one row a stretch of time. */
export const byPeriod: Rule = (context, reading) => {
  const { at } = reading;
  const found = partAt(context.lowers, at);
  if (found === null) {
    return [];
  }
  const { part, next } = found;
  // A column of the table that is called so is grouped by as it is.
  if (
    context.names
      .columnsAt(context.table.id, next - 1)
      .some(({ cost, id }) => cost < 0.3 && context.analysis.schemaIndex.columns[id]?.class !== 'date')
  ) {
    return [];
  }
  return datesFor(context, null, false).map(({ column, cost }) =>
    readOn(
      context,
      reading,
      next,
      `one row for each ${part} of ${context.table.name}.${column.name}${spoken(context.analysis.schemaIndex).clock(column.id)}`,
      {
        groups: [...reading.groups, { kind: 'time', column: column.id, part }],
        more: cost,
      },
    ),
  );
};
