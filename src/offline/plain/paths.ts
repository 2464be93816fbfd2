import { type Condition, type Join, plain, selectFrom } from '../query/tree.ts';
import type { Link, SchemaIndex } from '../schema-index/schema-index.ts';
import type { Step } from '../schema-index/ways.ts';
import { negated } from './conditions/conditions.ts';

/** A way over keys between two tables. */
export interface Path {
  readonly to: number;
  readonly steps: readonly Step[];
}

const longest = 4;

/** The shortest ways from a table to every other, those of equal length all; a way that comes back to a table is none. */
export function pathsFrom(schemaIndex: SchemaIndex, from: number): ReadonlyMap<number, readonly Path[]> {
  const found = new Map<number, Path[]>([[from, [{ to: from, steps: [] }]]]);
  let front: readonly Path[] = [{ to: from, steps: [] }];
  for (let length = 1; length <= longest; length++) {
    const next: Path[] = [];
    for (const path of front) {
      for (const link of schemaIndex.links) {
        if (link.left.length !== 1 || link.from === link.to) {
          continue;
        }
        const ends =
          link.from === path.to
            ? [{ to: link.to, up: true }]
            : link.to === path.to
              ? [{ to: link.from, up: false }]
              : [];
        for (const { to, up } of ends) {
          const known = found.get(to);
          if (known !== undefined && (known[0]?.steps.length ?? 0) < length) {
            continue;
          }
          const way: Path = { to, steps: [...path.steps, { link, up }] };
          found.set(to, [...(known ?? []), way]);
          next.push(way);
        }
      }
    }
    front = next;
  }
  return found;
}

/** The one way to a table; null where there is none, or more than one. */
export function onlyWay(
  { paths }: { readonly paths: ReadonlyMap<number, readonly Path[]> },
  table: number,
): Path | null {
  const ways = paths.get(table) ?? [];
  return ways.length === 1 ? (ways[0] ?? null) : null;
}

/** Whether each step leads to the one row that is referred to. */
export const isUp = (path: Path): boolean => path.steps.every(({ up }) => up);

/** The way over one key to the row that it refers to. */
export const keyed = (link: Link): Path => ({ to: link.to, steps: [{ link, up: true }] });

/** The joins along a path, from the table where it begins. */
export function joinsOf(path: Path): Join[] {
  return path.steps.map(({ link, up }) => {
    const pairs = link.left.map((left, index) => [left, link.right[index] ?? left] as const);
    return up
      ? { table: link.to, on: pairs }
      : { table: link.from, on: pairs.map(([left, right]) => [right, left] as const) };
  });
}

/** The condition that a row has a row at the end of a path for which `inner` holds. */
export function along(schemaIndex: SchemaIndex, path: Path, inner: Condition | null): Condition {
  const [step, ...rest] = path.steps;
  if (step === undefined) {
    if (inner === null) {
      throw new RangeError('a path without steps needs a condition');
    }
    return inner;
  }
  const { link, up } = step;
  const [own = 0, theirs = 0] = up ? [link.left[0], link.right[0]] : [link.right[0], link.left[0]];
  const where = rest.length === 0 ? inner : along(schemaIndex, { to: path.to, steps: rest }, inner);
  const known = schemaIndex.columns[theirs];
  // NOT IN over a NULL is never true.
  const guard: Condition[] =
    !up && known?.column.nullable !== false && known?.primary !== true
      ? [{ kind: 'null', column: theirs, negated: true }]
      : [];
  const conditions = [...(where === null ? [] : [where]), ...guard];
  const [first] = conditions;
  return {
    kind: 'in',
    column: own,
    negated: false,
    query: {
      ...selectFrom(up ? link.to : link.from, [plain(theirs)]),
      where: first === undefined ? null : conditions.length === 1 ? first : { kind: 'and', conditions },
    },
  };
}

/** The condition that a row has no row at the end of a path for which `inner` holds. */
export const notAlong = (schemaIndex: SchemaIndex, path: Path, inner: Condition | null): Condition | null =>
  negated(schemaIndex, along(schemaIndex, path, inner));
