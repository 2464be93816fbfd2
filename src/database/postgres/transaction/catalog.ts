import { isDeepStrictEqual } from 'node:util';
import { runBatch, type Step, type TextRow } from '../wire/batch.ts';
import {
  askPath,
  type Beginning,
  begin,
  beginReading,
  beginWith,
  encoding,
  readOnly,
  readOnlyByDefault,
  rollback,
} from './begin.ts';
import { setting } from './in-force.ts';
import type { TransactionSetUp } from './turns.ts';

/**
 * Runs queries of our own in a read-only transaction with `catalogSettings`. `work` gets the role's own search path, as
 * existing schemas, the implicit ones among them.
 */
export async function inCatalog<T>(
  setUp: TransactionSetUp,
  work: (searchPath: readonly string[]) => Promise<T>,
): Promise<T> {
  const searchPath = await begin(setUp, catalogBeginning(setUp));
  try {
    return await work(searchPath);
  } finally {
    void rollback(setUp);
  }
}

/**
 * As `inCatalog`, with a first question that goes to the server together with the beginning, by the search path that it
 * told last: where that is another by now, the question is put again. `work` gets the first cell of the answer. Where
 * its result is one to `hold` for, the transaction stays open: `beginReadOnly` goes on with it, anything else ends it.
 */
export async function askCatalog<T>(
  setUp: TransactionSetUp,
  question: (searchPath: readonly string[]) => Step,
  work: (searchPath: readonly string[], answer: string) => Promise<T>,
  hold: (result: T) => boolean,
): Promise<T> {
  try {
    return await askOnce(setUp, question, work, hold);
  } catch (error) {
    if (!setUp.kept.learnFrom(error)) {
      throw error;
    }
    return askOnce(setUp, question, work, hold);
  }
}

async function askOnce<T>(
  setUp: TransactionSetUp,
  question: (searchPath: readonly string[]) => Step,
  work: (searchPath: readonly string[], answer: string) => Promise<T>,
  hold: (result: T) => boolean,
): Promise<T> {
  const { turns, client } = setUp;
  const expected = turns.searchPath;
  const answers: { row: TextRow | undefined } = { row: undefined };
  const beginning = catalogBeginning(setUp);
  const searchPath =
    expected === null
      ? await begin(setUp, beginning)
      : await beginWith(setUp, beginning, question(expected), answers);
  let isHeld = false;
  try {
    if (expected === null || !isDeepStrictEqual(searchPath, expected)) {
      const [rows] = await runBatch(client, [question(searchPath)]);
      answers.row = rows?.[0];
    }
    const answer = answers.row?.[0] ?? null;
    if (answer === null) {
      throw new Error('the catalog did not answer');
    }
    const result = await work(searchPath, answer);
    isHeld = hold(result);
    turns.isHeld = isHeld;
    return result;
  } finally {
    if (!isHeld) {
      void rollback(setUp);
    }
  }
}

/**
 * Ends what has begun, then begins and ends a transaction of our own queries, all in one message; throws what would
 * keep one from beginning.
 */
export async function tryOut(setUp: TransactionSetUp): Promise<void> {
  const beginning = catalogBeginning(setUp);
  await begin(setUp, { ...beginning, how: `ROLLBACK; ${beginning.how}`, last: 'ROLLBACK' });
  setUp.turns.pass();
}

function catalogBeginning({ settings, catalogSettings }: TransactionSetUp): Beginning {
  return {
    how: beginReading,
    set: [...settings, readOnlyByDefault],
    setLater: catalogSettings,
    asked: [readOnly, encoding],
  };
}

/** From here to the end of the transaction every unqualified name is the server's own. */
export const ownPath = 'SET LOCAL search_path = pg_catalog, pg_temp';

/**
 * From here to the end of the transaction every unqualified name is the server's own, see `catalogSettings`. It gives the
 * role's search path as existing schemas, the implicit ones among them (see `pathIn`).
 */
export const enterCatalog = `${askPath};
  ${ownPath}`;

/** The path that `enterCatalog` gave, among the results of several statements. */
export function pathIn(results: unknown): readonly string[] {
  for (const { rows } of Array.isArray(results) ? results : []) {
    if (Array.isArray(rows[0]?.path)) {
      return rows[0].path;
    }
  }
  throw new Error('the server did not say its search path');
}

/**
 * Runs statements of our own at the end of a transaction, with every unqualified name the server's own, and ends it in
 * the same message; gives their rows.
 */
export async function runLast(
  setUp: TransactionSetUp,
  steps: readonly Step[],
): Promise<readonly (readonly TextRow[])[]> {
  const before = setting(setUp.catalogSettings);
  try {
    const rows = await runBatch(setUp.client, [
      ...before.map((text) => ({ text })),
      ...steps,
      { text: 'ROLLBACK' },
    ]);
    setUp.turns.pass();
    return rows.slice(before.length, -1);
  } catch (error) {
    setUp.kept.learnFrom(error);
    await rollback(setUp);
    throw error;
  }
}
