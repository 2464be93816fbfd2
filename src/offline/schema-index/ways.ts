import type { Link, SchemaIndex } from './schema-index.ts';

/** One key on the way from a table to another: `up` from the row that refers to the one that is referred to. */
export interface Step {
  readonly link: Link;
  readonly up: boolean;
}

/** A way over keys between two tables; it comes to none twice. */
export interface Way {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly Step[];
}

/** No query that is read without a model goes further between two tables that it looks into. */
const longest = 4;

const reached = ({ link, up }: Step): number => (up ? link.to : link.from);

/** The tables between the two of a way. */
export const passedBy = ({ steps }: Way): readonly number[] => steps.slice(0, -1).map(reached);

/** The ways over some keys from one of several tables to the next of them. */
export function waysOver(links: readonly Link[], from: number, ends: ReadonlySet<number>): readonly Way[] {
  const walk = (at: number, steps: readonly Step[]): readonly Way[] => {
    if (steps.length > 0 && ends.has(at)) {
      return [{ from, to: at, steps }];
    }
    return steps.length === longest
      ? []
      : stepsFrom(links, at)
          .filter((step) => !passes(from, steps, step))
          .flatMap((step) => walk(reached(step), [...steps, step]));
  };
  return walk(from, []);
}

const passes = (from: number, steps: readonly Step[], step: Step): boolean =>
  reached(step) === from || steps.some((before) => reached(before) === reached(step));

const stepsFrom = (links: readonly Link[], at: number): readonly Step[] =>
  links.flatMap((link): readonly Step[] => {
    if (link.left.length !== 1 || link.from === link.to) {
      return [];
    }
    return link.from === at ? [{ link, up: true }] : link.to === at ? [{ link, up: false }] : [];
  });

/**
 * The ways over a schema's keys of at most so many steps. None goes to a row that is referred to and on to others that
 * refer to it: those of one city have nothing to do with each other.
 */
export function waysBetween({ links }: SchemaIndex, from: number, to: number, most: number): readonly Way[] {
  const distances = distancesTo(links, to, most);
  const walk = (at: number, steps: readonly Step[]): readonly Way[] => {
    if (at === to) {
      return [{ from, to, steps }];
    }
    return stepsFrom(links, at)
      .filter(
        (step) =>
          (step.up || steps.at(-1)?.up !== true) &&
          steps.length + 1 + (distances.get(reached(step)) ?? most) <= most &&
          !passes(from, steps, step),
      )
      .flatMap((step) => walk(reached(step), [...steps, step]));
  };
  return walk(from, []);
}

function distancesTo(links: readonly Link[], to: number, most: number): ReadonlyMap<number, number> {
  const distances = new Map([[to, 0]]);
  let front = [to];
  for (let distance = 1; distance < most; distance++) {
    const next = new Set(front.flatMap((at) => stepsFrom(links, at).map(reached)));
    front = [...next].filter((table) => !distances.has(table));
    for (const table of front) {
      distances.set(table, distance);
    }
  }
  return distances;
}
