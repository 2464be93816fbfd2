import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { duckdb } from '../../../src/database/duckdb/connect.ts';
import { createDuckdb } from '../../support/duckdb-engine.ts';

const never = new AbortController().signal;
const columnsOf = (table: string, ...names: readonly string[]) =>
  names.map((column) => ({ schema: 'main', table, column }));

let database: Database;
let destroy: () => Promise<void>;
beforeAll(async () => {
  const made = await createDuckdb([
    `CREATE TABLE t AS SELECT range AS id, CASE WHEN range < 150000 THEN 0 ELSE range END AS late,
     'v' || (range % 3) AS few, CASE WHEN range > 299990 THEN range END AS rare FROM range(300000)`,
    // To count what it holds would take days.
    'CREATE VIEW endless AS SELECT a.range * b.range % 7 AS n FROM range(10000000) a, range(10000000) b',
  ]);
  destroy = made.destroy;
  database = await duckdb.open(
    { engine: 'duckdb', path: made.path },
    { access: 'read', timeoutMilliseconds: 20_000, hide: [], memoryLimit: 1 << 30 },
    never,
  );
});
afterAll(async () => {
  await database.close();
  await destroy();
});

describe('the values of columns', () => {
  it('are those of all rows, or none where there are too many, in the first rows or far behind them', async () => {
    const found = await database.distinctValues(columnsOf('t', 'id', 'late', 'few', 'rare'), 1000, never);
    expect(found).toEqual([
      null,
      null,
      ['v0', 'v1', 'v2'],
      ['299991', '299992', '299993', '299994', '299995', '299996', '299997', '299998', '299999'],
    ]);
  });

  it('of a column that takes too long are none, and the others are read', async () => {
    const columns = [...columnsOf('endless', 'n'), ...columnsOf('t', 'few')];
    expect(await database.distinctValues(columns, 1000, never)).toEqual([null, ['v0', 'v1', 'v2']]);
  });

  it('are given up when they are not wanted any more', async () => {
    const controller = new AbortController();
    const reading = database.distinctValues(columnsOf('endless', 'n', 'n', 'n'), 1000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
