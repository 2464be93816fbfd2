import { isDeepStrictEqual } from 'node:util';
import type { Client, QueryResult, QueryResultRow } from 'pg';
import { z } from 'zod';
import { SqlqError } from '../../errors.ts';
import { checkInForce, neededOf, quoteLiteral, setting, shown } from './in-force.ts';
import type { Setting } from './settings.ts';
import { runBatch, type Step, type TextRow } from './wire/batch.ts';
import type { KeptStatements } from './wire/kept-statements.ts';

/** How the transactions of a session begin, and whose turn it is. */
export interface TransactionSetUp {
  readonly client: Client;
  readonly settings: readonly Setting[];
  /** What those of our own queries have besides. */
  readonly catalogSettings: readonly Setting[];
  readonly turns: Turns;
  readonly kept: KeptStatements;
}

/** A connection has one transaction at a time: who begins one waits until the one before has ended. */
export interface Turns {
  take(): Promise<void>;
  pass(): void;
  /** The search path that the server told last, by which the next question may be put; null before the first. */
  searchPath: readonly string[] | null;
  /** A read-only transaction is open in which a statement was judged, and which it may run in (see `askCatalog`). */
  isHeld: boolean;
}

/** The turns of a new connection. */
export function newTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  let pass: () => void = () => {};
  return {
    searchPath: null,
    isHeld: false,
    async take() {
      const before = last;
      const turn = Promise.withResolvers<void>();
      last = turn.promise;
      await before;
      pass = turn.resolve;
    },
    pass() {
      pass();
    },
  };
}

/**
 * The isolation is named, because the default may be one that a standby does not have. The snapshot that the questions
 * take and the savepoint are what makes a later `SET TRANSACTION READ WRITE` fail: it may neither follow a query nor
 * stand in a subtransaction.
 */
const beginReading = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const savepoint = 'SAVEPOINT sqlq';
const beginWriting = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

const readOnlyByDefault: Setting = { name: 'default_transaction_read_only', value: 'on', needed: true };
const readOnly: Setting = { name: 'transaction_read_only', value: 'on', needed: true };
const encoding: Setting = { name: 'client_encoding', value: 'UTF8', needed: true };

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

/** Ends the transaction that a statement was judged in and that it will not run in. */
export async function letGo(setUp: TransactionSetUp): Promise<void> {
  if (setUp.turns.isHeld) {
    setUp.turns.isHeld = false;
    await rollback(setUp);
  }
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

/** Ends the transaction of a statement, whatever happened in it. Nobody need wait: the next waits for its turn. */
export async function rollback(setUp: TransactionSetUp): Promise<void> {
  // On a connection that is gone there is no transaction any more.
  await end(setUp, 'ROLLBACK').catch(() => {});
}

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

const askPath = 'SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true)) AS path';

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

/** How a transaction begins. */
interface Beginning {
  readonly how: string;
  readonly set: readonly Setting[];
  /** What is set when the search path has been looked at, until the statement's own turn. */
  readonly setLater?: readonly Setting[];
  /** What has to hold besides what was set. */
  readonly asked: readonly Setting[];
  readonly last?: string;
}

function catalogBeginning({ settings, catalogSettings }: TransactionSetUp): Beginning {
  return {
    how: beginReading,
    set: [...settings, readOnlyByDefault],
    setLater: catalogSettings,
    asked: [readOnly, encoding],
  };
}

/** What the server says at the beginning of a transaction: its search path, then the settings by name. */
interface Shown {
  readonly path: readonly string[];
  readonly [setting: string]: string | null | readonly string[];
}

/** Begins a transaction, asks the server what is in force, and gives the role's search path. */
async function begin(
  setUp: TransactionSetUp,
  { how, set, setLater = [], asked, last }: Beginning,
): Promise<readonly string[]> {
  const needed = neededOf([...set, ...setLater, ...asked]);
  await letGo(setUp);
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
function showing(settings: readonly Setting[]): string {
  return `SELECT ${settings.map(({ name }) => `${shown(name)} AS "${name}"`).join(', ')}`;
}

/** Throws a SqlqError `refused` where one is not in force, by what was shown last. */
function checkShown(needed: readonly Setting[], rows: readonly Shown[]): void {
  const values = rows.at(-1);
  checkInForce(needed, (name) => values?.[name] ?? null);
}

/**
 * As `begin`, with a question of our own in the same message. The server itself makes sure, before it looks at the
 * question, that the search path is its own by then: it fails by a division where it is not.
 */
async function beginWith(
  setUp: TransactionSetUp,
  { how, set, setLater = [], asked }: Beginning,
  question: Step,
  answers: { row: TextRow | undefined },
): Promise<readonly string[]> {
  const needed = neededOf([...set, ...setLater, ...asked]);
  const own = needed.find(({ name }) => name === 'search_path')?.value ?? '';
  const isOwn = `(${shown('search_path')} OPERATOR(pg_catalog.=) ${quoteLiteral(own)})`;
  const beginning = [how, ...setting(set)];
  const steps = [
    ...beginning,
    askPath,
    savepoint,
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
  await setUp.turns.take();
  try {
    await runBatch(setUp.client, [...steps.map((text) => ({ text })), question], seen);
    check();
    answers.row = seen.at(-1)?.[0];
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
