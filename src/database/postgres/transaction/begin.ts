import type { Client, QueryResult, QueryResultRow } from 'pg';
import { z } from 'zod';
import { SqlqError } from '../../../errors.ts';
import { runBatch, type Step, type TextRow } from '../wire/batch.ts';
import { checkInForce, neededOf, quoteLiteral, setting, shown } from './in-force.ts';
import type { Setting } from './settings.ts';
import type { TransactionSetUp } from './turns.ts';

/**
 * The isolation is named, because the default may be one that a standby does not have. The snapshot that the questions
 * take and the savepoint are what makes a later `SET TRANSACTION READ WRITE` fail: it may neither follow a query nor
 * stand in a subtransaction.
 */
export const beginReading = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const savepoint = 'SAVEPOINT sqlq';
/** Takes back all that was set since then; what has failed in between is forgotten. */
export const backToSavepoint = 'ROLLBACK TO SAVEPOINT sqlq';
export const beginWriting = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

export const readOnlyByDefault: Setting = {
  name: 'default_transaction_read_only',
  value: 'on',
  needed: true,
};
export const readOnly: Setting = { name: 'transaction_read_only', value: 'on', needed: true };
export const encoding: Setting = { name: 'client_encoding', value: 'UTF8', needed: true };

export const askPath = 'SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true)) AS path';

/** How a transaction begins. */
export interface Beginning {
  readonly how: string;
  readonly set: readonly Setting[];
  /** What is set when the search path has been looked at, until the statement's own turn. */
  readonly setLater?: readonly Setting[];
  /** What has to hold besides what was set. */
  readonly asked: readonly Setting[];
  readonly last?: string;
}

/** What the server says at the beginning of a transaction: its search path, then the settings by name. */
export interface Shown {
  readonly path: readonly string[];
  readonly [setting: string]: string | null | readonly string[];
}

/** Begins a transaction, asks the server what is in force, and gives the role's search path. */
export async function begin(
  setUp: TransactionSetUp,
  { how, set, setLater = [], asked, last }: Beginning,
): Promise<readonly string[]> {
  const needed = neededOf([...set, ...setLater, ...asked]);
  await letGo(setUp);
  if (setUp.turns.isShared) {
    const rows = await runTogether<Shown>(setUp.client, [
      backToSavepoint,
      ...setting(setLater),
      showing(needed),
    ]);
    checkShown(needed, rows);
    return setUp.turns.searchPath ?? [];
  }
  await setUp.turns.take();
  try {
    const rows = await runTogether<Shown>(setUp.client, [
      how,
      ...setting(set),
      askPath,
      savepoint,
      ...setting(setLater),
      showing(needed),
      ...(last === undefined ? [] : [last]),
    ]);
    checkShown(needed, rows);
    const path = rows.find((row) => Array.isArray(row.path))?.path;
    return rememberPath(setUp, path);
  } catch (error) {
    await rollback(setUp);
    throw error;
  }
}

/** Asks for settings, by their names. */
export function showing(settings: readonly Setting[]): string {
  return `SELECT ${settings.map(({ name }) => `${shown(name)} AS "${name}"`).join(', ')}`;
}

/** Throws a SqlqError `refused` where one is not in force, by what was shown last. */
export function checkShown(needed: readonly Setting[], rows: readonly Shown[]): void {
  const values = rows.at(-1);
  checkInForce(needed, (name) => values?.[name] ?? null);
}

/**
 * As `begin`, with a question of our own in the same message. The server itself makes sure, before it looks at the
 * question, that the search path is its own by then: it fails by a division where it is not.
 */
export async function beginWith(
  setUp: TransactionSetUp,
  { how, set, setLater = [], asked }: Beginning,
  question: Step,
  answers: { row: TextRow | undefined },
): Promise<readonly string[]> {
  const needed = neededOf([...set, ...setLater, ...asked]);
  const own = needed.find(({ name }) => name === 'search_path')?.value ?? '';
  const isOwn = `(${shown('search_path')} OPERATOR(pg_catalog.=) ${quoteLiteral(own)})`;
  const { isShared } = setUp.turns;
  const beginning = isShared ? [backToSavepoint] : [how, ...setting(set)];
  const steps = [
    ...beginning,
    ...(isShared ? [] : [askPath, savepoint]),
    ...setting(setLater),
    `SELECT ${needed.map(({ name }) => shown(name)).join(', ')}`,
    `SELECT 1 OPERATOR(pg_catalog./) ${isOwn}::pg_catalog.int4`,
  ];
  const seen: TextRow[][] = [];
  const check = (): void => {
    const values = seen[steps.length - 2]?.[0];
    checkInForce(needed, (name) => values?.[needed.findIndex((one) => one.name === name)] ?? null);
  };
  await letGo(setUp);
  if (!isShared) {
    await setUp.turns.take();
  }
  try {
    await runBatch(setUp.client, [...steps.map((text) => ({ text })), question], seen);
    check();
    answers.row = seen.at(-1)?.[0];
    if (isShared) {
      return setUp.turns.searchPath ?? [];
    }
    const path: unknown = JSON.parse(seen[beginning.length]?.[0]?.[0] ?? 'null');
    return rememberPath(setUp, path);
  } catch (error) {
    await rollback(setUp);
    if (seen.length === steps.length - 1) {
      check();
    }
    throw error;
  }
}

const pathSchema = z.array(z.string());

function rememberPath({ turns }: TransactionSetUp, told: unknown): readonly string[] {
  const { data: path } = pathSchema.safeParse(told);
  if (path === undefined) {
    throw new SqlqError('failed', 'The server did not say its search path.');
  }
  turns.searchPath = path;
  return path;
}

/** Ends the transaction that a statement was judged in and that it will not run in. */
export async function letGo(setUp: TransactionSetUp): Promise<void> {
  if (setUp.turns.isHeld) {
    setUp.turns.isHeld = false;
    await rollback(setUp);
  }
}

/** Ends a transaction that was begun here; gives the command that the server says it has done. */
export async function end(
  { client, turns }: TransactionSetUp,
  command: 'COMMIT' | 'ROLLBACK',
): Promise<string> {
  try {
    return (await client.query(command)).command;
  } finally {
    turns.pass();
  }
}

/**
 * Ends the transaction of a statement, whatever happened in it. Nobody need wait: the next waits for its turn. One that is
 * shared goes on, and what comes next in it begins by taking back what was done.
 */
export async function rollback(setUp: TransactionSetUp): Promise<void> {
  if (setUp.turns.isShared) {
    return;
  }
  // On a connection that is gone there is no transaction any more.
  await end(setUp, 'ROLLBACK').catch(() => {});
}

/** Runs statements of our own in one message; gives the rows of those that have any. */
export async function runTogether<Row extends QueryResultRow>(
  client: Client,
  statements: readonly string[],
): Promise<readonly Row[]> {
  // The driver's types know one result alone; of several statements it gives a list.
  const results = await client.query<Row>(statements.join('; '));
  const each: readonly QueryResult<Row>[] = Array.isArray(results) ? results : [results];
  return each.flatMap(({ rows }) => rows);
}
