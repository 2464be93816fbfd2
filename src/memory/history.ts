import { SqlqError } from '../errors.ts';
import type { Store } from './store.ts';

export type Verdict = 'good' | 'bad';

/** An answer as it is kept: the question, the SQL and how it went, never a row. */
export interface NewAnswer {
  /** Whose question it is: '' of whoever runs sqlq on this machine, else of a user of its service. */
  readonly who: string;
  /** The database without user and password, as `describeTarget` writes it. */
  readonly place: string;
  /** What `--db` was called with, where that is a name or a path; null where it may hold more than a place. */
  readonly name: string | null;
  readonly question: string;
  readonly sql: string;
  readonly assumptions: readonly string[];
  readonly provider: string | null;
  readonly model: string | null;
  /** `answered`, `dry-run`, or the code of the error that ended it. */
  readonly outcome: string;
  /** How many rows came; null where none were asked for. */
  readonly rows: number | null;
}

export interface PastAnswer extends NewAnswer {
  /** The conversation that it belongs to; null outside a service. */
  readonly conversation: string | null;
  readonly id: number;
  /** When it was given, in ISO 8601, UTC. */
  readonly at: string;
  /** What the user said of it. */
  readonly verdict: Verdict | null;
}

/** How much is kept. */
export interface Caps {
  readonly days: number;
  readonly answers: number;
}

interface StoredAnswer extends Omit<PastAnswer, 'assumptions'> {
  readonly assumptions: string;
}

const day = 86_400_000;

/** A time counts for the forgetting of others when answers were kept so long after it. */
export const settled = 7 * day;

/** What each question of a service does with its store, prepared once for it. */
const prepared = new WeakMap<Store, ReturnType<typeof prepare>>();

function statementsOf(store: Store): ReturnType<typeof prepare> {
  const statements = prepared.get(store) ?? prepare(store);
  prepared.set(store, statements);
  return statements;
}

function prepare(store: Store) {
  return {
    add: store.prepare(
      `INSERT INTO answer (at, who, place, name, question, sql, assumptions, provider, model, outcome, rows)
       VALUES (:at, :who, :place, :name, :question, :sql, :assumptions, :provider, :model, :outcome, :rows)`,
    ),
    latest: store.prepare<[string], { at: string | null }>('SELECT max(at) AS at FROM answer WHERE at <= ?'),
    forgetOlder: store.prepare('DELETE FROM answer WHERE id < (SELECT min(id) FROM answer WHERE at >= ?)'),
    forgetMore: store.prepare(
      `DELETE FROM answer WHERE who = :who AND id <=
         (SELECT id FROM answer WHERE who = :who ORDER BY id DESC LIMIT 1 OFFSET :answers)`,
    ),
    note: store.prepare('UPDATE answer SET conversation = ?, outcome = ?, rows = ? WHERE id = ?'),
    bad: store.prepare<[string, string, string], { sql: string }>(
      `SELECT DISTINCT sql FROM answer
       WHERE verdict = 'bad' AND place = ? AND question = ? AND who = ? ORDER BY id DESC LIMIT 3`,
    ),
  };
}

/** Keeps an answer and forgets those that are too old or too many; returns its number. */
export function addAnswer(store: Store, answer: NewAnswer, caps: Caps, now: Date): number {
  const { add, forgetMore } = statementsOf(store);
  return store
    .transaction(() => {
      const { lastInsertRowid } = add.run({
        ...answer,
        at: now.toISOString(),
        assumptions: JSON.stringify(answer.assumptions),
      });
      forgetOld(store, caps.days, now);
      forgetMore.run({ who: answer.who, answers: caps.answers });
      return Number(lastInsertRowid);
    })
    .immediate();
}

/**
 * Forgets what came before the first answer of the last so many days. A clock may be wrong for a while, years ahead or
 * behind, and no answer may be lost by that: the days are counted back from an answer of a week ago or longer, which a
 * clock that has just been set can't have written, and answers go in the order in which they came.
 */
