import { type Connection, createConnection } from 'mysql2';
import { z } from 'zod';
import type { ServerTarget } from '../../target.ts';
import { connectFailure, statementFailure } from '../errors.ts';
import { authentication } from './authentication.ts';
import { socketTo, tlsOptions } from './network.ts';

/** What the driver hands over of the protocol's first packet. */
const greetingShape = z.object({ serverVersion: z.string(), connectionId: z.number() });

/** A row of a query of ours: the server's own text of each value. */
export type TextRow = readonly (string | null)[];

/** Runs one statement of ours and collects its rows. */
export type Rows = (sql: string) => Promise<readonly TextRow[]>;

/** What whoever answers says of itself before anything is asked: a gate before servers speaks for itself here alone. */
export interface Greeting {
  /** Such as `8.4.3`, or `8.4.6-Vitess`. */
  readonly version: string;
  /** The number by which it knows the connection. */
  readonly id: string;
}

/** A connection, and who answered. */
export interface Connected {
  readonly connection: Connection;
  readonly greeting: Greeting;
}

/** Connects; only what is listed here reaches the driver. */
export function connect(target: ServerTarget, signal: AbortSignal): Promise<Connected> {
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
    connection.once('connect', (greeting: unknown) => {
      signal.removeEventListener('abort', abort);
      connection.removeAllListeners('error');
      // A connection that dies between statements is told by the next statement.
      connection.on('error', () => {});
      resolve({ connection, greeting: greetingOf(greeting) });
    });
    if (signal.aborted) {
      abort();
    }
  });
}

function greetingOf(said: unknown): Greeting {
  const { serverVersion, connectionId } = greetingShape.parse(said);
  return { version: serverVersion, id: String(connectionId) };
}

/** Runs one statement of ours on a connection and collects its rows. */
export function collect(connection: Connection, sql: string): Promise<readonly TextRow[]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error: unknown, rows: unknown) => {
      if (error) {
        reject(statementFailure(error));
      } else {
        resolve(Array.isArray(rows) ? rows : []);
      }
    });
  });
}
