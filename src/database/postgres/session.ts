import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import { SqlqError } from '../../errors.ts';
import type { OpenOptions } from '../database.ts';
import type { ServerTarget } from '../target.ts';
import { connectionError } from './connection-errors.ts';
import { marksInForce, productOf } from './product.ts';
import { rollback, runTogether } from './transaction/begin.ts';
import { tryOut } from './transaction/catalog.ts';
import {
  catalogSettings,
  type Limit,
  limitNames,
  limitsOf,
  type Setting,
  settingsOf,
} from './transaction/settings.ts';
import { beginReadOnly } from './transaction/transaction.ts';
import { newTurns, type TransactionSetUp } from './transaction/turns.ts';
import { type BackendKey, requestCancel } from './wire/cancel.ts';
import { connectTimeoutMilliseconds, dial, type Link } from './wire/dial.ts';
import { keptStatements } from './wire/kept-statements.ts';
import type { Tap } from './wire/tap.ts';

const oldestMajorVersion = 12;

/** A connection whose transactions are as this program needs them. */
export interface Session extends TransactionSetUp {
  readonly tap: Tap;
  readonly fault: Link['fault'];
  /** What the server is, such as `PostgreSQL` or `Citus on PostgreSQL`. */
  readonly product: string;
  /** What shows that it does not hold a session to reading, where the user has said that the guard is enough; else null. */
  readonly unheld: string | null;
  /** Such as `18.4`. */
  readonly version: string;
  readonly majorVersion: number;
  /** What ends a statement of this connection from another process, see `cancelSession`. */
  readonly token: string;
  /** A pooler stands between: another statement may run on another of the server's connections. */
  readonly pooled: boolean;
  readonly limits: readonly Limit[];
}

/**
 * Connects, learns what it is connected to, and makes sure that the server does what keeps statements in check. `greeted` is
 * called when there is something to wait for: the server has been asked to let this program in.
 */
export async function openSession(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
  greeted: () => void = () => {},
): Promise<Session> {
  let link: Link;
  try {
    link = await dial(target, signal, greeted);
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error, target);
  }
  try {
    return await describeSession(link, options);
  } catch (error) {
    await link.client.end().catch(() => {});
    throw error instanceof SqlqError ? error : connectionError(link.fault() ?? error, target);
  }
}

interface FirstLook {
  readonly product: string;
  readonly marks: readonly string[];
  readonly version: number;
  readonly searchPath: string;
  readonly pid: number;
  readonly start: string | null;
  readonly statement_timeout: string;
  readonly lock_timeout: string;
  readonly idle_in_transaction_session_timeout: string;
}

/** One look at what was connected to, in a transaction that needs nothing of it. */
const firstLook = `SELECT pg_catalog.version() AS product, pg_catalog.array_to_json(${marksInForce}) AS marks,
  pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version,
  pg_catalog.current_setting('search_path') AS "searchPath",
  pg_catalog.pg_backend_pid() AS pid,
  (SELECT pg_catalog.date_part('epoch', backend_start)::pg_catalog.text FROM pg_catalog.pg_stat_activity
    WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()) AS start,
  ${limitNames.map((name) => `pg_catalog.current_setting('${name}') AS ${name}`).join(', ')}`;

async function describeSession({ client, tap, key, fault }: Link, options: OpenOptions): Promise<Session> {
  const found = await lookAt(client);
  const majorVersion = Math.floor(found.version / 10_000);
  if (majorVersion < oldestMajorVersion) {
    throw new SqlqError('failed', `PostgreSQL ${majorVersion} is too old.`, {
      hint: `Version ${oldestMajorVersion} is the oldest that works.`,
    });
  }
  const limits = limitsOf(options.access, options.timeoutMilliseconds, found);
  // A pooler makes up a key of its own, which it alone can tell.
  const pooled = key?.processId !== found.pid;
  const setUp = await agree({
    client,
    settings: settingsOf(limits, found.searchPath),
    catalogSettings,
    turns: newTurns(),
    kept: keptStatements(!pooled),
  });
  const product = productOf(found.product, found.marks);
  const unheld = product.isKnown ? null : await whyNotHeld(setUp, found.product);
  if (unheld !== null && options.trustGuard !== true) {
    throw new SqlqError('refused', `${unheld}.`, {
      hint: 'It speaks the protocol of PostgreSQL and is another: nothing but the guard would hold a statement in check there. If that is enough: --trust-guard.',
    });
  }
  return {
    ...setUp,
    tap,
    fault,
    product: product.name,
    unheld,
    version: `${majorVersion}.${found.version % 10_000}`,
    majorVersion,
    token: tokenOf(key, pooled ? null : found.start),
    pooled,
    limits,
  };
}

