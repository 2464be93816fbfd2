import { type DescribeOptions, describeSchema } from './describe.ts';
import type { Naming } from './identifier.ts';
import type { Schema, Table } from './schema.ts';

/** A schema cut to the tables that a question needs. */
export interface LinkedSchema {
  readonly schema: Schema;
  /** How many tables the whole schema has. */
  readonly total: number;
}

/** Text of about this many characters is one token of a model's prompt; identifiers and punctuation run short. */
export const charactersPerToken = 3;

/**
 * Cuts a schema to at most `budget` characters of its description: the tables whose words stand in the question
 * first, with the tables on the shortest paths of foreign keys between them, then their neighbours. The tables keep
 * the schema's order.
 */
export function linkSchema(
  schema: Schema,
  naming: Naming,
  question: string,
  budget: number,
  options: DescribeOptions,
): LinkedSchema {
  const total = schema.tables.length;
  const sizes = schema.tables.map(
    (table) => describeSchema({ ...schema, tables: [table] }, naming, options).length + 1,
  );
  if (sizes.reduce((sum, size) => sum + size, 0) <= budget) {
    return { schema, total };
  }

  const scores = scoreTables(schema.tables, words(question));
  const neighbours = neighboursOf(schema.tables);
  const order = schema.tables
    .map((_, index) => index)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const kept = new Set<number>();
  let left = budget;
  const keep = (indices: readonly number[]): boolean => {
    const added = indices.filter((index) => !kept.has(index));
    const size = added.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
    if (size > left) {
      return false;
    }
    for (const index of added) {
      kept.add(index);
    }
    left -= size;
    return true;
  };
  const relevant = order.filter((index) => (scores[index] ?? 0) > 0);
  for (const index of relevant) {
    if (kept.has(index)) {
      continue;
    }
    const path = kept.size === 0 ? [index] : shortestPath(neighbours, index, kept);
    if (!keep(path)) {
      keep([index]);
    }
  }
  for (const index of [...kept]) {
    for (const neighbour of neighbours[index] ?? []) {
      keep([neighbour]);
    }
  }
  if (relevant.length === 0) {
    for (const index of order) {
      keep([index]);
    }
  }
  return { schema: { ...schema, tables: schema.tables.filter((_, index) => kept.has(index)) }, total };
}

/**
 * Inverse document frequency of the question's words over the tables; a word of the table's own name counts three
 * times, of a column once, of a comment half.
 */
export function scoreTables(tables: readonly Table[], wanted: readonly string[]): readonly number[] {
  const documents = tables.map((table) => ({
    name: new Set(words(table.name)),
    columns: new Set(
      table.columns.flatMap((column) => [...words(column.name), ...(column.values ?? []).flatMap(words)]),
    ),
    comments: new Set(
      [table.comment, ...table.columns.map((column) => column.comment)].flatMap((text) => words(text ?? '')),
    ),
  }));
  const rarity = new Map<string, number>();
  for (const word of new Set(wanted)) {
    const found = documents.filter(
      (document) => document.name.has(word) || document.columns.has(word) || document.comments.has(word),
    ).length;
    rarity.set(word, Math.log(1 + tables.length / (1 + found)));
  }
  return documents.map((document) => {
    let score = 0;
    for (const [word, weight] of rarity) {
      if (document.name.has(word)) {
        score += (3 * weight) / Math.sqrt(document.name.size);
      }
      if (document.columns.has(word)) {
        score += weight;
      }
      if (document.comments.has(word)) {
        score += weight / 2;
      }
    }
    return score;
  });
}

/** Lower-case words of a text or identifier, split at case and punctuation, without a plural's ending. */
export function words(text: string): readonly string[] {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '') : word));
}

function neighboursOf(tables: readonly Table[]): readonly ReadonlySet<number>[] {
  const place = new Map(tables.map((table, index) => [`${table.schema}.${table.name}`, index]));
  const neighbours = tables.map(() => new Set<number>());
  tables.forEach((table, from) => {
    for (const key of table.foreignKeys) {
      const to = place.get(`${key.references.schema}.${key.references.table}`);
      if (to === undefined || to === from) {
        continue;
      }
      neighbours[from]?.add(to);
      neighbours[to]?.add(from);
    }
  });
  return neighbours;
}

/** Breadth first from one table to the nearest of `goals`; the table alone where none is in reach. */
function shortestPath(
  neighbours: readonly ReadonlySet<number>[],
  start: number,
  goals: ReadonlySet<number>,
): readonly number[] {
  const cameFrom = new Map<number, number | null>([[start, null]]);
  const queue = [start];
  for (const current of queue) {
    if (goals.has(current)) {
      const path: number[] = [];
      for (let step: number | null = current; step !== null; step = cameFrom.get(step) ?? null) {
        path.push(step);
      }
      return path;
    }
    for (const next of neighbours[current] ?? []) {
      if (cameFrom.has(next)) {
        continue;
      }
      cameFrom.set(next, current);
      queue.push(next);
    }
  }
  return [start];
}
