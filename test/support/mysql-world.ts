import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import type { ServerTarget } from '../../src/database/target.ts';
import { mysqlTarget, uniqueName } from './mysql-engine.ts';

/** What was seen, by what was looked at. */
export type Snapshot = Readonly<Record<string, readonly string[] | undefined>>;

/** A database with canaries, the accounts that may use it, and what can be seen of the server from outside. */
export interface World {
  readonly database: string;
  /** An account that only reads, one that owns the tables, and one that may do everything. */
  readonly roles: Readonly<Record<'reader' | 'owner' | 'superuser', ServerTarget>>;
  /** Rows, schema, accounts, settings, locks, counters and files: equal before and after whatever does no harm. */
  snapshot(): Promise<Snapshot>;
  destroy(): Promise<void>;
}

/** Settings that move by themselves. */
const restless =
  /^(timestamp|.*_gtid_.*|gtid_.*|rand_seed.*|insert_id|last_insert_id|identity|pseudo_.*|innodb_.*_now|warning_count|error_count|in_transaction|last_gtid|server_uid|.*status.*)$/;

/** The script as this server reads it: MySQL has no sequences, and keeps its accounts elsewhere. */
function inDialect(script: string, isMariadb: boolean): string {
  return isMariadb
    ? script
    : script
        .replace(/^CREATE SEQUENCE .*;$/gm, '')
        .replace(/\bPriv FROM mysql\.global_priv\b/g, 'authentication_string AS Priv FROM mysql.user');
}

/** Makes a world of statements; `DELIMITER //` begins the part with stored code. */
export async function createWorld(url: string, script: string, name = 'app'): Promise<World> {
  const database = uniqueName('world');
  const admin = mysqlTarget(url);
  const connection = await createConnection({
    host: admin.host,
    port: admin.port,
    user: admin.user,
    password: admin.password ?? '',
    multipleStatements: true,
    rowsAsArray: true,
    dateStrings: true,
  });
  const [version] = await connection.query('SELECT VERSION()');
  const isMariadb = /mariadb/i.test(JSON.stringify(version));
  const [plain = '', stored = ''] = inDialect(script, isMariadb)
    .replace(new RegExp(`\\b${name}\\b`, 'g'), database)
    .split(/^DELIMITER \/\/$/m);
  await connection.query(plain);
  for (const code of stored.split(/^DELIMITER ;$/m)[0]?.split('//') ?? []) {
    if (code.trim() !== '') {
      await connection.query(code);
    }
  }
  const accounts = { reader: uniqueName('reader'), owner: uniqueName('owner') };
  await connection.query(
    `CREATE USER ${accounts.reader}@'%' IDENTIFIED BY 'pw'; GRANT SELECT, EXECUTE ON ${database}.* TO ${accounts.reader}@'%';
     CREATE USER ${accounts.owner}@'%' IDENTIFIED BY 'pw'; GRANT ALL ON ${database}.* TO ${accounts.owner}@'%'`,
  );
  const own = (user: string): ServerTarget => mysqlTarget(url, { user, password: 'pw', database });
  return {
    database,
    roles: {
      reader: own(accounts.reader),
      owner: own(accounts.owner),
      superuser: mysqlTarget(url, { database }),
    },
    snapshot: () => snapshot(connection, database, isMariadb),
    async destroy() {
      await connection.query(
        `DROP DATABASE ${database}; DROP USER ${accounts.reader}@'%'; DROP USER ${accounts.owner}@'%'`,
      );
      await connection.end();
    },
  };
}

async function snapshot(connection: Connection, database: string, isMariadb: boolean): Promise<Snapshot> {
  const rowsOf = (result: unknown): string[] =>
    Array.isArray(result) ? result.map((row) => JSON.stringify(row)).sort() : [];
  const tables = rowsOf(
    (
      await connection.query(
        `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' AND TABLE_TYPE = 'BASE TABLE'`,
      )
    )[0],
  ).map((row) => String(JSON.parse(row)[0]));
  const looks = {
    databases: "SHOW DATABASES WHERE `Database` NOT LIKE 'sqlq\\_%'",
    tables: `SELECT TABLE_NAME, TABLE_TYPE, ENGINE, AUTO_INCREMENT, CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}'`,
    columns: `SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database}'`,
    code: `SELECT ROUTINE_NAME, ROUTINE_DEFINITION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '${database}'`,
    events: `SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${database}'`,
    triggers: `SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '${database}'`,
    accounts: `SELECT * FROM mysql.${isMariadb ? 'global_priv' : 'user'} WHERE User NOT LIKE 'sqlq\\_%'`,
    servers: 'SELECT * FROM mysql.servers',
    plugins: 'SELECT * FROM mysql.plugin',
    functions: 'SELECT * FROM mysql.func',
    locks: "SELECT IS_USED_LOCK('a'), IS_USED_LOCK('sqlq')",
    variables: 'SHOW GLOBAL VARIABLES',
    folders: 'SELECT @@datadir, @@tmpdir',
    ...Object.fromEntries(tables.map((name) => [`rows of ${name}`, `SELECT * FROM ${database}.\`${name}\``])),
  };
  // All at once: a look for each statement of the corpora would otherwise take longer than the statements.
  const [results] = await connection.query(Object.values(looks).join(';\n'));
  const seen = new Map(
    Object.keys(looks).map((name, index) => [name, rowsOf(Array.isArray(results) ? results[index] : null)]),
  );
  const folders: unknown = JSON.parse(seen.get('folders')?.[0] ?? '[]');
  return {
    ...Object.fromEntries(seen),
    variables: seen.get('variables')?.filter((row) => !restless.test(JSON.parse(row)[0])),
    files: await files(Array.isArray(folders) ? folders.map(String) : [], database),
  };
}

/** Files of the server: its data folder, this database's and those of its account in the folder for temporary ones. */
async function files([data, temporary]: readonly string[], database: string): Promise<readonly string[]> {
  if (data === undefined || temporary === undefined) {
    return [];
  }
  const list = async (folder: string): Promise<string[]> =>
    (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const filesIn = async (folder: string): Promise<string[]> =>
    (await readdir(folder, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(folder, name));
  const server = await stat(data).catch(() => null);
  const seen: string[] = [];
  for (const path of [...(await filesIn(temporary)), ...(await filesIn(tmpdir()))]) {
    if (/#sql|\.sock|\.pid/.test(path)) {
      continue;
    }
    const about = await stat(path).catch(() => null);
    if (about !== null && about.uid === server?.uid) {
      seen.push(path);
    }
  }
  const own = (await list(join(data, database))).filter((path) => !path.includes('#sql'));
  const top = (await list(data)).filter((path) => !/sqlq_|#sql|aria_log|ib_|ibtmp|ddl_recovery/.test(path));
  return [...new Set([...seen, ...own, ...top])].sort();
}
