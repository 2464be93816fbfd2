import { Client } from 'pg';
import { postgres } from '../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../src/database/target.ts';
import type { ContractEngine } from '../database/contract.ts';

/** The target that a URL of the test server names, with another database or user where given. */
export function postgresTarget(url: string, changes: Partial<ServerTarget> = {}): ServerTarget {
  const { hostname, port, username, password } = new URL(url);
  return {
    engine: 'postgres',
    host: hostname,
    port: Number(port),
    socket: null,
    user: username,
    password,
    database: 'postgres',
    tls: { mode: 'disable', ca: null, certificate: null, key: null },
    ...changes,
  };
}

/** A plain connection to a target, for what a test does behind the adapter's back. */
export async function connectTo(target: ServerTarget): Promise<Client> {
  const client = new Client({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password ?? '',
    database: target.database ?? target.user,
  });
  // A server or pooler that is stopped under it ends the connection, which is no test's failure.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Runs statements, one after the other, over a connection of its own. */
export async function runPostgres(target: ServerTarget, statements: readonly string[]): Promise<void> {
  const client = await connectTo(target);
  try {
    for (const statement of statements) {
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

let counter = 0;

/** A name for a database or role that no other test uses. */
export function uniquePostgresName(part: string): string {
  counter += 1;
  return `sqlq_${part}_${process.pid}_${counter}`;
}

/** PostgreSQL, as the suite of all adapters wants it: a database of its own on the test server. */
export function postgresEngine(url: () => string | null): ContractEngine {
  return {
    name: 'PostgreSQL',
    adapter: postgres,
    async create(statements) {
      const server = postgresTarget(url() ?? '');
      const database = uniquePostgresName('contract');
      const target = { ...server, database };
      await runPostgres(server, [`CREATE DATABASE ${database}`]);
      await runPostgres(target, statements);
      return {
        target,
        execute: (sql) => runPostgres(target, [sql]),
        destroy: () => runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]),
      };
    },
    quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
    schema: () => 'public',
    commented: [
      'CREATE TABLE commented (id INTEGER NOT NULL PRIMARY KEY, note TEXT)',
      "COMMENT ON TABLE commented IS 'All our notes'",
      "COMMENT ON COLUMN commented.note IS 'Written by hand'",
    ],
    exact: [
      { expression: '9007199254740993', value: 9007199254740993n },
      { expression: '-9223372036854775807 - 1', value: -9223372036854775808n },
      { expression: '9007199254740991', value: 9007199254740991 },
      { expression: '(-32768)::smallint', value: -32768 },
      { expression: '99999999999999999999.123456789', value: '99999999999999999999.123456789' },
      { expression: '0.10', value: '0.10' },
      { expression: "'NaN'::numeric", value: 'NaN' },
      { expression: "'-Infinity'::float8", value: '-Infinity' },
      { expression: '0.1::float8 + 0.2::float8', value: '0.30000000000000004' },
      { expression: '5e-324::float8', value: '5e-324' },
      { expression: "DATE '2024-02-29'", value: '2024-02-29' },
      { expression: "DATE '4713-01-01 BC'", value: '4713-01-01 BC' },
      { expression: "DATE 'infinity'", value: 'infinity' },
      { expression: "TIMESTAMP '2024-02-29 23:59:59.123456'", value: '2024-02-29 23:59:59.123456' },
      {
        expression: "TIMESTAMPTZ '2024-02-29 23:59:59.123456+00' AT TIME ZONE 'Asia/Kolkata'",
        value: '2024-03-01 05:29:59.123456',
      },
      { expression: "TIME '24:00:00'", value: '24:00:00' },
      { expression: "'\\x00ff1b'::bytea", value: Buffer.from([0, 255, 27]) },
      { expression: "''::bytea", value: Buffer.from([]) },
      { expression: 'true', value: true },
      { expression: "ARRAY['a,b', NULL, 'c\"d']", value: '{"a,b",NULL,"c\\"d"}' },
      { expression: "ROW(1, 'a b')", value: '(1,"a b")' },
      {
        expression: `'{"n": 9007199254740993, "n": 1.10}'::json`,
        value: '{"n": 9007199254740993, "n": 1.10}',
      },
      { expression: "repeat('🎉', 70000)", value: '🎉'.repeat(70_000) },
    ],
    endless: 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d',
  };
}
