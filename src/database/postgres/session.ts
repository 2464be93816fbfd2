import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { Client } from 'pg';
import { SqlqError } from '../../errors.ts';
import type { OpenOptions } from '../database.ts';
import type { ServerTarget } from '../target.ts';
import { connectionError } from './connection-errors.ts';
import { installTap, reusingSocket, type Tap } from './wire/tap.ts';

const connectTimeoutMilliseconds = 10_000;
/** How long a transaction may wait for its user: a read waits for nobody, a change waits for a yes. */
const idleMilliseconds = { read: 60_000, write: 900_000, ddl: 900_000 };
const oldestMajorVersion = 12;

/** A connection whose session is as this program needs it. */
export interface Session {
  readonly client: Client;
  readonly tap: Tap;
  /** Such as `18.4`. */
  readonly version: string;
  readonly majorVersion: number;
  /** Statements can be kept prepared: no pooler hands the next one to another backend. */
  readonly keepsStatements: boolean;
  /** Process id and start time of the server's backend: `cancel` ends that one and no later owner of the id. */
  readonly backend: string;
  /** The role's own search path, as existing schemas, the implicit ones among them. */
  readonly searchPath: readonly string[];
}

/**
 * Settings of the session. Together with the guard they are what read-only means: whatever else happens, each
 * transaction begins read-only and statements end. The rest makes the server's text exact and its lexer agree with
 * the guard's.
 */
function settings(options: OpenOptions): Readonly<Record<string, string>> {
  const timeout = Math.max(1, Math.ceil(options.timeoutMilliseconds));
  return {
    default_transaction_read_only: 'on',
    statement_timeout: String(timeout),
    lock_timeout: String(Math.min(timeout, 10_000)),
    idle_in_transaction_session_timeout: String(timeout + idleMilliseconds[options.access]),
    standard_conforming_strings: 'on',
    backslash_quote: 'safe_encoding',
    transform_null_equals: 'off',
    datestyle: 'ISO',
    extra_float_digits: '1',
    bytea_output: 'hex',
  };
}

/** Connects, prepares the session and learns what it is connected to. */
export async function openSession(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Session> {
  const wanted = settings(options);
  const atStart = Object.entries(wanted).map(([name, value]) => `-c ${name}=${value}`);
  let connected: Connected;
  let late: Readonly<Record<string, string>> = {};
  try {
    connected = await connect(target, atStart.join(' '), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isPoolerRefusal(error)) throw connectionError(error, target);
    // A pooler such as PgBouncer takes no start-up options: the session gets them in its first statement instead.
    connected = await connect(target, '', signal).catch((again) => {
      throw connectionError(again, target);
    });
    late = wanted;
  }
  try {
    return await describeSession(connected, late);
  } catch (error) {
    await connected.client.end().catch(() => {});
    throw error instanceof SqlqError ? error : connectionError(error, target);
  }
}

interface Connected {
  readonly client: Client;
  readonly tap: Tap;
}

async function connect(
  target: ServerTarget,
  startUpOptions: string,
  signal: AbortSignal,
): Promise<Connected> {
  signal.throwIfAborted();
  const ssl = tlsOptions(target);
  const client = new Client({
    host: target.socket ?? target.host,
    port: target.port,
    user: target.user,
    // A function, because the driver would look for another password in the environment and in files.
    password: () => target.password ?? '',
    database: target.database ?? target.user,
    ssl,
    ...(ssl === false ? { stream: reusingSocket } : {}),
    application_name: 'sqlq',
    client_encoding: 'UTF8',
    options: startUpOptions,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    keepAlive: true,
  });
  // A connection that dies between two statements shows in the next one.
  client.on('error', () => {});
  const stop = () => client.connection.stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { connection } = client;
    const tapped = new Promise<Tap>((resolve) => {
      // The driver listens to the stream by then, and nothing of the protocol has come yet.
      const tap = () => resolve(installTap(connection.stream));
      connection.once(ssl === false ? 'connect' : 'sslconnect', tap);
    });
    await client.connect();
    return { client, tap: await tapped };
  } catch (error) {
    client.connection.stream.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function tlsOptions({ tls, host, socket }: ServerTarget): ConnectionOptions | false {
  if (tls.mode === 'disable' || socket !== null) return false;
  return {
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.certificate === null ? {} : { cert: tls.certificate }),
    ...(tls.key === null ? {} : { key: tls.key }),
    rejectUnauthorized: tls.mode !== 'require',
    checkServerIdentity: (_name, certificate) =>
      tls.mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
  };
}

function isPoolerRefusal(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message);
}

async function describeSession(
  { client, tap }: Connected,
  late: Readonly<Record<string, string>>,
): Promise<Session> {
  const set = Object.entries(late).map(([name, value]) => `SET SESSION ${name} = '${value}'`);
  if (set.length > 0) await client.query(set.join('; '));
  const { rows } = await client.query<{ version: number; path: string[]; backend: string }>(
    `SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version,
            pg_catalog.array_to_json(pg_catalog.current_schemas(true)) AS path,
            (SELECT pg_catalog.concat(pid, '/', pg_catalog.date_part('epoch', backend_start))
               FROM pg_catalog.pg_stat_activity
              WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()) AS backend`,
  );
  const [found] = rows;
  if (found === undefined) throw new SqlqError('failed', 'The server did not say which version it is.');
  const majorVersion = Math.floor(found.version / 10_000);
  if (majorVersion < oldestMajorVersion)
    throw new SqlqError('failed', `PostgreSQL ${majorVersion} is too old.`, {
      hint: `Version ${oldestMajorVersion} is the oldest that works.`,
    });
  // The server looks for a dropped connection while it works, where its platform can. Without it a query whose
  // reader was killed would run on; the time limit then still ends it.
  if (majorVersion >= 14)
    await client.query("SET SESSION client_connection_check_interval = '1s'").catch(() => {});
  return {
    client,
    tap,
    version: `${majorVersion}.${found.version % 10_000}`,
    majorVersion,
    keepsStatements: Object.keys(late).length === 0,
    backend: found.backend,
    searchPath: found.path,
  };
}

/** Ends what a backend runs, from a connection of its own. Does nothing where that backend is gone. */
export async function cancelBackend(target: ServerTarget, backend: string): Promise<void> {
  const [pid, start] = backend.split('/');
  const { client } = await connect(target, '', AbortSignal.timeout(connectTimeoutMilliseconds));
  try {
    await client.query({
      text: `SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity
              WHERE pid OPERATOR(pg_catalog.=) $1::pg_catalog.int4
                AND pg_catalog.date_part('epoch', backend_start) OPERATOR(pg_catalog.=) $2::pg_catalog.float8`,
      values: [pid, start],
    });
  } finally {
    await client.end().catch(() => {});
  }
}
