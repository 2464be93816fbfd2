import type { ServerTarget } from '../../src/database/target.ts';
import { trino } from '../../src/database/trino/connect.ts';
import type { ContractEngine } from '../database/contract.ts';
import { runOnTrino } from './trino-server.ts';

/** The target that a test server's URL names. */
export function trinoTarget(url: string, changes: Partial<ServerTarget> = {}): ServerTarget {
  const { hostname, port } = new URL(url);
  return {
    engine: 'trino',
    host: hostname,
    port: Number(port),
    socket: null,
    user: 'reader',
    password: null,
    database: null,
    tls: { mode: 'disable', ca: null, certificate: null, key: null },
    ...changes,
  };
}

let counter = 0;

/** A name for a schema that no other test uses. */
export function uniqueSchema(part: string): string {
  counter += 1;
  return `sqlq_${part}_${process.pid}_${counter}`;
}

/** A statement of the other engines as Trino takes it: it knows no keys, checks and defaults, and casts no text to a date. */
export function asTrino(statement: string): string {
  return statement
    .replace(/,\s*(?:PRIMARY KEY|UNIQUE) \([^)]*\)/gu, '')
    .replace(/ (?:PRIMARY KEY|UNIQUE)(?=[,)\s])/gu, '')
    .replace(/,\s*CHECK \([^)]*\)/gu, '')
    .replace(/,\s*FOREIGN KEY \([^)]*\) REFERENCES \w+ \([^)]*\)/gu, '')
    .replace(/ DEFAULT '[^']*'/gu, '')
    .replace(/(?<=[(,]\s*)'(\d{4}-\d\d-\d\d)'/gu, "DATE '$1'");
}

/** Trino, as the suite of all adapters wants it: a schema of its own in memory. */
export function trinoEngine(url: () => string): ContractEngine {
  return {
    name: 'Trino',
    adapter: trino,
    async create(statements) {
      const schema = uniqueSchema('contract');
      const home = { catalog: 'memory', schema };
      const run = (sql: readonly string[]) => runOnTrino(url(), sql.map(asTrino), home);
      await run([`CREATE SCHEMA memory.${schema}`, ...statements]);
      return {
        target: trinoTarget(url(), { database: `memory/${schema}` }),
        execute: async (sql) => {
          await run([sql]);
        },
        destroy: async () => {
          await run([`DROP SCHEMA memory.${schema} CASCADE`]);
        },
      };
    },
    quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
    schema: (target) => ('database' in target ? (target.database ?? '').replace('/', '.') : ''),
    commented: [
      "CREATE TABLE commented (id INTEGER NOT NULL, note VARCHAR COMMENT 'Written by hand') COMMENT 'All our notes'",
    ],
    exact: [
      { expression: '9007199254740993', value: 9007199254740993n },
      { expression: '-9223372036854775807 - 1', value: -9223372036854775808n },
      { expression: '9007199254740991', value: 9007199254740991 },
      {
        expression: "DECIMAL '12345678901234567890123456789.123456789'",
        value: '12345678901234567890123456789.123456789',
      },
      { expression: '0.10', value: '0.10' },
      { expression: '0.1e0 + 0.2e0', value: 0.30000000000000004 },
      { expression: "REAL '1.1'", value: 1.1 },
      { expression: 'nan()', value: Number.NaN },
      { expression: '-infinity()', value: Number.NEGATIVE_INFINITY },
      { expression: "DATE '2024-02-29'", value: '2024-02-29' },
      { expression: "TIME '23:59:59.123456789012'", value: '23:59:59.123456789012' },
      {
        expression: "TIMESTAMP '2024-02-29 23:59:59.123456789012 Europe/Zurich'",
        value: '2024-02-29 23:59:59.123456789012 Europe/Zurich',
      },
      { expression: "INTERVAL '3' DAY", value: '3 00:00:00.000' },
      { expression: "INTERVAL '14' MONTH", value: '1-2' },
      { expression: "X'00ff1b'", value: Uint8Array.from([0, 255, 27]) },
      { expression: "CAST('ab' AS char(4))", value: 'ab  ' },
      {
        expression: "UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'",
        value: '12151fd2-7586-11e9-8f9e-2a86e4085a59',
      },
      { expression: "IPADDRESS '2001:db8::1'", value: '2001:db8::1' },
      { expression: 'JSON \'{"n": 9007199254740993}\'', value: '{"n":9007199254740993}' },
      { expression: 'ARRAY[9007199254740993, NULL]', value: '[9007199254740993,null]' },
      { expression: "MAP(ARRAY['__proto__', 'b'], ARRAY[1.50, 2.00])", value: '{"__proto__":1.50,"b":2.00}' },
      {
        expression: "CAST(ROW(1, ARRAY['x\"y'], nan()) AS ROW(a bigint, b array(varchar), c double))",
        value: '{"a":1,"b":["x\\"y"],"c":"NaN"}',
      },
      { expression: 'ROW(1, true)', value: '[1,true]' },
      { expression: "concat('a', chr(0), 'b')", value: 'a\0b' },
    ],
    endless: 'SELECT count(*) FROM tpch.sf100.lineitem a, tpch.sf100.lineitem b WHERE a.comment < b.comment',
    lacks: ['keys', 'defaults', 'writing'],
    fold: (name) => name.toLowerCase(),
    version: /^\d+$/u,
  };
}
