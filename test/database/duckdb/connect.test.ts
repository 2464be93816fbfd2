import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { duckdb } from '../../../src/database/duckdb/connect.ts';
import { createDuckdb, runDuckdb } from '../../support/duckdb-engine.ts';
import { planOf, query } from '../../support/statements.ts';

const never = new AbortController().signal;

let made: Awaited<ReturnType<typeof createDuckdb>>;
const open = (hide: readonly string[] = []): Promise<Database> =>
  duckdb.open(
    { engine: 'duckdb', path: made.path },
    { access: 'read', timeoutMilliseconds: 10_000, hide },
    never,
  );
beforeAll(async () => {
  made = await createDuckdb([
    'CREATE TABLE person (id INTEGER, name VARCHAR, secret VARCHAR)',
    "INSERT INTO person SELECT range, 'n', 's' FROM range(5000)",
  ]);
});
afterAll(() => made?.destroy());

/** Reads a part of a result, and forgets it. */
async function firstRows(database: Database): Promise<void> {
  const { batches } = await query(database, 'SELECT a.id FROM person a, person b', { signal: never });
  for await (const batch of batches) {
    expect(batch.length).toBeGreaterThan(0);
    break;
  }
}

describe('a DuckDB file', () => {
  it('is let go of soon after a statement, one that was left early too', async () => {
    const database = await open();
    await firstRows(database);
    const held = (): number =>
      readdirSync('/proc/self/fd').filter((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`) === made.path;
        } catch {
          return false;
        }
      }).length;
    expect(held()).toBe(1);
    await expect.poll(held, { timeout: 10_000 }).toBe(0);
    await database.close();
  });

  it('is read anew when another program has changed it', async () => {
    const database = await open();
    const count = async (): Promise<unknown> => {
      const rows: unknown[] = [];
      for await (const batch of (await query(database, 'SELECT count(*) FROM person', { signal: never }))
        .batches) {
        rows.push(...batch);
      }
      return rows;
    };
    expect(await count()).toEqual([[5000]]);
    await runDuckdb(made.path, ["INSERT INTO person VALUES (5000, 'new', 's')"]);
    expect(await count()).toEqual([[5001]]);
    await database.close();
  });

  it('suggests no hidden column for one that is misspelt', async () => {
    const hiding = await open(['person.secret']);
    const failure = await planOf(hiding, 'SELECT secrt FROM person', never).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('secrt') });
    expect(String(failure)).not.toContain('"secret"');
    const other = await planOf(hiding, 'SELECT nme FROM person', never).catch((error: unknown) => error);
    expect(other).toMatchObject({ message: expect.stringContaining('nme') });
    await hiding.close();
  });

  it('tells the columns of a statement with values', async () => {
    const database = await open();
    const parameters = [{ name: 'n', value: '7', type: 'integer' }] as const;
    const plan = await planOf(database, 'SELECT name, :n AS n FROM person WHERE id = :n', never, parameters);
    expect(plan.columns).toEqual([
      { name: 'name', kind: 'text', type: 'VARCHAR' },
      { name: 'n', kind: 'number', type: 'INTEGER' },
    ]);
    await database.close();
  });
});
