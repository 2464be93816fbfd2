import type { DatePart } from '../../../database/dialect.ts';
import { type Days, daysAt, weekdayOf } from '../../language/days.ts';
import { lemmaOf, stemOf } from '../../language/lemma.ts';
import { spoken } from '../../query/spoken.ts';
import type { Condition, Literal } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime, isYear, ownColumns } from '../names.ts';
import { along, isUp } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';
import { compare, joined, negated } from './conditions.ts';

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
  const spoken = [at, at + 1].filter((start) => start < lowers.length);
  return spoken.flatMap((start) => {
    const verb = start === at ? null : (lowers[at] ?? '');
    if (verb !== null && /^(?:in|on|since|before|after|until|from|during|between)$/u.test(verb)) {
      return [];
    }
    const weekday = weekdayAt(lowers, start);
    if (weekday !== null) {
      return datesFor(context, verb, false).flatMap(({ column, cost }) =>
        reading.negated
          ? []
          : [
              conditioned(
                context,
                reading,
                weekday.next,
                column,
                { kind: 'weekday', column: column.id, day: weekday.day },
                cost,
              ),
            ],
      );
    }
    const days = daysAt(lowers, start, context.analysis.now);
    if (days === null || (!days.sure && verb === null)) {
      return [];
    }
    return datesFor(context, verb, true).flatMap(({ column, cost }): Reading[] => {
      const condition = within(context, column, days);
      const meant =
        condition === null || !reading.negated ? condition : negated(context.analysis.schemaIndex, condition);
      return meant === null ? [] : [conditioned(context, reading, days.next, column, meant, cost)];
    });
  });
};

function weekdayAt(lowers: readonly string[], at: number): { day: number; next: number } | null {
  const from = lowers[at] === 'on' ? at + 1 : at;
  const start = lowers[from] === 'a' ? from + 1 : from;
  const day = weekdayOf(lowers[start] ?? '');
  return day === null || start === at ? null : { day, next: start + 1 };
}

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

/** Days as a condition on a column; null where it can't hold them, such as a month where only years are kept. */
export function within({ analysis }: Context, column: IndexedColumn, { start, end }: Days): Condition | null {
  if (isYear(analysis, column)) {
    if ([start, end].some((day) => day !== null && !day.endsWith('-01-01'))) {
      return null;
    }
    const number = (day: string): Literal =>
      column.class === 'text'
        ? { kind: 'text', text: day.slice(0, 4) }
        : { kind: 'number', number: Number(day.slice(0, 4)) };
    if (start !== null && end !== null && Number(end.slice(0, 4)) - Number(start.slice(0, 4)) === 1) {
      return compare(column.id, '=', number(start));
    }
    return both(
      start === null ? null : compare(column.id, '>=', number(start)),
      end === null ? null : compare(column.id, '<', number(end)),
    );
  }
  const text = (day: string): { kind: 'text'; text: string } => ({ kind: 'text', text: day });
  return both(
    start === null ? null : compare(column.id, '>=', text(start)),
    end === null ? null : compare(column.id, '<', text(end)),
  );
}

const both = (low: Condition | null, high: Condition | null): Condition | null => {
  const list = [low, high].filter((each) => each !== null);
  return list.length === 0 ? null : joined('and', list);
};

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

const parts: Readonly<Record<string, DatePart>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  weekday: 'weekday',
  date: 'day',
};
const adverbs: Readonly<Record<string, DatePart>> = {
  yearly: 'year',
  annually: 'year',
  quarterly: 'quarter',
  monthly: 'month',
  weekly: 'week',
  daily: 'day',
};

/** `per month`, `by weekday`, `for each year`, `monthly`: one row a stretch of time. */
export const byPeriod: Rule = (context, reading) => {
  const { lowers } = context;
  const { at } = reading;
  const adverb = adverbs[lowers[at] ?? ''];
  let end = at;
  while (/^(?:per|by|for|in|on|of|each|every|grouped|broken|down|split|the)$/u.test(lowers[end] ?? '')) {
    end++;
  }
  const led = lowers.slice(at, end).some((word) => /^(?:per|by|each|every)$/u.test(word));
  const weekday =
    lowers[end] === 'day' &&
    lowers[end + 1] === 'of' &&
    lowers.slice(end + 2, end + 4).join(' ') === 'the week';
  const part = adverb ?? (led ? (weekday ? 'weekday' : parts[lowers[end] ?? '']) : undefined);
  if (part === undefined) {
    return [];
  }
  const next = adverb !== undefined ? at + 1 : end + (weekday ? 4 : 1);
  // A column of the table that is called so is grouped by as it is.
  if (
    context.names
      .columnsAt(context.table.id, end)
      .some(({ cost, id }) => cost < 0.3 && context.analysis.schemaIndex.columns[id]?.class !== 'date')
  ) {
    return [];
  }
  return datesFor(context, null, false).map(({ column, cost }) =>
    readOn(context, reading, next, `one row for each ${part} of ${context.table.name}.${column.name}`, {
      groups: [...reading.groups, { kind: 'time', column: column.id, part }],
      more: cost,
    }),
  );
};
