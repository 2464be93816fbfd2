import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { duckdb } from '../../../../src/database/duckdb/connect.ts';
import { fileConnector } from '../../../../src/database/duckdb/file-connector.ts';
import type { Connector } from '../../../../src/database/duckdb/session.ts';
import { createDuckdbWorld, type DuckdbWorld } from '../../../support/duckdb-world.ts';
import { hostileCases, hostileSchemaText } from '../../../support/hostile.ts';
import { planOf, query, verdictOf } from '../../../support/statements.ts';

const never = new AbortController().signal;
const cases = hostileCases('duckdb');

let world: DuckdbWorld;
let database: Database;
let connector: Connector;
let before: unknown;
let bytesBefore: unknown;

beforeAll(async () => {
  world = await createDuckdbWorld(hostileSchemaText('duckdb'));
  database = await duckdb.open(
    { engine: 'duckdb', path: world.path },
    { access: 'read', timeoutMilliseconds: 1000, hide: [] },
    never,
  );
  connector = fileConnector(world.path);
  before = world.snapshot();
  bytesBefore = world.bytes();
});
afterAll(async () => {
  await database?.close();
  connector?.close();
  world?.destroy();
});

describe('the hostile corpus of DuckDB', () => {
  it.each(cases)('$id $expect: $why', async ({ sql, expect: wanted }) => {
    const verdict = await verdictOf(database, sql, never);
    if (wanted === 'allow') {
      expect(verdict).toEqual({ kind: 'read', reason: null });
      await planOf(database, sql, never);
      const result = await query(database, sql, { signal: never });
      for await (const batch of result.batches) {
        expect(batch.length).toBeGreaterThan(0);
      }
    } else {
      expect(verdict.kind).not.toBe('read');
      expect(verdict.reason).toMatch(/\S/);
      await expect(planOf(database, sql, never)).rejects.toMatchObject({ code: 'refused' });
      await expect(query(database, sql, { signal: never })).rejects.toMatchObject({ code: 'refused' });
    }
    expect(world.snapshot()).toEqual(before);
  });

  // These end the process: they read memory at a number, or write a file where none may be written.
  const endsProcess = /arrow_scan|save_location|storage_config/;
  const tried = cases.filter(({ expect: wanted, sql }) => wanted === 'block' && !endsProcess.test(sql));
  it.each(tried)('the engine alone keeps the world from $id: $why', async ({ sql }) => {
    const { driver, handle, close } = await connector.reader();
    for (const statement of [sql, "INSERT INTO audit_log VALUES (now(), 'pwned')"]) {
      try {
        await driver.query(handle, statement);
      } catch {
        // The engine's own refusal is what is tried here; the world tells.
      }
    }
    close();
    expect(world.snapshot()).toEqual(before);
  });

  it('leave every byte as it was', () => {
    expect(world.bytes()).toEqual(bytesBefore);
  });
});
