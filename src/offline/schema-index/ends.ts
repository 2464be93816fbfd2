import ends from '../data/ends.json' with { type: 'json' };
import type { IndexedColumn, IndexedTable, Link, SchemaIndex } from './schema-index.ts';

/** Which of two that a row goes between a column holds: where it goes from, or to; whose ground it is on, or who visits. */
export type Side = (typeof sideNames)[number];

const sideNames = ['from', 'to', 'home', 'away'] as const;
const sides = sideNames.map((side) => [side, ends.sides[side]] as const);

/** One of several columns of a table that hold the same kind of thing, `departure_port_id` beside `arrival_port_id`. */
export interface End {
  readonly column: IndexedColumn;
  /** The words that tell it from the others. */
  readonly role: readonly string[];
  readonly side: Side | null;
  /** The key that it is; null where it holds the thing's own name. */
  readonly link: Link | null;
}

/** The ends of one kind of thing, two or more. */
export interface Ends {
  readonly all: readonly End[];
  /** What they hold, where that has a table. */
  readonly target: IndexedTable | null;
  /** Whether none of them comes before another: two teams of a game. */
  readonly alike: boolean;
}

const small = /^(?:id|no|nr|number|code|key|ref|by|name|fk|the|of)$/u;

/** The sides that words of a column speak of. */
const sideOf = (role: readonly string[]): Side | null => {
  const found = sides.filter(([, { keys }]) => role.some((word) => keys.includes(word)));
  const [only] = found;
  return only === undefined || found.length > 1 ? null : only[0];
};

/** All of a table's columns that several times hold the same kind of thing. */
export function endsOf(schemaIndex: SchemaIndex, table: number): readonly Ends[] {
  const links = schemaIndex.links.filter(
    ({ from, to, left }) => from === table && to !== table && left.length === 1,
  );
  const keyed = [...Map.groupBy(links, ({ to }) => to)].flatMap(([to, several]): Ends[] => {
    const target = schemaIndex.tables[to] ?? null;
    const all = several.flatMap((link): End[] => {
      const column = schemaIndex.columns[link.left[0] ?? -1];
      return column === undefined ? [] : [endOf(column, target?.words ?? [], link)];
    });
    const distinct = new Set(all.map(({ column }) => column.id)).size === all.length;
    return all.length < 2 || !distinct ? [] : [{ all, target, alike: areAlike(all) }];
  });
  const texts = schemaIndex.columns
    .filter(
      ({ id, table: owner, class: kind }) =>
        owner === table && kind === 'text' && !links.some(({ left }) => left.includes(id)),
    )
    .map((column) => endOf(column, [], null))
    .filter(({ side, role }) => side !== null && role.length === 1);
  const told = new Set(texts.map(({ side }) => side));
  const paired = texts.length === 2 && told.size === 2;
  return paired && keyed.length === 0 ? [{ all: texts, target: null, alike: areAlike(texts) }] : keyed;
}

function endOf(column: IndexedColumn, called: readonly string[], link: Link | null): End {
  const role = column.words.filter((word) => !small.test(word) && !called.includes(word));
  return { column, role, side: sideOf(role), link };
}

const counting = /^(?:\d+|a|b|one|two|first|second|x|y)$/u;

/** Whether no end comes before another: home and away, winner and loser, the first and the second. */
const areAlike = (all: readonly End[]): boolean =>
  all.every(({ side }) => side === 'home' || side === 'away') ||
  all.every(({ role }) => role.every((word) => counting.test(word))) ||
  all.every(({ role }) => role.some((word) => /^(?:winner|loser|winning|losing)$/u.test(word)));

/** Whether a word is one of those that tell an end from the others: `home`, `sender`, `destination` of `arrival_port_id`. */
export const isRole = ({ role, side }: End, word: string): boolean =>
  role.includes(word) || (side !== null && ends.sides[side].nouns.includes(word));
