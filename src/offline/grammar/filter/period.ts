import { amountsOf } from '../../analysis/amount.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Condition } from '../../query/tree.ts';
import { plain } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import type { Add } from './item.ts';

type Unit = 'day' | 'week' | 'month' | 'year';

/** A stretch of days, from `start` up to, not including, `end`. */
interface Period {
  readonly start: Date;
  readonly end: Date;
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const month = months.map((name) => (name === 'may' ? name : `${name}|${name.slice(0, 3)}`)).join('|');

const relative =
  /\b(?:(?<named>today|yesterday)|(?<which>this|current|last|previous|past) (?<unit>day|week|month|year)|(?:last|past|previous) (?<count>\d+) (?<units>day|week|month|year)s?)\b/iu;

/** `in 2024`, `since March 2025`, `before May`: a preposition of time, a month, a year. */
const absolute = new RegExp(
  `\\b(?<bound>in|during|of|for|from|since|after|before|until)(?: the year)? (?:(?:(?<month>${month})\\.?,?)(?: (?:of )?(?<year>(?:19|20)\\d\\d))?|(?<only>(?:19|20)\\d\\d))(?![\\w-])`,
  'iu',
);

/** Behind a period: another, so that the first by itself is not what is asked. */
const another = new RegExp(
  `^(?: (?:19|20)\\d\\d)?,? ?(?:and|or|to|until|till|through|[-–,]) ?(?:${month}|q[1-4]|(?:19|20)\\d\\d)\\b`,
  'iu',
);

/** A stretch of days that words of a question mean. */
interface Named {
  readonly match: RegExpExecArray;
  /** Either end may be open. */
  readonly start: Date | null;
  readonly end: Date | null;
}

/** The days that a question speaks of: counted from today, or by their month and year. */
function namedPeriod(analysis: Analysis): Named | null {
  const counted = relative.exec(analysis.question);
  if (counted !== null) {
    return { match: counted, ...periodOf(counted.groups ?? {}, analysis.now) };
  }
  const dated = absolute.exec(analysis.question);
  if (dated === null || another.test(analysis.question.slice(dated.index + dated[0].length))) {
    return null;
  }
  const { bound = '', month: name, year, only } = dated.groups ?? {};
  const index = months.findIndex((each) => each.startsWith((name ?? '').toLowerCase().slice(0, 3)));
  const number = Number(year ?? only ?? analysis.now.getFullYear());
  const start = new Date(Date.UTC(number, name === undefined ? 0 : index, 1));
  const end = moved(start, name === undefined ? 'year' : 'month', 1);
  switch (bound.toLowerCase()) {
    case 'since':
      return { match: dated, start, end: null };
    case 'after':
      return { match: dated, start: end, end: null };
    case 'before':
      return { match: dated, start: null, end: start };
    case 'until':
      return { match: dated, start: null, end };
    default:
      return { match: dated, start, end };
  }
}

/** Whether a column holds days: by its type, or because every text in it is one as ISO 8601 writes it. */
function holdsDays({ lookup }: Analysis, column: IndexedColumn): boolean {
  if (column.class !== 'text') {
    return column.class === 'date';
  }
  const values = lookup.of(column.id);
  return values !== null && values.length > 0 && values.every((value) => isoDay.test(value));
}

const isoDay = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/u;

/** Whether a table keeps years as numbers, which a year of the question then means. */
function keepsYears({ schemaIndex }: Analysis, tables: ReadonlySet<number>): boolean {
  return schemaIndex.columns.some(
    ({ table, class: kind, words }) => tables.has(table) && kind !== 'date' && words.includes('year'),
  );
}

/**
 * Conditions of days, `last year`, `the past 30 days` or `in March 2025`, on date columns of the tables that the
 * question names. Those that are counted from today are written out, so that the interpretation shows which are meant.
 */
export function periodItems(analysis: Analysis, add: Add): void {
  const period = namedPeriod(analysis);
  if (period === null) {
    return;
  }
  const { match } = period;
  const start = analysis.tokens.findIndex((token) => token.start >= match.index);
  const end = analysis.tokens.findLastIndex((token) => token.end <= match.index + match[0].length) + 1;
  if (start < 0 || end <= start) {
    return;
  }
  const named = new Set(
    analysis.tables.filter((mention) => mention.score >= 0.7).map((mention) => mention.id),
  );
  const isDated = match.groups?.['bound'] !== undefined;
  if (isDated && (named.size === 0 || keepsYears(analysis, named))) {
    return;
  }
  const dates = analysis.schemaIndex.columns.filter((column) => holdsDays(analysis, column));
  // Money is spent on the day of the order, not on that on which its customer came.
  const paid = new Set(
    amountsOf(analysis).flatMap(({ price }) => {
      const table = analysis.schemaIndex.columns[price]?.table;
      return [table, ...analysis.schemaIndex.links.flatMap((link) => (link.from === table ? [link.to] : []))];
    }),
  );
  const traded = dates.filter((column) => paid.has(column.table) && !named.has(column.table));
  const near = traded.length > 0 ? traded : dates.filter((column) => named.has(column.table));
  const mentioned = near.filter((column) =>
    analysis.columns.some((mention) => mention.id === column.id && mention.score >= 0.5),
  );
  const others = firstOfEach(near.length > 0 || isDated ? near : dates);
  const chosen = mentioned.length > 0 ? mentioned : others;
  for (const column of chosen.slice(0, 8)) {
    const bound = (operator: '>=' | '<', date: Date): Condition => ({
      kind: 'compare',
      left: plain(column.id),
      operator,
      right: { kind: 'text', text: date.toISOString().slice(0, 10) },
    });
    const bounds = [
      ...(period.start === null ? [] : [bound('>=', period.start)]),
      ...(period.end === null ? [] : [bound('<', period.end)]),
    ];
    const [only, ...more] = bounds;
    if (only === undefined) {
      continue;
    }
    const condition: Condition = more.length === 0 ? only : { kind: 'and', conditions: bounds };
    const sure = 0.9 / chosen.length;
    add(
      condition,
      column.id,
      column.table,
      { start, end },
      { kind: 'number', operator: '>=', year: true, sure },
    );
  }
}

/** The first date of each table, which is when its rows came to be; later ones tell of what became of them. */
function firstOfEach(columns: readonly IndexedColumn[]): readonly IndexedColumn[] {
  return columns.filter((column) => column === columns.find(({ table }) => table === column.table));
}

function periodOf(groups: Readonly<Record<string, string | undefined>>, now: Date): Period {
  const today = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
  const named = groups['named']?.toLowerCase();
  if (named !== undefined) {
    const start = named === 'today' ? today : moved(today, 'day', -1);
    return { start, end: moved(start, 'day', 1) };
  }
  const unit = (groups['unit'] ?? groups['units'] ?? 'day').toLowerCase() as Unit;
  if (groups['count'] !== undefined) {
    return { start: moved(today, unit, -Number(groups['count'])), end: moved(today, 'day', 1) };
  }
  const start = startOf(today, unit);
  const current = /this|current/i.test(groups['which'] ?? '');
  return current ? { start, end: moved(start, unit, 1) } : { start: moved(start, unit, -1), end: start };
}

/** The first day of the unit that a day lies in; weeks begin on Monday. */
function startOf(day: Date, unit: Unit): Date {
  if (unit === 'year') {
    return new Date(Date.UTC(day.getUTCFullYear(), 0, 1));
  }
  if (unit === 'month') {
    return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1));
  }
  return unit === 'week' ? moved(day, 'day', -((day.getUTCDay() + 6) % 7)) : day;
}

function moved(day: Date, unit: Unit, by: number): Date {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  if (unit === 'year') {
    return new Date(Date.UTC(year + by, month, date));
  }
  if (unit === 'month') {
    return new Date(Date.UTC(year, month + by, date));
  }
  return new Date(Date.UTC(year, month, date + by * (unit === 'week' ? 7 : 1)));
}
