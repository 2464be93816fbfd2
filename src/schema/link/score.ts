import type { Table } from '../schema.ts';
import { likeness, tellingWords, words } from './words.ts';

/** What tables are sought by. */
export interface Sought {
  readonly question: string;
  /** Texts that are known to go with it: notes, examples, the answer before. Their words count less. */
  readonly background: readonly string[];
  /** Stored values that words of the question mean, and the tables that have them. */
  readonly stored?: readonly StoredValue[];
}

/** A stored value and a table that has it. */
export interface StoredValue {
  readonly table: Pick<Table, 'schema' | 'name'>;
  readonly value: string;
}

const ofName = 3;
const ofColumn = 1;
const ofLabel = 1;
const ofComment = 0.5;
/** A value that one table alone has says nearly as much as its name. */
const ofValue = 2;
const backgroundShare = 0.5;
/** What a table gets of the neighbour that its keys lead to or come from. */
const neighbourShare = 0.35;

/**
 * How likely a question needs each table: the words that both have, and half as much those of what is known to go with
 * it, and stored values; then a part of what a table's neighbours have, and theirs.
 */
export function scoreTables(
  tables: readonly Table[],
  neighbours: readonly ReadonlySet<number>[],
  { question, background, stored = [] }: Sought,
): readonly number[] {
  const asked = new Map(tellingWords(background.join('\n')).map((word) => [word, backgroundShare]));
  for (const word of tellingWords(question)) {
    asked.set(word, 1);
  }
  const values = scoreValues(tables, stored);
  const own = scoreWords(tables, asked).map((score, place) => score + (values[place] ?? 0));
  const spread = (scores: readonly number[]): readonly number[] =>
    own.map((score, place) => {
      const near = [...(neighbours[place] ?? [])].map((neighbour) => scores[neighbour] ?? 0);
      return score + neighbourShare * Math.max(0, ...near);
    });
  return spread(spread(own));
}

/** How much stored values say of each table: the more, the fewer tables have one; each counts once in a table. */
function scoreValues(tables: readonly Table[], stored: readonly StoredValue[]): readonly number[] {
  const keyOf = ({ schema, name }: StoredValue['table']): string => JSON.stringify([schema, name]);
  const tablesOf = new Map<string, Set<string>>();
  for (const { table, value } of stored) {
    const folded = words(value).join(' ');
    tablesOf.set(folded, (tablesOf.get(folded) ?? new Set()).add(keyOf(table)));
  }
  const scores = new Map<string, number>();
  for (const having of tablesOf.values()) {
    const rarity = Math.log(1 + tables.length / (1 + having.size));
    for (const key of having) {
      scores.set(key, (scores.get(key) ?? 0) + ofValue * rarity);
    }
  }
  return tables.map((table) => scores.get(keyOf(table)) ?? 0);
}

/**
 * How much some words say of each table, each word with its weight: the more, the fewer tables have it. A word of a
 * table's own name counts most, then one of a column, then one of a comment.
 */
export function scoreWords(tables: readonly Table[], asked: ReadonlyMap<string, number>): readonly number[] {
  const index = vocabularyOf(tables);
  const scores = tables.map(() => 0);
  const covered = tables.map(() => new Set<string>());
  for (const [word, weight] of asked) {
    const best = new Map<number, number>();
    for (const [named, places] of index) {
      const same = likeness(word, named);
      if (same === 0) {
        continue;
      }
      for (const [table, strength] of places) {
        best.set(table, Math.max(best.get(table) ?? 0, same * strength));
        covered[table]?.add(named);
      }
    }
    const rarity = Math.log(1 + tables.length / (1 + best.size));
    for (const [table, strength] of best) {
      scores[table] = (scores[table] ?? 0) + weight * rarity * strength;
    }
  }
  // A name all of whose words were asked for is meant, and one with a word more may be another's.
  return scores.map((score, place) => {
    const name = words(tables[place]?.name ?? '');
    return name.length > 1 && name.every((word) => covered[place]?.has(word)) ? score * 1.25 : score;
  });
}

/** Each word of all names with the tables that have it, and how much it says there. */
function vocabularyOf(tables: readonly Table[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const index = new Map<string, Map<number, number>>();
  const add = (text: string, table: number, strength: number): void => {
    for (const word of words(text)) {
      const places = index.get(word) ?? new Map<number, number>();
      places.set(table, Math.max(places.get(table) ?? 0, strength));
      index.set(word, places);
    }
  };
  for (const [place, table] of tables.entries()) {
    add(table.name, place, ofName / Math.sqrt(Math.max(1, words(table.name).length)));
    add(table.comment ?? '', place, ofComment);
    for (const column of table.columns) {
      add(column.name, place, ofColumn);
      add((column.values ?? []).join(' '), place, ofLabel);
      add(column.comment ?? '', place, ofComment);
    }
  }
  return index;
}
