import ends from '../../data/ends.json' with { type: 'json' };
import { type Ends, endsOf } from '../../schema-index/ends.ts';
import { joined, negated } from '../conditions/conditions.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { heldAt, namedAt } from './held.ts';
import { anywhere, at, led, type Said, untold, withSide } from './led.ts';

/**
 * `sailings from Visby`, `messages sent to Ben`, `games Reds played`, `transfers between Blues and Reds`: rows that go
 * between two of a kind, by the words that tell at which end each is. Where none tell, each end is a reading by itself.
 */
export const between: Rule = (context, reading) =>
  reading.named && !reading.having ? saying(context, reading, saidAt) : [];

/** `home games of Reds`, `Reds home games`, `Visby sailings`: the same before the word for the rows. */
export const betweenBefore: Rule = (context, reading) =>
  reading.named || reading.measure !== null ? [] : saying(context, reading, saidBefore);

function saying(
  context: Context,
  reading: Reading,
  read: (context: Context, ends: Ends, at: number) => readonly (Said & { readonly named?: boolean })[],
): readonly Reading[] {
  const { schemaIndex } = context.analysis;
  return endsOf(schemaIndex, context.table.id).flatMap((kind) =>
    read(context, kind, reading.at).flatMap(({ end, cost, condition, means, named = false }): Reading[] => {
      const meant = reading.negated ? negated(schemaIndex, condition) : condition;
      return meant === null
        ? []
        : [
            readOn(context, reading, end, `${reading.negated ? 'not ' : ''}${means}`, {
              conditions: [...reading.conditions, meant],
              negated: false,
              lastValue: null,
              named: reading.named || named,
              plural: reading.plural || named,
              more: cost,
            }),
          ];
    }),
  );
}

function saidAt(context: Context, said: Ends, from: number): readonly Said[] {
  const { lowers } = context;
  let start = from;
  while (
    /^(?:that|which|who|where|when|with|in|is|are|was|were|has|have|had|been)$/u.test(lowers[start] ?? '')
  ) {
    // `in Oslo` by itself is read below.
    if (lowers[start] === 'in' && lowers[start + 1] !== 'which') {
      break;
    }
    start++;
  }
  return [
    ...led(context, said, start),
    ...(start === from ? [] : led(context, said, from)),
    ...inRole(context, said, start),
    ...acting(context, said, start),
    ...ofBoth(context, said, start),
  ];
}

/** `where Reds were the home team`, `with Reds as home team`, `where the sender is Anna`, `whose destination is Oslo`. */
function inRole(context: Context, said: Ends, start: number): readonly Said[] {
  const { lowers } = context;
  const skip = (from: number, words: RegExp): number => {
    let next = from;
    while (words.test(lowers[next] ?? '')) {
      next++;
    }
    return next;
  };
  const first = skip(start, /^(?:the|a|whose)$/u);
  const role = namedAt(context, said, first);
  const behind =
    role === null
      ? []
      : heldAt(context, said, skip(role.end, /^(?:is|was|were|are|being|=|:)$/u)).map((thing) =>
          at(role.named, thing),
        );
  const ahead = heldAt(context, said, start).flatMap((thing): Said[] => {
    const next = skip(thing.end, /^(?:is|was|were|are|being|as|played|the|a|at)$/u);
    const told = next === thing.end ? null : namedAt(context, said, next);
    return told === null ? [] : [{ ...at(told.named, thing), end: told.end }];
  });
  return [...behind, ...ahead];
}

