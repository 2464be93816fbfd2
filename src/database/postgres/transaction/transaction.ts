import {
  type Beginning,
  begin,
  beginReading,
  beginWriting,
  checkShown,
  encoding,
  readOnly,
  readOnlyByDefault,
  rollback,
  runTogether,
  type Shown,
  showing,
} from './begin.ts';
import { neededOf } from './in-force.ts';
import type { TransactionSetUp } from './turns.ts';

/**
 * Begins the read-only transaction that one statement runs in, or goes on with the one that it was judged in, and makes
 * sure that it is read-only; gives the search path.
 */
export async function beginReadOnly(setUp: TransactionSetUp): Promise<readonly string[]> {
  const beginning = {
    how: beginReading,
    set: [...setUp.settings, readOnlyByDefault],
    asked: [readOnly, encoding],
  };
  return setUp.turns.isHeld ? goOn(setUp, beginning) : begin(setUp, beginning);
}

/** Takes back all that was set since the savepoint. */
async function goOn(setUp: TransactionSetUp, { set, asked }: Beginning): Promise<readonly string[]> {
  const needed = neededOf([...set, ...asked]);
  setUp.turns.isHeld = false;
  try {
    const rows = await runTogether<Shown>(setUp.client, ['ROLLBACK TO SAVEPOINT sqlq', showing(needed)]);
    checkShown(needed, rows);
    return setUp.turns.searchPath ?? [];
  } catch (error) {
    await rollback(setUp);
    throw error;
  }
}

/**
 * Begins a transaction that may change something. Throws a SqlqError `refused` where the role's transactions, or the
 * database's, are read-only by an administrator's default: `READ WRITE` would lift that without a word.
 */
export async function beginReadWrite(setUp: TransactionSetUp): Promise<void> {
  const usual = { ...readOnlyByDefault, value: 'off' };
  await begin(setUp, { how: beginWriting, set: setUp.settings, asked: [encoding, usual] });
}
