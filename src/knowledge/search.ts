import { words } from '../schema/link/words.ts';
import type { Excerpt } from './excerpt.ts';
import { parseHeadings, type Store } from './store.ts';
import { nearestPieces } from './vectors.ts';
import { hasWord, matchOf, namesTable, phraseOf, type SoughtWords } from './words.ts';

/** What is searched for, and where. */
export interface Search extends SoughtWords {
  readonly place: string;
  /** Pieces of these kinds alone. */
  readonly kinds: readonly ('text' | 'table' | 'metric')[];
  /** What the words mean, by a model for embeddings; null where none is asked. */
  readonly meaning: { readonly model: string; readonly vector: Float32Array } | null;
  readonly most: number;
}

/** A piece that a search has found. */
export interface FoundPiece extends Excerpt {
  readonly path: string;
  /** When its file was read, in ISO 8601, and what tells its bytes from others. */
  readonly at: string;
  readonly digest: string;
  /** The table that it is about, as a dbt project has it; null for any other. */
  readonly table: string | null;
}

interface Candidate extends FoundPiece {
  readonly id: number;
}

/** So many pieces are looked at, the best by BM25. */
const mostCandidates = 100;
/** A piece with less of the best one's score is left out. */
const leastShare = 0.4;
const ofHeading = 2;
const ofText = 1;
/** A heading all of whose words are asked for is what the question means; one with a word more may be another's. */
const ofWholeHeading = 2;
const ofTable = 0.8;
/** A word that this share of all pieces has says little alone. */
const common = 0.1;
/** The constant of reciprocal rank fusion. Source: Cormack, Clarke and Büttcher, SIGIR 2009. */
const fusion = 60;

/**
 * The pieces of a database's documents that a question needs, the best first: by its words and their synonyms, by tables that
 * it needs, and, where there are vectors, by their meaning. What shares one common word alone is not among them.
 */
export function searchPieces(store: Store, search: Search): readonly FoundPiece[] {
  const byWords = rankedByWords(store, search);
  const { meaning, place, kinds, most } = search;
  if (meaning === null) {
    return byWords.slice(0, most);
  }
  const byMeaning = nearestPieces(store, place, meaning).flatMap((id) => pieceOf(store, id, kinds) ?? []);
  const scores = new Map<number, { piece: Candidate; score: number }>();
  for (const list of [byWords, byMeaning]) {
    for (const [rank, piece] of list.entries()) {
      const score = 1 / (fusion + rank + 1);
      scores.set(piece.id, { piece, score: score + (scores.get(piece.id)?.score ?? 0) });
    }
  }
  return [...scores.values()]
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ piece }) => piece);
}

function rankedByWords(store: Store, search: Search): readonly Candidate[] {
  const { own, tables, place } = search;
  const matches = [...own.map(matchOf), ...tables.map(phraseOf)].filter((match) => match !== '""');
  if (matches.length === 0) {
    return [];
  }
  const total = countOf(store, place, null);
  const weights = own.map((word) => {
    const found = countOf(store, place, matchOf(word));
    // Whatever is written on a database has the names of its tables.
    const isCommon = found > Math.max(3, total * common) || tables.some((name) => words(name).includes(word));
    return { word, isCommon, weight: Math.log(1 + total / (found + 0.5)) };
  });
  const ranked = candidatesOf(store, search, matches.join(' OR '))
    .map((piece) => ({ piece, score: scoreOf(piece, weights, tables) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const best = ranked[0]?.score ?? 0;
  return ranked.filter(({ score }) => score >= best * leastShare).map(({ piece }) => piece);
}

interface Weight {
  readonly word: string;
  readonly weight: number;
  readonly isCommon: boolean;
}

/** 0 for a piece that shares a single common word with the question and nothing else. */
function scoreOf(
  { headings, text }: Candidate,
  weights: readonly Weight[],
  tables: readonly string[],
): number {
  const last = words(headings.at(-1) ?? '');
  const ofHeadings = words(headings.join(' '));
  const ofOwn = words(text);
  let score = 0;
  let shared = 0;
  for (const { word, weight, isCommon } of weights) {
    const inHeading = hasWord(word, ofHeadings) * ofHeading;
    const strength = Math.max(inHeading, hasWord(word, ofOwn) * ofText);
    score += weight * strength;
    shared += strength === 0 ? 0 : isCommon ? 1 : 2;
  }
  const isMeant = (word: string): boolean => weights.some((asked) => hasWord(asked.word, [word]) >= 0.7);
  const isAsked = last.length > 0 && last.every(isMeant);
  const isOfTable = tables.some((name) => words(name).join(' ') === last.join(' '));
  if (shared < 2 && !isAsked && !isOfTable) {
    return 0;
  }
  const namesOne = tables.some((name) => namesTable(name, ofOwn));
  return score + (isAsked ? ofWholeHeading : 0) + (isOfTable || namesOne ? ofTable : 0);
}

function countOf(store: Store, place: string, match: string | null): number {
  const from = 'FROM piece JOIN document ON document.id = piece.document';
  const row =
    match === null
      ? store.prepare<[string], { n: number }>(`SELECT COUNT(*) AS n ${from} WHERE place = ?`).get(place)
      : store
          .prepare<[string, string], { n: number }>(
            `SELECT COUNT(*) AS n ${from} JOIN word ON word.rowid = piece.id WHERE place = ? AND word MATCH ?`,
          )
          .get(place, match);
  return row?.n ?? 0;
}

const columns = 'piece.id, piece.headings, piece.text, piece.subject AS "table", source, path, at, digest';

type Row = Omit<Candidate, 'headings'> & { readonly headings: string };

function candidatesOf(store: Store, { place, kinds }: Search, match: string): readonly Candidate[] {
  return store
    .prepare<[string, string, string, number], Row>(
      `SELECT ${columns} FROM word JOIN piece ON piece.id = word.rowid JOIN document ON document.id = piece.document
       WHERE word MATCH ? AND place = ? AND piece.kind IN (SELECT value FROM json_each(?))
       ORDER BY bm25(word, 4.0, 1.0) LIMIT ?`,
    )
    .all(match, place, JSON.stringify(kinds), mostCandidates)
    .map(withHeadings);
}

function pieceOf(store: Store, id: number, kinds: Search['kinds']): Candidate | null {
  const row = store
    .prepare<[number, string], Row>(
      `SELECT ${columns} FROM piece JOIN document ON document.id = piece.document
       WHERE piece.id = ? AND piece.kind IN (SELECT value FROM json_each(?))`,
    )
    .get(id, JSON.stringify(kinds));
  return row === undefined ? null : withHeadings(row);
}

function withHeadings(row: Row): Candidate {
  return { ...row, headings: parseHeadings(row.headings) };
}
