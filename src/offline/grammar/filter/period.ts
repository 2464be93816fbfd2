import { amountsOf } from '../../analysis/amount.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Condition } from '../../query/tree.ts';
import { plain } from '../../query/tree.ts';
import type { Add } from './item.ts';

type Unit = 'day' | 'week' | 'month' | 'year';

/** A stretch of days, from `start` up to, not including, `end`. */
interface Period {
  readonly start: Date;
  readonly end: Date;
}

const pattern =
  /\b(?:(?<named>today|yesterday)|(?<which>this|current|last|previous|past) (?<unit>day|week|month|year)|(?:last|past|previous) (?<count>\d+) (?<units>day|week|month|year)s?)\b/iu;

/**
 * Conditions of relative dates, `last year` or `the past 30 days`, on date columns of the tables that the question
 * names. The days are counted from today and written out, so that the reading shows which ones are meant.
 */
export function periodItems(analysis: Analysis, add: Add): void {
  const match = pattern.exec(analysis.question);
  const groups = match?.groups;
  if (match === null || groups === undefined) return;
  const period = periodOf(groups, analysis.now);
  const start = analysis.tokens.findIndex((token) => token.start >= match.index);
  const end = analysis.tokens.findLastIndex((token) => token.end <= match.index + match[0].length) + 1;
  if (start < 0 || end <= start) return;
  const named = new Set(
    analysis.tables.filter((mention) => mention.score >= 0.7).map((mention) => mention.id),
  );
  const dates = analysis.schemaIndex.columns.filter((column) => column.class === 'date');
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
  const chosen = mentioned.length > 0 ? mentioned : near.length > 0 ? near : dates;
  for (const column of chosen.slice(0, 8)) {
    const bound = (operator: '>=' | '<', date: Date): Condition => ({
      kind: 'compare',
      left: plain(column.id),
      operator,
      right: { kind: 'text', text: date.toISOString().slice(0, 10) },
    });
    const condition: Condition = {
      kind: 'and',
      conditions: [bound('>=', period.start), bound('<', period.end)],
    };
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

function periodOf(groups: Readonly<Record<string, string | undefined>>, now: Date): Period {
  const today = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
  const named = groups['named']?.toLowerCase();
  if (named !== undefined) {
    const start = named === 'today' ? today : moved(today, 'day', -1);
    return { start, end: moved(start, 'day', 1) };
  }
  const unit = (groups['unit'] ?? groups['units'] ?? 'day').toLowerCase() as Unit;
  if (groups['count'] !== undefined)
    return { start: moved(today, unit, -Number(groups['count'])), end: moved(today, 'day', 1) };
  const start = startOf(today, unit);
  const current = /this|current/i.test(groups['which'] ?? '');
  return current ? { start, end: moved(start, unit, 1) } : { start: moved(start, unit, -1), end: start };
}

/** The first day of the unit that a day lies in; weeks begin on Monday. */
function startOf(day: Date, unit: Unit): Date {
  if (unit === 'year') return new Date(Date.UTC(day.getUTCFullYear(), 0, 1));
  if (unit === 'month') return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1));
  return unit === 'week' ? moved(day, 'day', -((day.getUTCDay() + 6) % 7)) : day;
}

function moved(day: Date, unit: Unit, by: number): Date {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  if (unit === 'year') return new Date(Date.UTC(year + by, month, date));
  if (unit === 'month') return new Date(Date.UTC(year, month + by, date));
  return new Date(Date.UTC(year, month, date + by * (unit === 'week' ? 7 : 1)));
}
