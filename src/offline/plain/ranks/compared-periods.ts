import type { DatePart } from '../../../database/dialect.ts';
import { spoken } from '../../query/spoken.ts';
import { dayOf, moved, startOf, writeDay } from '../../time/calendar.ts';
import { isYear } from '../../time/kept.ts';
import { type Span, spanAt } from '../../time/span.ts';
import { within } from '../../time/when.ts';
import { joined } from '../conditions/conditions.ts';
import { datesFor } from '../conditions/dates.ts';
import { along, isUp } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';

const link =
  /^(?:versus|vs|against|compared (?:to|with)|in comparison (?:to|with)|and then)\b(?: the| in| \.)*/u;
/** Words that part two times of which one has more than the other. */
const thanLink = /^(?:than|compared (?:to|with)|or|and|versus|vs)\b(?: the| in| \.)*/u;
const asksFor =
  /^(?:compare|(?:did|do|have) (?:we|they|you) (?:have |had |get |got |sell |sold |make |made |do |take |took |see |seen )?(?:more|fewer|less)|(?:are|were|is|was) there (?:more|fewer|less))\b/u;

/** `compare`, `did we have more`: rows are counted for each of two times that have to be named. */
export const asksToCompare: Rule = (context, reading) => {
  const said = asksFor.exec(context.lowers.slice(reading.at, reading.at + 4).join(' '));
  return said === null || reading.named || reading.head !== null || reading.conditions.length > 0
    ? []
    : [
        readOn(context, reading, reading.at + said[0].split(' ').length, null, {
          ...(said[0] === 'compare' ? {} : { asked: 'count', head: 'how many' }),
          compares: true,
        }),
      ];
};

/** `in 2025 vs 2026`, `this year compared with last year`, `in May versus June`: a row for each of two times of one length. */
export const comparedPeriods: Rule = (context, reading) => {
  const { analysis, lowers } = context;
  const { schemaIndex } = analysis;
  const isAsked = reading.named || reading.measure !== null;
  if (!isAsked || reading.negated || reading.groups.some(({ kind }) => kind === 'time') || reading.within) {
    return [];
  }
  // `delivered in 2025 vs 2026`: the verb tells which date is meant.
  const direct = twoAt(context, reading);
  const verb = direct === null ? (lowers[reading.at] ?? null) : null;
  const found = direct ?? twoAt(context, { ...reading, at: reading.at + 1 });
  if (found === null || (verb !== null && !/\p{L}{3,}(?:d|n|t)$/u.test(verb))) {
    return [];
  }
  const { first, second, part, next } = found;
  return datesFor(context, verb, true).flatMap(({ column, cost }): Reading[] => {
    const [way] = context.paths.get(column.table) ?? [];
    const own = column.table === context.table.id;
    const times = [first, second].map((span) =>
      within(analysis, column, {
        start: writeDay(span.start),
        end: writeDay(span.end),
        next,
        sure: true,
        fromToday: span.fromToday,
      }),
    );
    const known = times.filter((each) => each !== null);
    if (known.length < 2 || (!own && (way === undefined || !isUp(way)))) {
      return [];
    }
    const either = joined('or', known);
    const name = `${schemaIndex.tables[column.table]?.name ?? ''}.${column.name}`;
    const today = dayOf(analysis.now);
    const open = [first, second].find(({ start, end }) => start <= today && today < end);
    const unfinished = open === undefined ? '' : `; the later ${part} is not over`;
    return [
      readOn(
        context,
        reading,
        next,
        `one row for each ${part} of ${name}${spoken(schemaIndex).clock(column.id)}${unfinished}`,
        {
          conditions: [
            ...reading.conditions,
            own || way === undefined ? either : along(schemaIndex, way, either),
          ],
          groups: [
            ...reading.groups,
            isYear(analysis, column)
              ? { kind: 'column', column: column.id }
              : { kind: 'time', column: column.id, part },
          ],
          lastGroup: next,
          lastValue: null,
          having: false,
          compares: false,
          more: cost,
        },
      ),
    ];
  });
};

interface Two {
  readonly first: Span;
  readonly second: Span;
  readonly part: DatePart;
  readonly next: number;
}

/** Two times of one length with a word between that compares them; null where there are none. */
function twoAt({ analysis, lowers }: Context, { at, compares }: Reading): Two | null {
  const { now } = analysis;
  let from = at;
  while (/^(?:in|for|from|of|during|the|:|between)$/u.test(lowers[from] ?? '')) {
    from++;
  }
  const first = spanAt(lowers, from, now);
  const part = first === null ? null : partOf(first);
  if (first === null || part === null) {
    return null;
  }
  const said = (compares ? thanLink : link).exec(lowers.slice(first.next, first.next + 4).join(' '));
  if (said === null) {
    return null;
  }
  const behind = first.next + said[0].trim().split(' ').length;
  // `this year vs last`.
  const bare = /^(?:last|previous)$/u.test(lowers[behind] ?? '') && spanAt(lowers, behind, now) === null;
  const short = bare ? spanAt(['last', part], 0, now) : null;
  const second = short === null ? spanAt(lowers, behind, now) : { ...short, next: behind + 1 };
  if (second === null || partOf(second) !== part || second.start.getTime() === first.start.getTime()) {
    return null;
  }
  // `in May vs June 2025`: a year that one of them has counts for both.
  const year = (second.lacksYear ? first : second).start.getUTCFullYear();
  const whole = (span: Span, place: number): Span =>
    span.lacksYear && first.lacksYear !== second.lacksYear
      ? (spanAt(lowers, place, now, year) ?? span)
      : span;
  const [one, other] = [whole(first, from), whole(second, behind)];
  return one.start.getTime() === other.start.getTime()
    ? null
    : { first: one, second: other, part, next: other.next };
}

/** The one part of the calendar that a stretch of days is; null for any other stretch. */
function partOf({ start, end }: Span): DatePart | null {
  const parts = ['year', 'quarter', 'month', 'week', 'day'] as const;
  return (
    parts.find(
      (unit) =>
        startOf(start, unit).getTime() === start.getTime() &&
        moved(start, unit, 1).getTime() === end.getTime(),
    ) ?? null
  );
}
