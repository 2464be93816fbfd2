import type { Connection } from 'mysql2';
import { SqlqError } from '../../errors.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { OpenOptions } from '../database.ts';
import { describeTarget, type ServerTarget } from '../target.ts';
import { productOf } from './server/product.ts';
import { type InForce, setUp } from './server/set-up.ts';
import { collect, connect, type Rows } from './wire/connection.ts';

/** One connection whose settings are pinned, so that the guard reads SQL as the server does. */
export interface Session {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly inForce: InForce;
  /** The server's number of this connection, for KILL. */
  readonly id: string;
  readonly database: string;
  /** `user@host` as the server matched it. */
  readonly role: string;
  /** A gate before several servers answers: what one of them says of its catalog has that one's names and numbers. */
  readonly isGate: boolean;
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

/** Connects and pins everything that changes how SQL is read, what it may do and how long. */
export async function openSession(
  target: ServerTarget,
  options: OpenOptions,
  signal: AbortSignal,
): Promise<Session> {
  const { connection, greeting } = await connect(target, signal);
  let isClosed = false;
  const onEnd = (): void => {
    isClosed = true;
  };
  connection.on('error', onEnd);
  connection.on('end', onEnd);
  try {
    const rows: Rows = (sql) => collect(connection, sql);
    const [first = []] = await rows(
      'SELECT VERSION(), CONNECTION_ID(), DATABASE(), CURRENT_USER(), @@lower_case_table_names, @@sql_mode, @@version_comment, @@sql_select_limit',
    );
    const [version, id, database, role, letterCase, modes, comment, mostRows] = first;
    if (!database) {
      throw await noDatabase(connection, target);
    }
    const product = productOf(greeting.version, version ?? '', comment ?? '');
    const inForce = await setUp(rows, product, options, { modes: modes ?? '', mostRows: mostRows ?? '' });
    return {
      connection,
      dialect: product.dialect,
      inForce,
      id: product.isGate ? greeting.id : (id ?? ''),
      database,
      isGate: product.isGate,
      role: role ?? '',
      caseSensitive: letterCase === '0',
      isLocal: target.socket !== null,
      rows,
      isClosed: () => isClosed,
      close() {
        isClosed = true;
        connection.destroy();
      },
      end: () =>
        new Promise((resolve) => {
          if (isClosed) {
            return resolve();
          }
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
