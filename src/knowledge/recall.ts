import { scoreWords } from '../schema/link/score.ts';
import { tellingWords } from '../schema/link/words.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { type FoundPiece, type Search, searchPieces } from './search.ts';
import type { Store } from './store.ts';
import { soughtIn } from './words.ts';

/** A question's documents. */
export type Seeking = Pick<Search, 'place' | 'kinds' | 'meaning' | 'most'>;

/**
 * The pieces that a question needs, the best first. Of a dbt project's tables those alone that the schema has, and of their
 * columns too: what is hidden is not in it.
 */
export function piecesFor(
  store: Store,
  question: string,
  schema: Schema,
  seeking: Seeking,
): readonly FoundPiece[] {
  const tables = likelyTables(schema, question).map(({ name }) => name);
  return searchPieces(store, { ...seeking, ...soughtIn(question, tables) }).flatMap(
    (piece) => shownOf(piece, schema) ?? [],
  );
}

/** So many tables' names are sought besides a question's own words. */
const mostTables = 4;
/** Of what the likeliest table has of a question's words, the least that another needs. */
const leastShare = 0.5;

/** The tables that a question most likely needs, by its words. */
function likelyTables({ tables }: Schema, question: string): readonly Table[] {
  const scores = scoreWords(tables, new Map(tellingWords(question).map((word) => [word, 1])));
  const best = Math.max(0, ...scores);
  return tables
    .map((table, place) => ({ table, score: scores[place] ?? 0 }))
    .filter(({ score }) => score > 0 && score >= best * leastShare)
    .sort((a, b) => b.score - a.score)
    .slice(0, mostTables)
    .map(({ table }) => table);
}

function shownOf(piece: FoundPiece, schema: Schema): FoundPiece | null {
  if (piece.table === null) {
    return piece;
  }
  const name = piece.table.toLowerCase();
  const columns = new Set(
    schema.tables
      .filter((table) => table.name.toLowerCase() === name)
      .flatMap((table) => table.columns.map((column) => column.name.toLowerCase())),
  );
  if (columns.size === 0) {
    return null;
  }
  const lines = piece.text.split('\n').filter((line) => {
    const column = /^- (.+?): /u.exec(line)?.[1];
    return column === undefined || columns.has(column.toLowerCase());
  });
  return { ...piece, text: lines.join('\n').trim() };
}
