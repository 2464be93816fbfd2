import ends from '../../data/ends.json' with { type: 'json' };
import type { Condition } from '../../query/tree.ts';
import { endsOf } from '../../schema-index/ends.ts';
import type { IndexedTable } from '../../schema-index/schema-index.ts';
import { joined } from '../conditions/conditions.ts';
import { dated } from '../conditions/kinds.ts';
import { along, notAlong, onlyWay, type Path, pathsFrom } from '../paths.ts';
import type { Context, Reading, Rule } from '../reading.ts';
import { led, moves } from './led.ts';
import { added } from './relations.ts';

/**
 * `users who sent a message to Ben`, `ships that sail from Visby`, `players who moved to Reds`: rows by others that go
 * between two of a kind, of which they are one end or to which they belong.
 */
export const betweenOthers: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const verb = lowers[reading.at] ?? '';
  if (!reading.named || reading.having || reading.measure !== null) {
    return [];
  }
  const { schemaIndex } = analysis;
  return schemaIndex.tables.flatMap((rows): readonly Reading[] => {
    const there: Context = { ...context, table: rows, paths: pathsFrom(schemaIndex, rows.id) };
    return endsOf(schemaIndex, rows.id).flatMap((kind): readonly Reading[] => {
      if (rows.id === table.id) {
        return [];
      }
      if (kind.target?.id === table.id) {
        const [end, ...others] = kind.all.filter(
          ({ side }) => (side === 'from' || side === 'to') && ends.sides[side].verbs.includes(verb),
        );
        if (end?.link == null || others.length > 0) {
          return [];
        }
        const way: Path = { to: rows.id, steps: [{ link: end.link, up: false }] };
        return objectsAt(context, rows, reading.at + 1).flatMap((next) =>
          tails(there, next, true).flatMap((tail) => finished(context, reading, way, tail)),
        );
      }
      const way = onlyWay(context, rows.id);
      return way?.steps[0]?.up === false && moves(there, verb)
        ? tails(there, reading.at, false).flatMap((tail) => finished(context, reading, way, tail))
        : [];
    });
  });
};

interface Tail {
  readonly end: number;
  readonly cost: number;
  readonly inner: Condition | null;
}

/** Where the words for the rows themselves end: `a message`, `messages`. */
function objectsAt(context: Context, rows: IndexedTable, start: number): readonly number[] {
  let at = start;
  while (/^(?:a|an|any|the|some)$/u.test(context.lowers[at] ?? '')) {
    at++;
  }
  return context.names.tablesAt(at).flatMap(({ id, end }) => (id === rows.id ? [end] : []));
}

/** What further words say of rows that go between two of a kind: at which end what is, and when; all of it, or nothing. */
function tails(there: Context, start: number, mayBeNone: boolean): readonly Tail[] {
  const done: Tail[] = mayBeNone ? [{ end: start, cost: 0, inner: null }] : [];
  let open: readonly Tail[] = [{ end: start, cost: 0, inner: null }];
  for (let depth = 0; depth < 3 && open.length > 0; depth++) {
    open = open.flatMap((tail): Tail[] => {
      const more = endsOf(there.analysis.schemaIndex, there.table.id)
        .flatMap((kind) => led(there, kind, tail.end))
        // Where no word tells the end, either may be meant, and an answer takes none for the other.
        .filter(({ told }) => told);
      const when = depth > 0 || mayBeNone ? dated(there, tail.end) : [];
      return [...more, ...when].map(({ end, cost, condition }) => ({
        end,
        cost: tail.cost + cost,
        inner: tail.inner === null ? condition : joined('and', [tail.inner, condition]),
      }));
    });
    done.push(...open);
  }
  // A period behind it says when they did so.
  return done.filter(({ end }) => dated(there, end).length === 0);
}

function finished(context: Context, reading: Reading, way: Path, tail: Tail): readonly Reading[] {
  const { schemaIndex } = context.analysis;
  const condition = reading.negated
    ? notAlong(schemaIndex, way, tail.inner)
    : along(schemaIndex, way, tail.inner);
  const name = schemaIndex.tables[way.to]?.name ?? '';
  return condition === null
    ? []
    : [
        added(
          context,
          reading,
          tail.end,
          condition,
          `${reading.negated ? 'no' : 'a'} row in ${name}${tail.inner === null ? '' : ' such as this'}`,
          tail.cost,
        ),
      ];
}