function forgetOld(store: Store, days: number, now: Date): void {
  const statements = statementsOf(store);
  const latest = statements.latest.get(new Date(now.getTime() - settled).toISOString());
  if (latest?.at == null) {
    return;
  }
  const oldest = new Date(new Date(latest.at).getTime() - days * day).toISOString();
  statements.forgetOlder.run(oldest);
}

/**
 * Somebody's newest answers that hold every one of some words in question or SQL, the newest first; of those before a
 * number where one is given.
 */
export function listAnswers(
  store: Store,
  words: readonly string[],
  most: number,
  { who = '', before = Number.MAX_SAFE_INTEGER }: { readonly who?: string; readonly before?: number } = {},
): readonly PastAnswer[] {
  const wanted = words.map((word) => word.toLocaleLowerCase());
  const found: PastAnswer[] = [];
  const rows = store.prepare<[string, number], StoredAnswer>(
    'SELECT * FROM answer WHERE who = ? AND id < ? ORDER BY id DESC',
  );
  for (const row of rows.iterate(who, before)) {
    if (found.length >= most) {
      break;
    }
    const text = `${row.question}\n${row.sql}`.toLocaleLowerCase();
    if (wanted.every((word) => text.includes(word))) {
      found.push(readRow(row));
    }
  }
  return found;
}

/** The answer of a number, or the last one, of whoever runs sqlq on this machine. Throws a SqlqError `usage` where there is none. */
export function readAnswer(store: Store, id: number | null): PastAnswer {
  const row =
    id === null
      ? store.prepare<[], StoredAnswer>("SELECT * FROM answer WHERE who = '' ORDER BY id DESC LIMIT 1").get()
      : store.prepare<[number], StoredAnswer>("SELECT * FROM answer WHERE who = '' AND id = ?").get(id);
  if (row !== undefined) {
    return readRow(row);
  }
  throw new SqlqError(
    'usage',
    id === null ? 'No answer is remembered yet.' : `No answer has the number ${id}.`,
    {
      hint:
        id === null
          ? 'Ask something first: sqlq --db sample "how many customers are there?". With the setting history: false nothing is kept.'
          : 'List them with: sqlq history',
    },
  );
}

/** Forgets one answer. Throws a SqlqError `usage` where there is none of that number. */
export function forgetAnswer(store: Store, id: number): void {
  readAnswer(store, id);
  store.prepare('DELETE FROM answer WHERE id = ?').run(id);
  emptyLog(store);
}

/** Forgets every answer, those of a service's users too; returns how many there were. Examples stay. */
export function forgetAnswers(store: Store): number {
  const { changes } = store.prepare('DELETE FROM answer').run();
  emptyLog(store);
  return changes;
}

/** The question of somebody's that this SQL last answered; of one that built on another, both. */
export function questionOf(store: Store, place: string, sql: string, who = ''): string | null {
  const found = store
    .prepare<[string, string, string], { question: string }>(
      'SELECT question FROM answer WHERE place = ? AND sql = ? AND who = ? ORDER BY id DESC LIMIT 1',
    )
    .get(place, sql, who);
  return found?.question ?? null;
}

/** What was forgotten stands in the log until that is written to the file, where it is overwritten. */
function emptyLog(store: Store): void {
  store.pragma('wal_checkpoint(TRUNCATE)');
}

export function judgeAnswer(store: Store, id: number, verdict: Verdict): void {
  store.prepare('UPDATE answer SET verdict = ? WHERE id = ?').run(verdict, id);
}

/** What became of an answer once it ran, and where it belongs. */
export function noteRun(
  store: Store,
  id: number,
  { conversation, outcome, rows }: Pick<PastAnswer, 'conversation' | 'outcome' | 'rows'>,
): void {
  statementsOf(store).note.run(conversation, outcome, rows, id);
}

/** SQL that somebody called a bad answer to exactly this question, the newest first. */
export function badAnswers(store: Store, place: string, question: string, who = ''): readonly string[] {
  return statementsOf(store)
    .bad.all(place, question, who)
    .map(({ sql }) => sql);
}

/** This program alone writes the column, as JSON. */
function readRow(row: StoredAnswer): PastAnswer {
  const assumptions: readonly string[] = JSON.parse(row.assumptions);
  return { ...row, assumptions };
}
