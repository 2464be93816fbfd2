import ends from '../../data/ends.json' with { type: 'json' };
import { isForm } from '../../language/form.ts';
import type { Condition } from '../../query/tree.ts';
import type { End, Ends, Side } from '../../schema-index/ends.ts';
import { joined } from '../conditions/conditions.ts';
import { statesAt } from '../conditions/states.ts';
import type { Context } from '../reading.ts';
import { heldAt, type Thing } from './held.ts';

/** What words say of ends: at which of them a thing is, or at any. */
export interface Said {
  readonly end: number;
  readonly cost: number;
  readonly condition: Condition;
  readonly means: string;
  /** Whether words tell the end, and it is not any of them. */
  readonly told: boolean;
}

/** That a thing is at an end. */
export const at = (end: End, thing: Thing, cost = 0): Said => ({
  end: thing.end,
  cost: thing.cost + cost,
  condition: thing.held(end),
  means: `${end.column.name} such as this`,
  told: cost < untold,
});

/** What it costs to take an end that no word tells. */
export const untold = 0.2;

/** That a thing is at any end. */
export const anywhere = ({ all }: Ends, thing: Thing, end = thing.end): Said => ({
  end,
  cost: thing.cost,
  condition: joined(
    'or',
    all.map((each) => thing.held(each)),
  ),
  means: `${all.map(({ column }) => column.name).join(' or ')} such as this`,
  told: true,
});

const onSide = ({ all }: Ends, side: Side): readonly End[] => all.filter((each) => each.side === side);

/** That things are at the one end of a side. */
export const withSide = (said: Ends, side: Side, things: readonly Thing[]): readonly Said[] => {
  const [end, ...others] = onSide(said, side);
  return end === undefined || others.length > 0 ? [] : things.map((thing) => at(end, thing));
};

/** The end at which a preposition puts what is behind it, by the verb before it. */
function sideOfPreposition(preposition: string, verb: string): Side | null {
  const { sides } = ends;
  switch (preposition) {
    case 'from':
      return 'from';
    case 'to':
    case 'into':
    case 'towards':
      return 'to';
    case 'for':
      return /^(?:bound|headed|heading|leaves?|leaving|left|meant|addressed)$/u.test(verb) ? 'to' : null;
    case 'by':
      return sides.from.verbs.includes(verb) ? 'from' : sides.to.verbs.includes(verb) ? 'to' : null;
    case 'in':
    case 'at':
      return ends.ending.includes(verb) ? 'to' : ends.starting.includes(verb) ? 'from' : null;
    default:
      return null;
  }
}

/** `from Visby`, `leaving Visby`, `arriving in Oslo`, `sent to Ben`, and words that tell no end: `of Visby`. */
export function led(context: Context, said: Ends, start: number): readonly Said[] {
  const { lowers } = context;
  const verb = lowers[start] ?? '';
  const isVerb = moves(context, verb);
  let next = start;
  while (moves(context, lowers[next] ?? '') && next < start + 3) {
    next++;
  }
  const preposition = lowers[next] ?? '';
  const last = lowers[next - 1] ?? '';
  const side = sideOfPreposition(preposition, isVerb ? last : '');
  if (side !== null) {
    const done = isVerb ? doneBy(context, next - 1) : null;
    return withSide(said, side, heldAt(context, said, next + 1)).map((each) =>
      done === null ? each : { ...each, condition: joined('and', [each.condition, done]) },
    );
  }
  if (isVerb) {
    const leaving = (['from', 'to'] as const).find((each) => ends.sides[each].leaving.includes(last));
    return leaving === undefined ? [] : withSide(said, leaving, heldAt(context, said, next));
  }
  const ofEither = said.alike && /^(?:of|with|by|for|against)$/u.test(preposition);
  if (ofEither || /^(?:involving|featuring|including)$/u.test(preposition)) {
    // `of Reds against Blues` is read as a whole.
    return heldAt(context, said, next + 1).map((thing) => ({
      ...anywhere(said, thing),
      cost: thing.cost + (ofEither ? 0.07 : 0),
    }));
  }
  return /^(?:of|in|at|on|by|for|with)$/u.test(preposition)
    ? heldAt(context, said, next + 1).flatMap((thing) => said.all.map((end) => at(end, thing, untold)))
    : [];
}

/** `arrived in Oslo`, of rows that may not have arrived yet: that they have. */
function doneBy(context: Context, at: number): Condition | null {
  const states = /(?:ed|t|d)$/u.test(context.lowers[at] ?? '') ? statesAt(context, at) : [];
  const [state] = states;
  return states.length === 1 && state?.end === at + 1 ? state.condition : null;
}

/** Whether a verb says of rows that they go from one end to another: one of moving, of their table or of a date of theirs. */
export const moves = ({ table }: Context, verb: string): boolean =>
  verb.length > 1 &&
  (ends.moving.includes(verb) ||
    ends.starting.includes(verb) ||
    ends.ending.includes(verb) ||
    ends.sides.from.verbs.includes(verb) ||
    ends.sides.to.verbs.includes(verb) ||
    ends.sides.to.leaving.includes(verb) ||
    table.words.some((word) => isForm(verb, word)));
