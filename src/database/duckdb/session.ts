import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Config,
  Connection as DriverConnection,
  Database as DriverDatabase,
  PreparedStatement,
  Result,
} from '@duckdb/node-bindings';
import type { Parameter } from '../admitted-statement.ts';
import type { Row } from '../database.ts';
import { type Zone, zoneOf } from './cells/time.ts';
import { type Driver, loadDriver } from './driver.ts';
import { failureOf, isLocked } from './errors.ts';
import { literal } from './files/sql.ts';
import { allRows, bindAll } from './values.ts';

/** A connection to an open database, for one statement. */
export interface Connection {
  /** The same object for all connections of one opening of the database. */
  readonly instance: object;
  readonly access: Opening['access'];
  readonly driver: Driver;
  readonly handle: DriverConnection;
  /** In which moments with a time zone are written. */
  readonly zone: Zone;
  /** Runs a text of ours, with `$1` and so on for the values, and reads it to its end. */
  rows(text: string, values?: readonly string[]): Promise<Row[]>;
  prepare(text: string): Promise<PreparedStatement>;
  /** All rows of a result that is not streamed. */
  read(result: Result): Promise<Row[]>;
  /** Says whether a result of this connection has rows that were not read yet. */
  streams(streaming: boolean): void;
  close(): void;
}

/** Opens connections to one database, each for one statement, so that no statement meets what another left behind. */
export interface Connector {
  /** A connection to what can't be written. */
  reader(): Promise<Connection>;
  /** A connection that may write the file; while it is open, nobody else's is. */
  writer(): Promise<Connection>;
  close(): void;
}

/** How a database is opened. */
export interface Opening {
  /** `:memory:` for one in memory alone. */
  readonly path: string;
  readonly access: 'READ_ONLY' | 'READ_WRITE';
  /** Bytes that the process may take; DuckDB's own limit where it is left out. */
  readonly memoryLimit?: number | undefined;
  /** What is done before files are shut off and settings locked; gives back the files that stay readable all the same. */
  readonly fill?: (connection: Connection) => Promise<readonly string[]>;
  /** What is done once they are: whatever binds a text that is not ours. */
  readonly finish?: (connection: Connection) => Promise<void>;
}

/** What of the process's memory is DuckDB's: the rest is the program and the rows under way. */
const memoryShare = 0.7;

/** Settings from the start: nothing is fetched, no code loaded, no secret read. */
const settings: Readonly<Record<string, string>> = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
};

/** What is too large for memory would go to files beside the database, until the disk is full. */
const noSpilling = "SET temp_directory = ''";

/** What shuts the rest off once the file is open: all other files, and a way back. */
const seals = ['SET enable_external_access = false', 'SET lock_configuration = true'];

/** An open database. */
export interface Instance {
  connect(): Promise<Connection>;
  close(): void;
}

/** Opens a database, sealed. Throws a SqlqError. */
export async function openInstance({ path, access, memoryLimit, fill, finish }: Opening): Promise<Instance> {
  const driver = await loadDriver();
  const config = driver.create_config();
  const own = memoryLimit === undefined ? {} : { memory_limit: `${Math.floor(memoryLimit * memoryShare)}B` };
  for (const [name, value] of Object.entries({ ...settings, ...own, access_mode: access })) {
    driver.set_config(config, name, value);
  }
  const database = await openWhenFree(driver, path, config);
  const first = await driver.connect(database);
  try {
    await driver.query(first, noSpilling);
    const opened = { driver, instance: database, access };
    const plain = connectionOf(opened, first, zoneOf('UTC'));
    const readable = (await fill?.(plain)) ?? [];
    const allowed =
      readable.length === 0 ? [] : [`SET allowed_paths = [${readable.map(literal).join(', ')}]`];
    for (const text of [...allowed, ...seals]) {
      await driver.query(first, text);
    }
    await finish?.(plain);
    const [zone] = await plain.rows("SELECT system.main.current_setting('TimeZone')");
    return {
      connect: async () => connectionOf(opened, await driver.connect(database), zoneOf(String(zone?.[0]))),
      close: () => driver.close_sync(database),
    };
  } catch (error) {
    driver.close_sync(database);
    throw failureOf(error, path);
  } finally {
    driver.disconnect_sync(first);
  }
}

/** How long a file is waited for that another program has open: one like this one lets it go soon. */
const longestWaitMilliseconds = 2000;
const pauseMilliseconds = 25;

async function openWhenFree(driver: Driver, path: string, config: Config): Promise<DriverDatabase> {
  const start = performance.now();
  for (;;) {
    try {
      return await driver.open(path, config);
    } catch (error) {
      if (!isLocked(error) || performance.now() - start > longestWaitMilliseconds) {
        throw failureOf(error, path);
      }
      await sleep(pauseMilliseconds);
    }
  }
}

function connectionOf(
  opened: Pick<Connection, 'driver' | 'instance' | 'access'>,
  handle: DriverConnection,
  zone: Zone,
): Connection {
  const { driver } = opened;
  const connection: Connection = {
    ...opened,
    handle,
    zone,
    async rows(text, values = []) {
      const statement = await connection.prepare(text);
      try {
        bindAll(
          driver,
          statement,
          values.map((value, index): Parameter => ({ name: String(index + 1), value, type: 'text' })),
        );
        const result = await driver.execute_prepared(statement);
        return await connection.read(result);
      } finally {
        driver.destroy_prepare_sync(statement);
      }
    },
    prepare: (text) => driver.prepare(handle, text),
    read: (result) => allRows({ driver, zone }, result),
    streams() {},
    close: () => driver.disconnect_sync(handle),
  };
  return connection;
}