/** `did Anna send`, `Anna received`, `did Reds play`, `Reds played at home`, `played by Reds`. */
function acting(context: Context, said: Ends, start: number): readonly Said[] {
  const { lowers } = context;
  const asks = /^(?:did|do|does|has|have|had)$/u.test(lowers[start] ?? '') ? 1 : 0;
  const by = ends.playing.includes(lowers[start] ?? '') && lowers[start + 1] === 'by' ? 2 : 0;
  return heldAt(context, said, start + asks + by).flatMap((thing): readonly Said[] => {
    let end = thing.end;
    const verb = lowers[end] ?? '';
    const plays = ends.playing.includes(verb);
    if (plays || by > 0) {
      while (ends.playing.includes(lowers[end] ?? '')) {
        end++;
      }
      const ground =
        lowers[end] === 'at' && lowers[end + 1] === 'home' ? 'home' : lowers[end] === 'away' ? 'away' : null;
      if (ground !== null) {
        return withSide(said, ground, [thing]).map((each) => ({
          ...each,
          end: end + (ground === 'home' ? 2 : 1),
        }));
      }
      return said.alike ? [anywhere(said, thing, end)] : [];
    }
    const side = (['from', 'to', 'home'] as const).find((each) => ends.sides[each].verbs.includes(verb));
    return side === undefined ? [] : withSide(said, side, [thing]).map((each) => ({ ...each, end: end + 1 }));
  });
}

/** `between Reds and Blues`, `Reds against Blues`: one at each end, in either order. */
function ofBoth(context: Context, said: Ends, start: number): readonly Said[] {
  const { lowers } = context;
  const led = /^(?:between|of)$/u.test(lowers[start] ?? '') ? 1 : 0;
  const joins = lowers[start] === 'between' ? /^(?:and)$/u : /^(?:vs|against|versus|v)$/u;
  const [one, other, ...more] = said.all;
  if (one === undefined || other === undefined || more.length > 0) {
    return [];
  }
  return heldAt(context, said, start + led).flatMap((first) => {
    const next = lowers[first.end + 1] === '.' ? first.end + 2 : first.end + 1;
    return joins.test(lowers[first.end] ?? '')
      ? heldAt(context, said, next).map((second) => ({
          end: second.end,
          cost: first.cost + second.cost,
          condition: joined('or', [
            joined('and', [first.held(one), second.held(other)]),
            joined('and', [second.held(one), first.held(other)]),
          ]),
          told: true,
          means: `${one.column.name} and ${other.column.name} are these, in either order`,
        }))
      : [];
  });
}

/** What stands before the word for the rows, which is read with it. */
function saidBefore(
  context: Context,
  said: Ends,
  start: number,
): readonly (Said & { readonly named: boolean })[] {
  const { lowers, names, table } = context;
  const nounAt = (place: number): number | null =>
    names.tablesAt(place).find(({ id }) => id === table.id)?.end ?? null;
  const role = namedAt(context, said, start);
  const noun = role === null ? null : nounAt(role.end);
  const behind =
    role === null || noun === null || !/^(?:of|by|for|from)$/u.test(lowers[noun] ?? '')
      ? []
      : heldAt(context, said, noun + 1).map((thing) => at(role.named, thing));
  // `home games did Reds play`
  const asks = /^(?:did|do|have|has|that|which)$/u.test(lowers[noun ?? -1] ?? '') ? 1 : 0;
  const played =
    role === null || noun === null
      ? []
      : heldAt(context, said, noun + asks).flatMap((thing): Said[] =>
          /^(?:play|played|plays)$/u.test(lowers[thing.end] ?? '')
            ? [{ ...at(role.named, thing), end: thing.end + 1 }]
            : [],
        );
  const ahead = heldAt(context, said, start).flatMap((thing): readonly Said[] => {
    const next = /^(?:'|’|s|'s)$/u.test(lowers[thing.end] ?? '') ? thing.end + 1 : thing.end;
    const told = namedAt(context, said, next);
    const rows = nounAt(told?.end ?? next);
    if (rows === null) {
      return [];
    }
    const found =
      told !== null
        ? [at(told.named, thing)]
        : said.alike
          ? [anywhere(said, thing)]
          : said.all.map((end) => at(end, thing, untold));
    return found.map((each) => ({ ...each, end: rows }));
  });
  return [...behind, ...played, ...ahead].map((each) => ({ ...each, named: true }));
}
