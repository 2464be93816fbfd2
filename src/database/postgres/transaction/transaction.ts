import {
  type Beginning,
  backToSavepoint,
  begin,
  beginReading,
  beginWriting,
  checkShown,
  encoding,
  letGo,
  readOnly,
  readOnlyByDefault,
  rollback,
  runTogether,
  type Shown,
  showing,
} from './begin.ts';
import { neededOf } from './in-force.ts';
import type { Setting } from './settings.ts';
import { newTurns, type TransactionSetUp } from './turns.ts';

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
    const rows = await runTogether<Shown>(setUp.client, [backToSavepoint, showing(needed)]);
    checkShown(needed, rows);
    return setUp.turns.searchPath ?? [];
  } catch (error) {
    await rollback(setUp);
    throw error;
  }
}

/**
 * Begins a read-only transaction that what is done with the set-up it gives stays in, so that all of it sees one snapshot:
 * queries of our own and statements, each as in a transaction of its own. `settings` are in force in it.
 */
export async function shareTransaction<SetUp extends TransactionSetUp>(
  setUp: SetUp,
  settings: readonly Setting[],
): Promise<{ readonly shared: SetUp; end(): Promise<void> }> {
  await letGo(setUp);
  const searchPath = await beginReadOnly({ ...setUp, settings });
  const shared = { ...setUp, settings, turns: { ...newTurns(), searchPath, isShared: true } };
  return { shared, end: () => rollback(setUp) };
}

/**
 * Begins a transaction that may change something. Throws a SqlqError `refused` where the role's transactions, or the
 * database's, are read-only by an administrator's default: `READ WRITE` would lift that without a word.
 */
export async function beginReadWrite(setUp: TransactionSetUp): Promise<void> {
  const usual = { ...readOnlyByDefault, value: 'off' };
  await begin(setUp, { how: beginWriting, set: setUp.settings, asked: [encoding, usual] });
}
