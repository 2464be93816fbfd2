import { type DescribeOptions, describeSchema } from '../describe.ts';
import { type Naming, writeTable } from '../identifier.ts';
import type { Schema } from '../schema.ts';
import { familiesOf } from './families.ts';
import { neighboursOf, shortestPath } from './paths.ts';
import { type Sought, scoreTables } from './score.ts';

/** A schema cut to the tables that a question needs. */
export interface LinkedSchema {
  readonly schema: Schema;
  /** How many tables the whole schema has. */
  readonly total: number;
  /** How many of them are told, those among them that stand in a family's list of names. */
  readonly told: number;
  /** What follows the description: the names of tables of the same columns, and of those that are left out. '' for all. */
  readonly rest: string;
}

/** What is cut, and for what. */
export interface LinkRequest extends Sought {
  /** Characters of description that there is room for. */
  readonly budget: number;
  /** Names of tables that have to be there, as the model wrote them. */
  readonly wanted?: readonly string[];
}

/** Text of about this many characters is one token of a model's prompt; identifiers and punctuation run short. */
export const charactersPerToken = 3;

/** Which part of the room the names of what is left out may take. */
const shareOfNames = 0.1;

/**
 * Cuts a schema to at most `budget` characters of its description. All goes that fits. What does not is filled best
 * first until the room is used: what is wanted, then the tables that the question most likely needs with those on the
 * paths of foreign keys between them; tables of the same columns once, with the names of the others. What is left out is
 * named as far as there is room. The tables keep the schema's order.
 */
export function linkSchema(
  schema: Schema,
  naming: Naming,
  request: LinkRequest,
  options: DescribeOptions,
): LinkedSchema {
  const { tables } = schema;
  const total = tables.length;
  const sizes = tables.map(
    (table) => describeSchema({ ...schema, tables: [table] }, naming, options).length + 1,
  );
  if (sizes.reduce((sum, size) => sum + size, 0) <= request.budget) {
    return { schema, total, told: total, rest: '' };
  }
  const neighbours = neighboursOf(tables);
  const scores = scoreTables(tables, neighbours, request);
  const wanted = new Set(request.wanted?.map(plainName) ?? []);
  const rank = (place: number): number => {
    const table = tables[place];
    const isWanted =
      table !== undefined &&
      [table.name, `${table.schema}.${table.name}`].some((name) => wanted.has(plainName(name)));
    return isWanted ? Number.POSITIVE_INFINITY : (scores[place] ?? 0);
  };
  const byRank = (a: number, b: number): number => (rank(a) === rank(b) ? a - b : rank(b) > rank(a) ? 1 : -1);
  const familyOf = new Map<number, readonly number[]>();
  for (const family of familiesOf(tables)) {
    const sorted = family.toSorted(byRank);
    for (const place of sorted) {
      familyOf.set(place, sorted);
    }
  }
  const write = (place: number): string => {
    const table = tables[place];
    return table === undefined ? '' : writeTable(naming, schema, table);
  };
  const alike = (family: readonly number[]): string =>
    family.length === 1
      ? ''
      : `Of the same columns as ${write(family[0] ?? 0)}: ${family.slice(1).map(write).join(', ')}\n`;

  const namesRoom = Math.floor(request.budget * shareOfNames);
  let left = request.budget - namesRoom;
  /** Places that are described, each for its whole family. */
  const kept = new Set<number>();
  const heads = (places: readonly number[]): readonly number[] => [
    ...new Set(places.map((place) => familyOf.get(place)?.[0] ?? place)),
  ];
  const keep = (places: readonly number[]): boolean => {
    const added = heads(places).filter((place) => !kept.has(place));
    const size = added.reduce(
      (sum, place) => sum + (sizes[place] ?? 0) + alike(familyOf.get(place) ?? [place]).length,
      0,
    );
    if (size > left) {
      return false;
    }
    for (const place of added) {
      kept.add(place);
    }
    left -= size;
    return true;
  };
  const order = tables.map((_, place) => place).sort(byRank);
  for (const place of order) {
    const isRelevant = rank(place) > 0 && kept.size > 0;
    if (!isRelevant || !keep(shortestPath(neighbours, place, kept))) {
      keep([place]);
    }
  }
  const isTold = (place: number): boolean => kept.has(familyOf.get(place)?.[0] ?? place);
  const lines = [...kept].sort((a, b) => a - b).map((place) => alike(familyOf.get(place) ?? [place]));
  const leftOut = order.filter((place) => !isTold(place));
  return {
    schema: { ...schema, tables: tables.filter((_, place) => kept.has(place)) },
    total,
    told: total - leftOut.length,
    rest: (lines.join('') + namesOf(leftOut.map(write), namesRoom)).trimEnd(),
  };
}

/** Names without quotes and in one case: a model writes them as it likes. */
function plainName(name: string): string {
  return name.replaceAll(/["`[\]\s]/gu, '').toLowerCase();
}

/** As many names as there is room for, the likeliest first. */
function namesOf(names: readonly string[], room: number): string {
  const start = 'Left out for want of room: ';
  const shown: string[] = [];
  let size = start.length + ' and 00000 more'.length;
  for (const name of names) {
    size += name.length + 2;
    if (size > room) {
      break;
    }
    shown.push(name);
  }
  if (names.length === 0 || shown.length === 0) {
    return '';
  }
  const more = names.length - shown.length;
  return `${start}${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
