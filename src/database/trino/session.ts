import { randomBytes } from 'node:crypto';
import { SqlqError } from '../../errors.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { OpenOptions } from '../database.ts';
import { describeTarget, type ServerTarget } from '../target.ts';
import { failureOf, readOnlyViolation, requirePrivacy } from './errors.ts';
import { writeText } from './names.ts';
import { type HttpClient, httpClient } from './wire/http.ts';
import { collect, type Server, type Whole } from './wire/statement.ts';
import { readOnly, type Transactions, transactionsOf } from './wire/transaction.ts';

/** The catalog and schema that unqualified names are of; null where the address says none. */
export interface Home {
  readonly catalog: string | null;
  readonly schema: string | null;
}

/** One user at one coordinator: Trino keeps no connection, so it is headers. */
export interface Session {
  readonly server: Server;
  readonly http: HttpClient;
  readonly dialect: Dialect;
  readonly home: Home;
  /** Who the server says is asking. */
  readonly role: string;
  /** By this name of the source the server knows what this session runs. */
  readonly id: string;
  /** How long the server lets a statement run; null where it lets nobody say that. */
  readonly timeLimitMs: number | null;
  /** How it shows that the server does not hold a transaction to reading; null where it does. */
  readonly unheld: string | null;
  /** The names of the catalogs, each with its connector. */
  readonly catalogs: ReadonlyMap<string, string>;
  readonly transactions: Transactions;
  /** The rows of a statement of ours, in a transaction that only reads: a new one where changes must be seen at once. */
  rows(sql: string, signal: AbortSignal, fresh?: 'fresh'): Promise<readonly (readonly unknown[])[]>;
  /** Waits until the server has been told that all is over. */
  close(): Promise<void>;
}

/** The catalog and the schema of an address: `catalog`, `catalog/schema` or nothing. Trino folds both to lower case. */
export function homeOf({ database }: Pick<ServerTarget, 'database'>): Home {
  const [catalog, schema] = (database ?? '').toLowerCase().split(/\/(.*)/su);
  return { catalog: catalog || null, schema: schema || null };
}

/** The server of a target, as every process of ours speaks to it. Throws a SqlqError `usage`. */
export function serverOf(target: ServerTarget, source: string): { server: Server; http: HttpClient } {
  requirePrivacy(target);
  const http = httpClient(target);
  const home = homeOf(target);
  const headers: Record<string, string> = {
    'X-Trino-User': target.user,
    'X-Trino-Source': source,
    // Without these the server cuts fractions of seconds to three digits, and takes no path.
    'X-Trino-Client-Capabilities': 'PATH,PARAMETRIC_DATETIME',
    // Names of functions mean the server's own, whatever its settings say.
    'X-Trino-Path': 'system.builtin',
    ...(home.catalog === null ? {} : { 'X-Trino-Catalog': home.catalog }),
    ...(home.schema === null ? {} : { 'X-Trino-Schema': home.schema }),
  };
  const odd = Object.values(headers).find((value) => !/^[\x20-\x7e]*$/u.test(value));
  if (odd !== undefined) {
    throw new SqlqError('usage', `"${odd}" can't be sent to Trino: headers of HTTP hold ASCII alone`, {
      hint: 'Leave the name out of the URL, and name schemas with --schemas.',
    });
  }
  return { http, server: { http, headers, place: `${target.host}:${target.port}` } };
}

