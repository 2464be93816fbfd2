import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import { mysql } from '../../src/database/mysql/connect.ts';
import type { ServerTarget } from '../../src/database/target.ts';
import type { ContractEngine } from '../database/contract.ts';

/** A server of the test run; its URL is null where it could not be had. */
export interface MysqlServer {
  readonly product: 'MariaDB' | 'MySQL';
  readonly url: string | null;
}

/** The servers that the adapter's tests run on. */
export function mysqlServers(): readonly MysqlServer[] {
  return [
    { product: 'MariaDB', url: inject('mariadbUrl') },
    { product: 'MySQL', url: inject('mysqlUrl') },
  ];
}

/** The target that a URL of the test server names, with another database or user where given. */
export function mysqlTarget(url: string, changes: Partial<ServerTarget> = {}): ServerTarget {
  const { hostname, port, username, password } = new URL(url);
  return {
    engine: 'mysql',
    host: hostname,
    port: Number(port),
    socket: null,
    user: username,
    password,
    database: null,
    tls: { mode: 'disable', ca: null, certificate: null, key: null },
    ...changes,
  };
}

/** Runs statements, one after the other, as the owner of a target. */
export async function runAsOwner(target: ServerTarget, statements: readonly string[]): Promise<void> {
  const connection = await createConnection({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password ?? '',
    ...(target.database === null ? {} : { database: target.database }),
  });
  try {
    for (const statement of statements) {
      await connection.query(statement);
    }
  } finally {
    connection.destroy();
  }
}

let counter = 0;

/** A name for a database or account that no other test uses. */
export function uniqueName(part: string): string {
  counter += 1;
  return `sqlq_${part}_${process.pid}_${counter}`;
}

/**
 * MySQL or MariaDB, as the suite of all adapters wants it: a database of its own on the test server, and an account with
 * no right but those on it.
 */
export function mysqlEngine({ product, url }: MysqlServer): ContractEngine {
  return {
    name: product,
    adapter: mysql,
    async create(statements) {
      const server = mysqlTarget(url ?? '');
      const database = uniqueName('contract');
      const user = uniqueName('ordinary');
      await runAsOwner(server, [
        `CREATE DATABASE ${database} CHARACTER SET utf8mb4`,
        `CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`,
        `GRANT ALL ON ${database}.* TO ${user}@'%'`,
      ]);
      const target = { ...server, database, user, password: 'pw' };
      await runAsOwner({ ...server, database }, statements);
      return {
        target,
        execute: (sql) => runAsOwner({ ...server, database }, [sql]),
        destroy: () => runAsOwner(server, [`DROP DATABASE ${database}`, `DROP USER ${user}@'%'`]),
      };
    },
    quote: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
    schema: (target) => ('database' in target ? (target.database ?? '') : ''),
    commented: [
      "CREATE TABLE commented (id INTEGER NOT NULL PRIMARY KEY, note TEXT COMMENT 'Written by hand') COMMENT 'All our notes'",
    ],
    exact: [
      { expression: '9007199254740993', value: 9007199254740993n },
      { expression: '18446744073709551615', value: 18446744073709551615n },
      { expression: '-9223372036854775807 - 1', value: -9223372036854775808n },
      { expression: '9007199254740991', value: 9007199254740991 },
      {
        expression: "CAST('99999999999999999999.123456789' AS DECIMAL(40,9))",
        value: '99999999999999999999.123456789',
      },
      { expression: '0.10', value: '0.10' },
      { expression: 'PI() * 1e100', value: '3.141592653589793e100' },
      { expression: "DATE '2024-02-29'", value: '2024-02-29' },
      // MySQL's own sql_mode says NO_ZERO_DATE.
      { expression: "CAST('0000-00-00' AS DATE)", value: product === 'MySQL' ? null : '0000-00-00' },
      { expression: "TIMESTAMP '2024-02-29 23:59:59.123456'", value: '2024-02-29 23:59:59.123456' },
      { expression: "CAST('-838:59:59' AS TIME)", value: '-838:59:59' },
      { expression: "CONVERT(x'00ff1b', BINARY(3))", value: Uint8Array.from([0, 255, 27]) },
      { expression: "CONCAT('a', CHAR(0 USING utf8mb4), 'b')", value: 'a\0b' },
      { expression: "JSON_OBJECT('n', 9007199254740993)", value: '{"n": 9007199254740993}' },
    ],
    endless:
      'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c',
  };
}
