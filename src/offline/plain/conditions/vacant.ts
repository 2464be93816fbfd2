import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { dayOf, writeDay } from '../../time/calendar.ts';
import { isTime } from '../../time/kept.ts';
import { ownColumns } from '../names.ts';
import { along } from '../paths.ts';
import type { Context } from '../reading.ts';
import { words } from '../words.ts';
import { compare, joined, negated } from './conditions.ts';
import type { State } from './state.ts';

/**
 * `vacant rooms`, `occupied flats`, `cars that are rented out`: whether a row of the one table that takes them for a time
 * is current, begun and not yet over.
 */
export function vacant(context: Context, at: number): readonly State[] {
  const { lowers, paths, analysis } = context;
  const { schemaIndex } = analysis;
  const word = lowers[at] ?? '';
  const free = /^(?:vacant|free|unoccupied|available|unlet|unrented|unused)$/u.test(word);
  const taken = /^(?:occupied|taken|let|rented|lent|borrowed|out)$/u.test(word);
  if (!free && !taken) {
    return [];
  }
  const found = [...paths].flatMap(([to, ways]) => {
    const [way] = ways;
    const spell =
      way !== undefined && ways.length === 1 && way.steps.length === 1 && way.steps[0]?.up === false
        ? currentOf(context, to)
        : null;
    return way === undefined || spell === null ? [] : [{ way, spell }];
  });
  const [only] = found;
  if (only === undefined || found.length > 1) {
    return [];
  }
  const isTaken = along(schemaIndex, only.way, only.spell);
  const isFree = negated(schemaIndex, isTaken);
  if (isFree === null) {
    return [];
  }
  const end = at + (lowers[at + 1] === 'out' && taken ? 2 : 1);
  return [
    free
      ? { condition: isFree, opposite: isTaken, end, cost: 0.1 }
      : { condition: isTaken, opposite: isFree, end, cost: 0.1 },
  ];
}

/** Whether rows of another table say of the rows when they were somewhere, so that `currently` may ask for those. */
export const hasSpells = (context: Context): boolean =>
  [...context.paths].some(
    ([to, ways]) =>
      ways.some(({ steps: [first, ...rest] }) => first?.up === false && rest.length === 0) &&
      currentOf(context, to) !== null,
  );

/** The condition that a row has begun and is not over today; null for a table that keeps no such stretch of time. */
function currentOf({ analysis }: Context, table: number): Condition | null {
  const times = ownColumns(analysis.schemaIndex, table).filter((column) => isTime(analysis, column));
  const [begin, ...begins] = times.filter((column) => named(column, words.beginning));
  const [end, ...ends] = times.filter((column) => named(column, words.ending));
  if (begin === undefined || end === undefined || begins.length > 0 || ends.length > 0) {
    return null;
  }
  const today = { kind: 'text', text: writeDay(dayOf(analysis.now)) } as const;
  const lasts = compare(end.id, '>', today);
  return joined('and', [
    compare(begin.id, '<=', today),
    end.column.nullable ? joined('or', [{ kind: 'null', column: end.id, negated: false }, lasts]) : lasts,
  ]);
}

const named = (column: IndexedColumn, known: ReadonlySet<string>): boolean =>
  column.words.some((word) => known.has(word));
