import { type Connection, createConnection } from 'mysql2';
import { SqlqError } from '../../errors.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { OpenOptions } from '../database.ts';
import { describeTarget, type ServerTarget } from '../target.ts';
import { connectFailure, statementFailure } from './errors.ts';
import { plainMode, type SqlMode } from './guard/syntax/sql-mode.ts';
import { authentication } from './wire/authentication.ts';
import { socketTo, tlsOptions } from './wire/network.ts';

/** A row of a query of ours: the server's own text of each value. */
export type TextRow = readonly (string | null)[];

/** Runs one statement of ours and collects its rows. */
export type Rows = (sql: string) => Promise<readonly TextRow[]>;

/** One connection whose settings are pinned, so that the guard reads SQL as the server does. */
export interface Session {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly mode: SqlMode;
  /** The server's number of this connection, for KILL. */
  readonly id: string;
  readonly database: string;
  /** `user@host` as the server matched it. */
  readonly role: string;
  /** Names of databases and tables differ by case too: `lower_case_table_names` is 0. */
  readonly caseSensitive: boolean;
  /** No network is between. */
  readonly isLocal: boolean;
  readonly rows: Rows;
  /** The connection has ended, by itself or by us. */
  isClosed(): boolean;
  /** Drops the connection at once. */
  close(): void;
  /** Says goodbye; the server rolls back what is open. */
  end(): Promise<void>;
}

/** Connects; only what is listed here reaches the driver. */
export function connect(target: ServerTarget, signal: AbortSignal): Promise<Connection> {
  const connection = createConnection({
    host: target.host,
    port: target.port,
    stream: () => socketTo(target),
    ...(target.socket === null ? {} : { socketPath: target.socket }),
    user: target.user,
    ...(target.password === null ? {} : { password: target.password }),
    ...(target.database === null ? {} : { database: target.database }),
    ...tlsOptions(target),
    authPlugins: authentication(target),
    charset: 'utf8mb4',
    multipleStatements: false,
    // Without these a server can't ask for a local file, and CALL has no results. FOUND_ROWS stays: an UPDATE then
    // counts the rows that it took, changed or not, as other engines do.
    flags: ['-LOCAL_FILES', '-MULTI_RESULTS', '-IGNORE_SPACE', '-ODBC', '-CLIENT_QUERY_ATTRIBUTES'],
    rowsAsArray: true,
    typeCast: (field) => field.string(),
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    connectTimeout: 10_000,
    trace: false,
  });
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      connection.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    connection.once('error', (thrown: unknown) => {
      signal.removeEventListener('abort', abort);
      connection.destroy();
      reject(connectFailure(thrown, target));
    });
    connection.once('connect', () => {
      signal.removeEventListener('abort', abort);
      connection.removeAllListeners('error');
      // A connection that dies between statements is told by the next statement.
      connection.on('error', () => {});
      resolve(connection);
    });
    if (signal.aborted) abort();
  });
}

/** Runs one statement of ours on a connection and collects its rows. */
export function collect(connection: Connection, sql: string): Promise<readonly TextRow[]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error: unknown, rows: unknown) => {
      if (error) reject(statementFailure(error));
      else resolve(Array.isArray(rows) ? rows : []);
    });
  });
}

/** Connects and pins everything that changes how SQL is read, what it may do and how long. */
export async function openSession(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Session> {
  const connection = await connect(target, signal);
  let isClosed = false;
  const onEnd = (): void => {
    isClosed = true;
  };
  connection.on('error', onEnd);
  connection.on('end', onEnd);
  try {
    const [first] = await collect(
      connection,
      'SELECT VERSION(), CONNECTION_ID(), DATABASE(), CURRENT_USER(), @@lower_case_table_names, @@sql_mode',
    );
    const [version = '', id = '', database, role = '', letterCase, sqlMode = ''] = first ?? [];
    if (!database) throw await noDatabase(connection, target);
    const dialect = dialectOf(version ?? '');
    await collect(connection, `SET ${settings(dialect, options, sqlMode ?? '').join(', ')}`);
    if (options.access === 'read') await collect(connection, 'SET SESSION TRANSACTION READ ONLY');
    return {
      connection,
      dialect,
      mode: plainMode,
      id: id ?? '',
      database,
      role: role ?? '',
      caseSensitive: letterCase === '0',
      isLocal: target.socket !== null,
      rows: (sql) => collect(connection, sql),
      isClosed: () => isClosed,
      close() {
        isClosed = true;
        connection.destroy();
      },
      end: () =>
        new Promise((resolve) => {
          if (isClosed) return resolve();
          isClosed = true;
          connection.end(() => resolve());
        }),
    };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function noDatabase(connection: Connection, target: ServerTarget): Promise<SqlqError> {
  const system = /^(information_schema|mysql|performance_schema|sys)$/i;
  const names = (await collect(connection, 'SHOW DATABASES')).map(([name]) => name ?? '');
  const own = names.filter((name) => !system.test(name));
  return new SqlqError('usage', 'The URL names no database', {
    hint: `Add its name: ${describeTarget(target)}NAME.${own.length > 0 ? ` There are: ${own.slice(0, 20).join(', ')}.` : ''}`,
  });
}

/** MariaDB calls itself `10.11.19-MariaDB-0+deb12u1`, MySQL `8.4.3` or `8.0.36-0ubuntu0`. */
export function dialectOf(version: string): Dialect {
  return {
    engine: 'mysql',
    product: /mariadb/i.test(version) ? 'MariaDB' : 'MySQL',
    version: /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)/.exec(version)?.[1] ?? version,
  };
}

/** The assignments of one SET that pins the session. */
function settings(dialect: Dialect, options: OpenOptions, sqlMode: string): readonly string[] {
  const isMariadb = dialect.product === 'MariaDB';
  const seconds = Math.max(1, Math.ceil(options.timeoutMilliseconds / 1000));
  // MariaDB does not know that a primary key decides the other columns, so there it stays as the server has it.
  const fullGroupBy = !isMariadb || sqlMode.includes('ONLY_FULL_GROUP_BY');
  const modes = ['STRICT_TRANS_TABLES', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_ENGINE_SUBSTITUTION'];
  return [
    'NAMES utf8mb4',
    `SESSION sql_mode = '${[...modes, ...(fullGroupBy ? ['ONLY_FULL_GROUP_BY'] : [])].join()}'`,
    `SESSION lock_wait_timeout = ${seconds}`,
    `SESSION innodb_lock_wait_timeout = ${seconds}`,
    // A server may be set to cut results, or to keep no warnings of what it cut.
    'SESSION sql_select_limit = 18446744073709551615',
    'SESSION max_error_count = 64',
    // MySQL cuts GROUP_CONCAT at 1,024 bytes unless told. More than a packet could not be sent, and would fill the
    // server's memory.
    'SESSION group_concat_max_len = @@GLOBAL.max_allowed_packet',
    isMariadb
      ? `SESSION max_statement_time = ${options.timeoutMilliseconds / 1000}`
      : `SESSION max_execution_time = ${options.timeoutMilliseconds}`,
    // MySQL 8 shows statistics of yesterday unless told.
    ...(isMariadb || /^5\./.test(dialect.version) ? [] : ['SESSION information_schema_stats_expiry = 0']),
  ];
}
