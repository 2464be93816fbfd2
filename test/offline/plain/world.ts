import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Note } from '../../../src/model/model.ts';
import { createOfflineModel } from '../../../src/offline/offline.ts';
import { openFile, requestOf } from '../database.ts';

/** A database that plain questions are asked of. */
export interface World {
  /** The rows of the answer; where there is none, whether the engine asks back or refuses, and what it says. */
  ask(question: string, notes?: readonly Note[]): Promise<unknown[][] | Unanswered>;
  /** What the engine says that it took the words for. */
  lines(question: string, notes?: readonly Note[]): Promise<readonly string[]>;
  close(): void;
}

export interface Unanswered {
  readonly kind: 'asks' | 'refuses';
  readonly text: string;
  readonly choices: readonly string[];
}

/** A SQLite file made by a script, with the clock at noon of 28 November 2026. */
export async function worldOf(script: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-plain-'));
  const path = join(folder, 'world.sqlite');
  const database = new Database(path);
  database.exec(script);
  const { schema, values } = await openFile(path);
  const model = createOfflineModel();
  const answerTo = async (question: string, notes: readonly Note[] = []) =>
    (
      await model.answer(
        { ...requestOf(question, schema, values), notes, now: new Date(2026, 10, 28, 12) },
        new AbortController().signal,
      )
    ).answer;
  return {
    async ask(question, notes) {
      const answer = await answerTo(question, notes);
      if (answer.kind === 'sql') {
        return database.prepare<[], unknown[]>(answer.sql).raw().all();
      }
      if (answer.kind === 'clarification') {
        const choices = answer.choices.flatMap(({ sql }) => sql ?? []);
        return { kind: 'asks', text: answer.question, choices };
      }
      return { kind: 'refuses', text: answer.kind === 'unanswerable' ? answer.reason : '', choices: [] };
    },
    async lines(question, notes) {
      const answer = await answerTo(question, notes);
      return answer.kind === 'sql' ? answer.assumptions : [];
    },
    close() {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
