import { type Condition, type Literal, plain } from '../query/tree.ts';
import { columnOf, conditionsOf, type Draft, findWords, type Span } from './draft.ts';
import { distanceTo, tablesOf } from './reach.ts';

/** Days from `from` up to, not including, `to`; either end may be open. As `yyyy-mm-dd`. */
export interface Period extends Span {
  readonly from: string | null;
  readonly to: string | null;
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const month = `(${months.join('|')}|${months.map((name) => name.slice(0, 3)).join('|')}|sept)`;
const day = (date: Date): string => date.toISOString().slice(0, 10);
const at = (year: number, monthIndex: number, dayOfMonth = 1): Date =>
  new Date(Date.UTC(year, monthIndex, dayOfMonth));

/** The period that unread words name: a year, a quarter, a month, a day, before or since one, between two, or counted from today. */
export function periodIn(draft: Draft): Period | null {
  const now = draft.analysis.now;
  const before =
    '(?:(?:only |just )?(?:in|from|of|during|for|since|after|before|until|till|on|starting|starting in) )?(?:the year )?';
  const find = (pattern: string): (Span & { readonly match: RegExpExecArray }) | null =>
    findWords(draft, new RegExp(`(?<![\\d-] )\\b${before}${pattern}(?![\\w-])`, 'u'));
  const years = findWords(draft, /\b(?:between|from) (\d{4}) (?:and|to|until|till|-) (\d{4})\b/u);
  if (years !== null && isYear(years.match[1]) && isYear(years.match[2])) {
    return { ...years, from: `${years.match[1]}-01-01`, to: day(at(Number(years.match[2]) + 1, 0)) };
  }
  const dated = find('(\\d{4}-\\d{2}-\\d{2})');
  if (dated !== null) {
    const start = new Date(`${dated.match[1]}T00:00:00Z`);
    if (!Number.isNaN(start.getTime())) {
      return open(dated, start, new Date(start.getTime() + 86_400_000));
    }
  }
  const quarter =
    find('q ?([1-4])(?: (?:of )?(\\d{4}))?') ??
    find('(first|second|third|fourth) quarter(?: (?:of )?(\\d{4}))?');
  if (quarter !== null) {
    const names = ['first', 'second', 'third', 'fourth'];
    const number = names.indexOf(quarter.match[1] ?? '') + 1 || Number(quarter.match[1]);
    const year = quarter.match[2] === undefined ? now.getFullYear() : Number(quarter.match[2]);
    return open(quarter, at(year, 3 * number - 3), at(year, 3 * number));
  }
  const named = find(`${month}(?: (?:of )?(\\d{4}))?`);
  if (named !== null) {
    const index = months.findIndex((name) => name.startsWith((named.match[1] ?? '').slice(0, 3)));
    const year = named.match[2] === undefined ? now.getFullYear() : Number(named.match[2]);
    return open(named, at(year, index), at(year, index + 1));
  }
  const year = find('(\\d{4})');
  if (year !== null && isYear(year.match[1])) {
    return open(year, at(Number(year.match[1]), 0), at(Number(year.match[1]) + 1, 0));
  }
  return relative(draft, find, now);
}

function relative(
  _draft: Draft,
  find: (pattern: string) => (Span & { readonly match: RegExpExecArray }) | null,
  now: Date,
): Period | null {
  const [y, m, d] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const single = find('(today|yesterday)');
  if (single !== null) {
    const back = single.match[1] === 'yesterday' ? 1 : 0;
    return open(single, at(y, m, d - back), at(y, m, d - back + 1));
  }
  const counted = find('(?:the )?(?:last|past|previous) (\\d+) (day|week|month|year)s?');
  if (counted !== null) {
    const count = Number(counted.match[1]);
    const unit = counted.match[2];
    const start =
      unit === 'year'
        ? at(y - count, m, d)
        : unit === 'month'
          ? at(y, m - count, d)
          : at(y, m, d - count * (unit === 'week' ? 7 : 1));
    return open(counted, start, at(y, m, d + 1));
  }
  const one = find('(this|current|last|previous|past) (day|week|month|quarter|year)');
  if (one === null) {
    return null;
  }
  const back = one.match[1] === 'this' || one.match[1] === 'current' ? 0 : 1;
  switch (one.match[2]) {
    case 'year':
      return open(one, at(y - back, 0), at(y - back + 1, 0));
    case 'quarter': {
      const first = m - (m % 3) - 3 * back;
      return open(one, at(y, first), at(y, first + 3));
    }
    case 'month':
      return open(one, at(y, m - back), at(y, m - back + 1));
    case 'week': {
      const monday = d - ((now.getDay() + 6) % 7) - 7 * back;
      return open(one, at(y, m, monday), at(y, m, monday + 7));
    }
    default:
      return open(one, at(y, m, d - back), at(y, m, d - back + 1));
  }
}

/** A period, one of its ends left open by `since`, `after`, `before` or `until`. */
function open(span: Span & { readonly match: RegExpExecArray }, from: Date, to: Date): Period {
  const { start, end } = span;
  const text = span.match[0];
  if (/\b(?:since|starting)\b/u.test(text)) {
    return { start, end, from: day(from), to: null };
  }
  if (/\bafter\b/u.test(text)) {
    return { start, end, from: day(to), to: null };
  }
  if (/\b(?:until|till)\b/u.test(text)) {
    return { start, end, from: null, to: day(to) };
  }
  if (/\bbefore\b/u.test(text)) {
    return { start, end, from: null, to: day(from) };
  }
  return { start, end, from: day(from), to: day(to) };
}

const isYear = (text: string | undefined): boolean => /^(?:19|20)\d\d$/u.test(text ?? '');

/** A column that lies in a period. */
export function within(column: number, { from, to }: Period): readonly Condition[] {
  const bound = (operator: '>=' | '<', date: string): Condition => {
    const right: Literal = { kind: 'text', text: date };
    return { kind: 'compare', left: plain(column), operator, right };
  };
  return [...(from === null ? [] : [bound('>=', from)]), ...(to === null ? [] : [bound('<', to)])];
}

/**
 * The date columns that a period may be about: those that the words name, else the one that the query filters or groups
 * by already, else those of its own tables, else those of the nearest. Of the tables that one starts which refers to the
 * others: it is what is listed or counted.
 */
export function datesNamed(
  draft: Draft,
  period: Span,
): { readonly columns: readonly number[]; readonly spans: readonly Span[] } {
  const { analysis, query, graph } = draft;
  const near = ({ start, end }: Span): boolean => start < period.start || end > period.end;
  const tables = tablesOf(query);
  const within = (table: number): boolean => distanceTo(graph, tables, table) <= 2;
  const columns = analysis.columns.filter((mention) => {
    const column = analysis.schemaIndex.columns[mention.id];
    const isNamed = mention.score >= 0.45 && mention.weakest >= 0.6;
    return isNamed && near(mention) && column?.class === 'date' && within(column.table);
  });
  const distanceOf = (id: number): number =>
    distanceTo(graph, tables, analysis.schemaIndex.columns[id]?.table ?? -1);
  const [first, ...others] = columns.toSorted(
    (a, b) => b.score - a.score || distanceOf(a.id) - distanceOf(b.id) || a.start - b.start,
  );
  if (first !== undefined) {
    const same = others.filter(
      ({ id, score }) => score === first.score && distanceOf(id) === distanceOf(first.id),
    );
    return { columns: [...new Set([first, ...same].map(({ id }) => id))], spans: [first] };
  }
  const table = analysis.tables.find(
    (mention) => mention.score >= 0.8 && near(mention) && !tables.includes(mention.id) && within(mention.id),
  );
  if (table === undefined) {
    return { columns: dateColumns(draft), spans: [] };
  }
  const dates = analysis.schemaIndex.columns.filter(
    (column) => column.class === 'date' && column.table === table.id,
  );
  return { columns: firstOfEach(dates), spans: [table] };
}

/** As `datesNamed`, where no words name a date. */
export function dateColumns(draft: Draft): readonly number[] {
  const { analysis, query, graph } = draft;
  const { schemaIndex } = analysis;
  const tables = tablesOf(query);
  const dates = schemaIndex.columns.filter((column) => column.class === 'date');
  const used = [
    ...conditionsOf(query.where).flatMap((condition) => columnOf(condition) ?? []),
    ...query.group,
    ...query.select.flatMap(({ column }) => column ?? []),
  ].find((id) => schemaIndex.columns[id]?.class === 'date');
  if (used !== undefined) {
    return [used];
  }
  const referring = tables.filter(
    (table) =>
      !tables.some((other) =>
        (graph.edges.get(other) ?? []).some((edge) => edge.to === table && edge.link.from === other),
      ),
  );
  for (const set of [referring, tables]) {
    const own = firstOfEach(dates.filter(({ table }) => set.includes(table)));
    if (own.length > 0) {
      return own;
    }
  }
  const nearest = Math.min(...dates.map(({ table }) => distanceTo(graph, tables, table)));
  if (nearest > 2) {
    return [];
  }
  return firstOfEach(dates.filter(({ table }) => distanceTo(graph, tables, table) === nearest));
}

/** The first date of each table, which is when its rows came to be; later ones tell of what became of them. */
function firstOfEach(columns: readonly { readonly id: number; readonly table: number }[]): readonly number[] {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return tables.flatMap((table) => columns.find((column) => column.table === table)?.id ?? []);
}
