import { SqlqError } from '../errors.ts';
import { isOfSpelling } from '../schema/spelling.ts';
import { judgeAnswer, type PastAnswer } from './history.ts';
import { rankBySimilarity, wordingOf } from './similarity.ts';
import type { Store } from './store.ts';

/**
 * Where an example's SQL comes from: `model` a served model's answer that the user called good, `offline` the engine's on
 * this machine, or a served model's with stored spellings put into it, which may quote stored values that the question does
 * not hold, `user` the user's own hand.
 */
export type Source = (typeof sources)[number];

export const sources = ['model', 'offline', 'user'] as const;

/** A question and the SQL that answers it rightly. */
export interface NewExample {
  /** Whose it is; left out or '' for one that helps everybody. */
  readonly who?: string;
  readonly place: string;
  readonly question: string;
  readonly sql: string;
  readonly source: Source;
}

export interface StoredExample extends NewExample {
  readonly id: number;
  readonly at: string;
}

/** So many examples go with a question at most. */
const mostShown = 4;

/** Less alike than this says nothing of the question at hand. */
const leastAlike = 0.15;

/** Keeps an example, in place of the one that the database has for the same question; returns its number. */
export function keepExample(store: Store, example: NewExample, now: Date): number {
  const kept = store
    .prepare<[Record<string, string>], { id: number }>(
      `INSERT INTO example (at, who, place, question, sql, source, wording)
       VALUES (:at, :who, :place, :question, :sql, :source, :wording)
       ON CONFLICT (place, wording, who) DO UPDATE SET
         at = excluded.at, question = excluded.question, sql = excluded.sql, source = excluded.source
       RETURNING id`,
    )
    .get({ who: '', ...example, at: now.toISOString(), wording: wordingOf(example.question) });
  if (kept === undefined) {
    throw new Error('SQLite returned no number');
  }
  return kept.id;
}

const columns = 'id, at, place, question, sql, source';

/** The examples of one database, or of all, that help everybody, in the order in which they were first kept. */
export function listExamples(store: Store, place: string | null): readonly StoredExample[] {
  return place === null
    ? store.prepare<[], StoredExample>(`SELECT ${columns} FROM example WHERE who = '' ORDER BY id`).all()
    : examplesOf(store, place, ['']);
}

/** The examples of one database that some people have kept, in the order in which they were first kept. */
export function examplesOf(store: Store, place: string, whose: readonly string[]): readonly StoredExample[] {
  return store
    .prepare<[string, string], StoredExample>(
      `SELECT ${columns} FROM example
       WHERE place = ? AND who IN (SELECT value FROM json_each(?)) ORDER BY id`,
    )
    .all(place, JSON.stringify(whose));
}

/** The example of a number. Throws a SqlqError `usage` where there is none. */
export function readExample(store: Store, id: number): StoredExample {
  const found = listExamples(store, null).find((example) => example.id === id);
  if (found !== undefined) {
    return found;
  }
  throw new SqlqError('usage', `No example has the number ${id}.`, {
    hint: 'List them with: sqlq examples',
  });
}

export function removeExample(store: Store, id: number): void {
  readExample(store, id);
  store.prepare('DELETE FROM example WHERE id = ?').run(id);
}

/** Those of some examples that are most like a question, the most similar first; a few, not all. */
export function similarExamples(
  question: string,
  examples: readonly StoredExample[],
): readonly StoredExample[] {
  return rankBySimilarity(question, examples, (example) => example.question)
    .filter(({ score }) => score >= leastAlike)
    .slice(0, mostShown)
    .map(({ item }) => item);
}

/** Marks an answer as good: it becomes an example of its database. Returns the example's number. */
export function markGood(store: Store, answer: PastAnswer, now: Date): number {
  judgeAnswer(store, answer.id, 'good');
  const { who, place, question, sql } = answer;
  return keepExample(store, { who, place, question, sql, source: sourceOf(answer) }, now);
}

/** Where the SQL of an answer comes from that becomes an example. */
export function sourceOf({ assumptions, provider }: Pick<PastAnswer, 'assumptions' | 'provider'>): Source {
  return provider === 'offline' || assumptions.some(isOfSpelling) ? 'offline' : 'model';
}

/**
 * Marks an answer as bad. An example that taught it goes; a correction becomes one. Returns the number of that, null
 * without a correction.
 */
export function markBad(
  store: Store,
  answer: PastAnswer,
  correction: string | null,
  now: Date,
): number | null {
  judgeAnswer(store, answer.id, 'bad');
  const { who, place, question, sql } = answer;
  if (correction !== null) {
    return keepExample(store, { who, place, question, sql: correction, source: 'user' }, now);
  }
  store
    .prepare('DELETE FROM example WHERE place = ? AND wording = ? AND sql = ? AND who = ?')
    .run(place, wordingOf(question), sql, who);
  return null;
}
