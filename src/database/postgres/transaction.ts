import type { Client, QueryResult, QueryResultRow } from 'pg';
import { SqlqError } from '../../errors.ts';
import { isInForce, type Setting } from './settings.ts';

/** How the transactions of a session begin, and whose turn it is. */
export interface TransactionSetUp {
  readonly client: Client;
  readonly settings: readonly Setting[];
  /** What those of our own queries have besides. */
  readonly catalogSettings: readonly Setting[];
  readonly turns: Turns;
}

/** A connection has one transaction at a time: who begins one waits until the one before has ended. */
export interface Turns {
  take(): Promise<void>;
  pass(): void;
}

/** The turns of a new connection. */
export function newTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  let pass: () => void = () => {};
  return {
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
const beginWriting = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

const readOnlyByDefault: Setting = { name: 'default_transaction_read_only', value: 'on', needed: true };
const readOnly: Setting = { name: 'transaction_read_only', value: 'on', needed: true };
const encoding: Setting = { name: 'client_encoding', value: 'UTF8', needed: true };

/** Begins the read-only transaction that one statement runs in, and makes sure that it is one. */
export async function beginReadOnly(setUp: TransactionSetUp): Promise<void> {
  const set = [...setUp.settings, readOnlyByDefault];
  await begin(setUp, { how: beginReading, set, asked: [readOnly, encoding] });
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

/** Ends the transaction of a statement, whatever happened in it. */
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
    await rollback(setUp);
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

/**
 * From here to the end of the transaction every unqualified name is the server's own, see `catalogSettings`. It gives the
 * role's search path as existing schemas, the implicit ones among them (see `pathIn`).
 */
export const enterCatalog = `${askPath};
  SET LOCAL search_path = pg_catalog, pg_temp`;

/** The path that `enterCatalog` gave, among the results of several statements. */
export function pathIn(results: unknown): readonly string[] {
  for (const { rows } of Array.isArray(results) ? results : [])
    if (Array.isArray(rows[0]?.path)) return rows[0].path;
  throw new Error('the server did not say its search path');
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
  /** What is set when the search path has been looked at. */
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
  { how, set, setLater = [], asked, last = 'SAVEPOINT sqlq' }: Beginning,
): Promise<readonly string[]> {
  // What is set later takes the place of what was set before.
  const inForce = new Map([...set, ...setLater, ...asked].map((setting) => [setting.name, setting]));
  const needed = [...inForce.values()].filter((setting) => setting.needed);
  const question = needed.map(({ name }) => `pg_catalog.current_setting('${name}', true) AS "${name}"`);
  await setUp.turns.take();
  try {
    const rows = await runTogether<Shown>(setUp.client, [
      how,
      ...setting(set),
      askPath,
      ...setting(setLater),
      `SELECT ${question.join(', ')}`,
      last,
    ]);
    const shown = rows.at(-1);
    for (const wanted of needed) {
      const value = shown?.[wanted.name] ?? null;
      if (!isInForce(wanted, value)) throw notInForce(wanted, value);
    }
    const path = rows.find((row) => Array.isArray(row.path))?.path;
    if (path === undefined) throw new SqlqError('failed', 'The server did not say its search path.');
    return path;
  } catch (error) {
    await rollback(setUp);
    throw error;
  }
}

/** The statements that set something until the end of the transaction: one, or none. */
function setting(settings: readonly Setting[]): readonly string[] {
  if (settings.length === 0) return [];
  const calls = settings.map(
    ({ name, value }) => `pg_catalog.set_config('${name}', ${quoteLiteral(value)}, true)`,
  );
  return [`SELECT ${calls.join(', ')}`];
}

/** A literal that reads alike whatever standard_conforming_strings is: the whole message is read before it is set. */
function quoteLiteral(text: string): string {
  return `E'${text.replace(/['\\]/g, '$&$&')}'`;
}

function notInForce({ name, value }: Setting, shown: unknown): SqlqError {
  if (name === 'default_transaction_read_only' && value === 'off')
    return new SqlqError('refused', 'The server makes the transactions of this role read-only.', {
      hint:
        'Its administrator set default_transaction_read_only = on for the role, the database or the server. ' +
        'Connect as a role that may write, or have that changed with ALTER ROLE or ALTER DATABASE.',
    });
  return new SqlqError(
    'refused',
    `The server took ${name} = ${value} and did not put it in force: it says ${shown === null ? 'nothing' : String(shown)}.`,
    {
      hint: 'Nothing would hold a statement in check there, so that nothing is run. Use another server or pooler.',
    },
  );
}
