import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../../src/database/database.ts';
import { adapterOf } from '../../../src/database/engines.ts';
import { createOfflineModel } from '../../../src/offline/offline.ts';
import type { Schema } from '../../../src/schema/schema.ts';
import { eachEngine, type OwnDatabase } from '../../support/each-engine.ts';
import { requestOf, rowsOf } from '../database.ts';
import { schemaOf } from '../schema.ts';
import { groupings, type Moment, phrases } from './phrases.ts';
import { type Storage, storages } from './storages.ts';

/** The day of all questions, a Wednesday. */
const now = new Date(2026, 2, 18, 12);
const model = createOfflineModel();

/** Moments of two and a half years, first and last seconds of days, months and years among them. */
const moments: readonly Moment[] = [
  ...Array.from({ length: 330 }, (_, index) => {
    const at = new Date(Date.UTC(2023, 10, 1, 5, 30) + index * 63 * 3_600_000);
    return at.toISOString().slice(0, 19).replace('T', ' ');
  }),
  ...[
    '2023-12-31',
    '2024-12-31',
    '2025-02-28',
    '2025-03-31',
    '2025-04-15',
    '2025-06-30',
    '2025-12-31',
    '2026-02-28',
    '2026-03-17',
    '2026-03-18',
  ].map((day) => `${day} 23:59:59`),
  ...[
    '2024-01-01',
    '2024-12-24',
    '2025-01-01',
    '2025-03-01',
    '2025-04-01',
    '2025-07-01',
    '2026-01-01',
    '2026-02-16',
    '2026-03-01',
    '2026-03-16',
    '2026-03-17',
  ].map((day) => `${day} 00:00:00`),
];

/** A table of a storage, and numbers beside its dates that look like years. */
function script(storage: Storage, engine: string): string[] {
  const type = typeof storage.type === 'string' ? storage.type : (storage.type[engine] ?? 'TIMESTAMP');
  const rows = moments.map(
    (moment, index) =>
      `(${index + 1}, ${2020 + (index % 8)}, '${2020 + (index % 7)}', ${storage.write(moment)})`,
  );
  return [
    `CREATE TABLE ${storage.noun} (id INTEGER PRIMARY KEY, price INTEGER NOT NULL, postcode VARCHAR(10) NOT NULL, happened_at ${type} NOT NULL)`,
    `INSERT INTO ${storage.noun} VALUES ${rows.join(', ')}`,
  ];
}

/** What becomes SQL of another form; how words are read does not hang on how dates are kept. */
const forms = new Set([
  'in 2024',
  'in March 2025',
  'last month',
  'since March',
  'until March 2025',
  'before 2025',
  'after March 2025',
  'between 1 March 2025 and 15 April 2025',
  'the last 30 days',
  'in Q1 2025',
  'yesterday',
  'on Fridays',
  'at weekends',
  'on Fridays in 2025',
  'not on Fridays',
  'not in 2025',
  'on 24.12.2024',
  'on 2024-12-24',
  'in early 2025',
]);
const ofEachStorage = phrases.filter(([words]) => forms.has(words));

const never = new AbortController().signal;

describe.each(eachEngine.filter(({ name }) => name !== 'duckdb'))(
  'on $name',
  ({ name, isAvailable, create }) => {
    let own: OwnDatabase | null = null;
    let database: Database | null = null;

    beforeAll(async () => {
      if (!isAvailable()) {
        return;
      }
      own = await create(storages.flatMap((storage) => script(storage, name)));
      const adapter = await adapterOf(name);
      const options = { access: 'read', timeoutMilliseconds: 30_000, hide: [] } as const;
      database = await adapter.open(own.target, options, never);
    });
    afterAll(async () => {
      await database?.close();
      await own?.drop();
    });

    it.skipIf(!isAvailable()).each(storages)('$noun ($said)', async ({ noun }) => {
      if (database === null) {
        throw new Error('no database');
      }
      const schema = await database.introspect({ schemas: [], include: [noun], exclude: [] }, never);
      const values = await valuesOf(database, schema);
      const rowsOf = async (question: string): Promise<unknown[][] | string> => {
        const { answer } = await model.answer({ ...requestOf(question, schema, values), now }, never);
        return answer.kind === 'sql' && database !== null ? await rowsIn(database, answer.sql) : 'refused';
      };
      const wrong: string[] = [];
      for (const [words, holds] of noun === 'rentals' || noun === 'deliveries' ? phrases : ofEachStorage) {
        const rows = await rowsOf(`how many ${noun} ${words}?`);
        const count = holds === null ? 'refused' : String(moments.filter(holds).length);
        const given = typeof rows === 'string' ? rows : rows.map((row) => row.join(' ')).join(', ');
        if (given !== count) {
          wrong.push(`${words}: ${given} for ${count}`);
        }
      }
      for (const [words, holds, nameOf] of groupings) {
        const rows = await rowsOf(`${noun} ${words}`);
        const groups = Map.groupBy(moments.filter(holds), nameOf);
        const wanted = [...groups].map(([label, list]) => `${label} ${list.length}`).sort();
        const given = typeof rows === 'string' ? rows : rows.map((row) => `${row[0]} ${row.at(-1)}`).sort();
        if (JSON.stringify(given) !== JSON.stringify(wanted)) {
          wrong.push(`${words}: ${String(given).slice(0, 80)} for ${String(wanted).slice(0, 80)}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  },
);

async function valuesOf(
  database: Database,
  schema: Schema,
): Promise<{ valuesOf(s: string, t: string, c: string): readonly string[] | null }> {
  const columns = schema.tables.flatMap((table) =>
    table.columns.map((column) => ({ schema: table.schema, table: table.name, column: column.name })),
  );
  const lists = await database.distinctValues(columns, 10_000, never);
  const known = new Map(columns.map(({ column }, at) => [column, lists[at] ?? null]));
  return { valuesOf: (_schema, _table, column) => known.get(column) ?? null };
}

async function rowsIn(database: Database, sql: string): Promise<unknown[][]> {
  const admitted = await database.admit(sql, [], never);
  const rows: unknown[][] = [];
  if (admitted.statement === null) {
    throw new Error(`not admitted: ${sql}`);
  }
  const result = await database.query(admitted.statement, { signal: never });
  for await (const batch of result.batches) {
    rows.push(...z.array(z.array(z.unknown())).parse(batch));
  }
  return rows;
}

it('says by which clock days begin that are kept as seconds', async () => {
  const calls = {
    ...rowsOf(
      'CREATE TABLE calls (id INTEGER PRIMARY KEY, called_at INTEGER NOT NULL); INSERT INTO calls VALUES (1, 1735689599), (2, 1735689600)',
    ),
    schema: schemaOf('sqlite', 'calls: id integer, called_at integer'),
  };
  const { answer } = await model.answer(
    { ...requestOf('how many calls in 2025?', calls.schema, calls.values), now },
    never,
  );
  expect(answer).toMatchObject({
    kind: 'sql',
    assumptions: expect.arrayContaining([expect.stringContaining("calls.called_at >= '2025-01-01' in UTC")]),
  });
  expect(answer.kind === 'sql' ? calls.run(answer.sql) : answer).toEqual([[1]]);
});