/** Leaves its transaction open, because a pooler that lends connections for statements alone shows itself by that. */
async function lookAt(client: Client): Promise<FirstLook> {
  const rows = await runTogether<FirstLook>(client, [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    firstLook,
  ]);
  const [found] = rows;
  if (found === undefined) {
    throw new SqlqError('failed', 'The server did not say which version it is.');
  }
  return found;
}

/** Tries the settings out and leaves out those wished for that this server does not take. */
async function agree(wanted: TransactionSetUp): Promise<TransactionSetUp> {
  try {
    await tryOut(wanted);
    return wanted;
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
  }
  const refused = new Set<Setting>();
  for (const setting of [...wanted.settings, ...wanted.catalogSettings].filter(({ needed }) => !needed)) {
    await tryOut({ ...wanted, settings: [setting], catalogSettings: [] }).catch(() => refused.add(setting));
  }
  const agreed: TransactionSetUp = {
    ...wanted,
    settings: wanted.settings.filter((setting) => !refused.has(setting)),
    catalogSettings: wanted.catalogSettings.filter((setting) => !refused.has(setting)),
  };
  await tryOut(agreed);
  return agreed;
}

/**
 * On a product that is not known a setting that shows as on proves nothing: a change of no row is tried, and has to be
 * refused as PostgreSQL refuses it. The sentence, without its full stop, where it is not; else null.
 */
async function whyNotHeld(setUp: TransactionSetUp, product: string): Promise<string | null> {
  await beginReadOnly(setUp);
  const refusal = await setUp.client.query('DELETE FROM pg_catalog.pg_description WHERE false').then(
    () => null,
    (error: unknown) => error,
  );
  await rollback(setUp);
  const isHeld = refusal instanceof DatabaseError && refusal.code === readOnlyViolation;
  return isHeld ? null : `The server lets a read-only transaction change rows. It calls itself: ${product}`;
}

/** `read_only_sql_transaction`, see "PostgreSQL Error Codes" in its manual. */
const readOnlyViolation = '25006';

/** What a session's token says: the protocol's key, and when the server's process began where that can be asked. */
interface Token {
  readonly key: BackendKey;
  readonly start: string | null;
}

function tokenOf(key: BackendKey | null, start: string | null): string {
  return key === null ? '' : [key.processId, key.secret, start ?? ''].join('/');
}

function readToken(token: string): Token | null {
  const [, processId, secret, start] = /^(-?\d+)\/(-?\d+)\/([\d.]*)$/.exec(token) ?? [];
  if (processId === undefined || secret === undefined) {
    return null;
  }
  return { key: { processId: Number(processId), secret: Number(secret) }, start: start || null };
}

/** Ends what a session runs, from a connection of its own. Does nothing where it runs nothing any more. */
export async function cancelSession(target: ServerTarget, token: string): Promise<void> {
  const read = readToken(token);
  if (read !== null) {
    await requestCancel(target, read.key, AbortSignal.timeout(connectTimeoutMilliseconds));
  }
}

/** How long a backend may take to end a statement before it is said that it does not. */
const endMilliseconds = 2_000;

/** What the server still does for a session whose connection is gone, or why nobody can know; null where nothing. */
export async function leftRunning(target: ServerTarget, token: string): Promise<string | null> {
  const read = readToken(token);
  if (read === null) {
    return 'The server told no way to end a statement: it runs until its time limit.';
  }
  const { key, start } = read;
  if (start === null) {
    return 'A pooler stands between: whether the server has ended the statement is not known.';
  }
  let client: Client;
  try {
    ({ client } = await dial(target, AbortSignal.timeout(endMilliseconds)));
  } catch (error) {
    return `Whether the server has ended the statement is not known: ${connectionError(error, target).message}`;
  }
  try {
    const deadline = performance.now() + endMilliseconds;
    while (await isActive(client, key.processId, start)) {
      if (performance.now() > deadline) {
        return `The server's process ${key.processId} was told to end the statement and still works on it; SELECT pg_terminate_backend(${key.processId}) ends the process.`;
      }
      await sleep(50);
    }
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether the backend that began at that time still works on a statement. */
async function isActive(client: Client, processId: number, start: string): Promise<boolean> {
  const rows = await runTogether<{ active: boolean }>(client, [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `SELECT state OPERATOR(pg_catalog.=) 'active' AS active FROM pg_catalog.pg_stat_activity
      WHERE pid OPERATOR(pg_catalog.=) ${processId}
        AND pg_catalog.date_part('epoch', backend_start) OPERATOR(pg_catalog.=) ${start}::pg_catalog.float8`,
    'ROLLBACK',
  ]);
  return rows[0]?.active === true;
}
