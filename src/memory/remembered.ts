import { examplesOf, markBad, markGood, type StoredExample } from './examples.ts';
import {
  addAnswer,
  badAnswers,
  type Caps,
  listAnswers,
  type NewAnswer,
  noteRun,
  type PastAnswer,
  questionOf,
} from './history.ts';
import type { Store } from './store.ts';

/** What people have asked and judged, wherever that is kept. Each call rejects with a SqlqError where it can't be reached. */
export interface Remembered {
  /** Keeps an answer and forgets those that are too old or too many; resolves to its number. */
  add(answer: NewAnswer, caps: Caps, now: Date): Promise<number>;
  /** Somebody's newest answers, the newest first; of those before a number where one is given. */
  list(who: string, most: number, before?: number): Promise<readonly PastAnswer[]>;
  /** What became of somebody's answer once it ran, and where it belongs. */
  noteRun(who: string, id: number, run: Pick<PastAnswer, 'conversation' | 'outcome' | 'rows'>): Promise<void>;
  /** The question of somebody's that this SQL last answered. */
  questionOf(place: string, sql: string, who: string): Promise<string | null>;
  /** SQL that somebody called a bad answer to exactly this question, the newest first. */
  badAnswers(place: string, question: string, who: string): Promise<readonly string[]>;
  /** The examples of a database that some people have kept. */
  examples(place: string, whose: readonly string[]): Promise<readonly StoredExample[]>;
  /** Makes an answer an example of its database; resolves to the example's number. */
  markGood(answer: PastAnswer, now: Date): Promise<number>;
  /** Takes an example that taught an answer away, and keeps a correction as one; resolves to the number of that. */
  markBad(answer: PastAnswer, correction: string | null, now: Date): Promise<number | null>;
}

/** What is remembered in a file of this machine. */
export function rememberedIn(store: Store): Remembered {
  return {
    add: async (answer, caps, now) => addAnswer(store, answer, caps, now),
    list: async (who, most, before) =>
      listAnswers(store, [], most, { who, ...(before === undefined ? {} : { before }) }),
    noteRun: async (_who, id, run) => noteRun(store, id, run),
    questionOf: async (place, sql, who) => questionOf(store, place, sql, who),
    badAnswers: async (place, question, who) => badAnswers(store, place, question, who),
    examples: async (place, whose) => examplesOf(store, place, whose),
    markGood: async (answer, now) => markGood(store, answer, now),
    markBad: async (answer, correction, now) => markBad(store, answer, correction, now),
  };
}