/** Says who asks and what for, asks what the server is, and tries whether it holds a transaction to reading. */
export async function openSession(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Session> {
  if (options.access !== 'read') {
    throw new SqlqError(
      'usage',
      'sqlq only reads from Trino: what its connectors write, nobody can take back',
      {
        hint: 'Leave out --write.',
      },
    );
  }
  const id = `sqlq/${randomBytes(12).toString('hex')}`;
  const { http, server: plain } = serverOf(target, id);
  try {
    const home = homeOf(target);
    const limited = await withTimeLimit(plain, options.timeoutMilliseconds, signal);
    const { server, timeLimitMs } = limited;
    const transactions = transactionsOf(server);
    const [[version, role], catalogs, unheld] = await Promise.all([
      facts(server, signal),
      catalogsOf(server, signal),
      whyNotHeld(server, transactions, signal),
    ]);
    if (unheld !== null && options.trustGuard !== true) {
      throw new SqlqError('refused', `${unheld}.`, {
        hint: 'sqlq reads only where the server holds it to that too. Let the account read system.runtime.transactions, connect to Trino itself, or let the guard stand alone: --trust-guard.',
      });
    }
    requireHome(home, catalogs, target);
    return {
      server,
      http,
      dialect: { engine: 'trino', product: 'Trino', version },
      home,
      role,
      id,
      timeLimitMs,
      unheld,
      catalogs,
      transactions,
      rows: (sql, wanted, fresh) =>
        readOnly(
          transactions,
          wanted,
          async ({ headers }) => {
            const { rows } = await collect(server, sql, { signal: wanted, headers });
            return rows;
          },
          fresh,
        ),
      async close() {
        await transactions.close();
        http.close();
      },
    };
  } catch (error) {
    http.close();
    signal.throwIfAborted();
    throw failureOf(error, plain.place);
  }
}

async function facts(server: Server, signal: AbortSignal): Promise<readonly [string, string]> {
  const { rows } = await collect(server, 'SELECT version(), current_user', { signal });
  const [version = '', role = ''] = (rows[0] ?? []).map(String);
  return [version, role];
}

async function catalogsOf(server: Server, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { rows } = await collect(
    server,
    'SELECT catalog_name, connector_name FROM system.metadata.catalogs',
    { signal },
  ).catch(async (): Promise<Pick<Whole, 'rows'>> => {
    // An account may see the catalogs and not the table of them.
    const shown = await collect(server, 'SHOW CATALOGS', { signal });
    return { rows: shown.rows.map(([name]) => [name, '']) };
  });
  return new Map(rows.map(([name, connector]) => [String(name), String(connector)]));
}

function requireHome({ catalog }: Home, catalogs: ReadonlyMap<string, string>, target: ServerTarget): void {
  if (catalog === null || catalogs.has(catalog)) {
    return;
  }
  const names = [...catalogs.keys()].filter((name) => name !== 'system').toSorted();
  throw new SqlqError('usage', `There is no catalog "${catalog}" at ${target.host}:${target.port}`, {
    hint: `Name another one: ${describeTarget({ ...target, database: names[0] ?? 'NAME' })}.${names.length === 0 ? '' : ` There are: ${names.slice(0, 20).join(', ')}.`}`,
  });
}

/**
 * How it shows that the server does not hold a transaction to reading, as a sentence without its full stop; null where it
 * does. That is asked, and tried: by a schema for the catalog `system`, which no server makes. An account that may not
 * even try it is believed what the server says.
 */
async function whyNotHeld(
  server: Server,
  transactions: Transactions,
  signal: AbortSignal,
): Promise<string | null> {
  const [said, tried] = await Promise.all([
    readOnly(transactions, signal, ({ id, headers }) =>
      collect(
        server,
        `SELECT read_only FROM system.runtime.transactions WHERE transaction_id = ${writeText(id)}`,
        { signal, headers },
      ).then(({ rows }) => String(rows[0]?.[0] ?? 'nothing')),
    ).catch(codeOf),
    readOnly(transactions, signal, ({ headers }) =>
      collect(server, 'CREATE SCHEMA system.sqlq_try', { signal, headers }).then(() => 'it was done'),
    ).catch(codeOf),
  ]);
  const isHeld = tried === readOnlyViolation && said !== 'false';
  const mayNotTry = tried === 'PERMISSION_DENIED' && said === 'true';
  return isHeld || mayNotTry
    ? null
    : `${server.place} does not hold a transaction to reading: asked for read_only it says ${said}, and to try gave ${tried}`;
}

const codeOf = (error: unknown): string =>
  error instanceof SqlqError ? (error.engineCode ?? error.message) : 'an error';

const milliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration as Trino writes it, such as `100.00d`; null where it is none. */
function durationOf(text: string): number | null {
  const [, count, unit = ''] = /^([\d.]+)\s*([a-z]+)$/u.exec(text) ?? [];
  const one = milliseconds[unit];
  return count === undefined || one === undefined ? null : Number(count) * one;
}

const limits = ['query_max_execution_time', 'query_max_run_time', 'query_max_planning_time'] as const;

/** The headers that limit how long a statement of this many milliseconds may run. */
export function timeLimit(ms: number): string {
  return limits.map((name) => `${name}=${Math.max(1, Math.ceil(ms))}ms`).join(',');
}

/** The server with the shorter of its own time limits and the user's, where it lets the user say one. */
async function withTimeLimit(
  server: Server,
  wantedMs: number,
  signal: AbortSignal,
): Promise<{ readonly server: Server; readonly timeLimitMs: number | null }> {
  const { rows } = await collect(server, "SHOW SESSION LIKE 'query_max%'", { signal });
  const own = rows.flatMap(([name, value]) =>
    limits.some((limit) => limit === name) ? (durationOf(String(value)) ?? []) : [],
  );
  const timeLimitMs = Math.min(wantedMs, ...own);
  const limited = {
    ...server,
    headers: { ...server.headers, 'X-Trino-Session': timeLimit(timeLimitMs) },
  };
  try {
    await collect(limited, 'SELECT 1', { signal });
    return { server: limited, timeLimitMs };
  } catch (error) {
    if (error instanceof SqlqError && error.engineCode === 'PERMISSION_DENIED') {
      return { server, timeLimitMs: null };
    }
    throw error;
  }
}
