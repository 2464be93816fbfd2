import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../../src/database/database.ts';
import { adapterOf } from '../../../src/database/engines.ts';
import { createOfflineModel } from '../../../src/offline/offline.ts';
import { eachEngine, type OwnDatabase } from '../../support/each-engine.ts';
import { requestOf } from '../database.ts';

const script = [
  'CREATE TABLE ports (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)',
  "INSERT INTO ports VALUES (1, 'Visby'), (2, 'Oslo')",
  'CREATE TABLE sailings (id INTEGER PRIMARY KEY, departure_port_id INTEGER NOT NULL, arrival_port_id INTEGER NOT NULL, FOREIGN KEY (departure_port_id) REFERENCES ports (id), FOREIGN KEY (arrival_port_id) REFERENCES ports (id))',
  'INSERT INTO sailings VALUES (1, 1, 2), (2, 2, 1), (3, 1, 2)',
  'CREATE TABLE passengers (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)',
  "INSERT INTO passengers VALUES (1, 'Anna'), (2, 'Ben'), (3, 'Carl')",
  'CREATE TABLE tickets (id INTEGER PRIMARY KEY, passenger_id INTEGER NOT NULL, kind VARCHAR(20) NOT NULL, booked_on DATE NOT NULL, FOREIGN KEY (passenger_id) REFERENCES passengers (id))',
  "INSERT INTO tickets VALUES (1, 1, 'car', '2025-01-01'), (2, 1, 'car', '2025-01-01'), (3, 1, 'foot', '2025-03-01'), (4, 2, 'foot', '2025-02-01')",
  'CREATE TABLE sales (id INTEGER PRIMARY KEY, sold_on DATE NOT NULL, quantity INTEGER NOT NULL, unit_price DECIMAL(8, 2) NOT NULL, discount_percent INTEGER)',
  "INSERT INTO sales VALUES (1, '2024-05-01', 2, 10.00, 5), (2, '2025-05-01', 3, 10.00, NULL), (3, '2025-06-01', 1, 20.00, 25)",
];
const never = new AbortController().signal;

describe.each(eachEngine)('on $name', ({ isAvailable, create }) => {
  let own: OwnDatabase | null = null;
  let database: Database | null = null;
  beforeAll(async () => {
    if (isAvailable()) {
      own = await create(script);
      const adapter = await adapterOf(own.target.engine);
      database = await adapter.open(
        own.target,
        { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
        never,
      );
    }
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  it.skipIf(!isAvailable())('answers what is written in other forms', async () => {
    if (database === null) {
      throw new Error('no database');
    }
    const tables = ['ports', 'sailings', 'passengers', 'tickets', 'sales'];
    const schema = await database.introspect({ schemas: [], include: tables, exclude: [] }, never);
    const columns = schema.tables.flatMap((table) =>
      table.columns.map((column) => ({ schema: table.schema, table: table.name, column: column.name })),
    );
    const lists = await database.distinctValues(columns, 100, never);
    const known = new Map(columns.map(({ table, column }, at) => [`${table}.${column}`, lists[at] ?? null]));
    const values = {
      valuesOf: (_schema: string, table: string, column: string) => known.get(`${table}.${column}`) ?? null,
    };
    const model = createOfflineModel();
    const answers: string[] = [];
    for (const question of [
      'how many sailings from Visby?',
      'passengers with fewer than 2 tickets',
      'how many passengers booked more than twice?',
      'average number of tickets per passenger',
      'second ticket of each passenger',
      'newest ticket of each passenger',
      'first two tickets of each passenger',
      'revenue 2024 vs 2025',
    ]) {
      const request = { ...requestOf(question, schema, values), now: new Date(2026, 10, 28, 12) };
      const { answer } = await model.answer(request, never);
      const rows = answer.kind === 'sql' ? await rowsIn(database, answer.sql) : [];
      answers.push(`${question} ${rows.map((row) => row.map(short).join(' ')).join(', ')}`);
    }
    expect(answers).toEqual([
      'how many sailings from Visby? 2',
      'passengers with fewer than 2 tickets Ben, Carl',
      'how many passengers booked more than twice? 1',
      'average number of tickets per passenger 2',
      'second ticket of each passenger Anna 2 1 car 2025-01-01',
      'newest ticket of each passenger Anna 3 1 foot 2025-03-01, Ben 4 2 foot 2025-02-01',
      'first two tickets of each passenger Anna 1 1 car 2025-01-01, Anna 2 1 car 2025-01-01, Ben 4 2 foot 2025-02-01',
      'revenue 2024 vs 2025 2024 19, 2025 45',
    ]);
  });
});

/** A value as every engine writes it: a number without its scale, a day without its time. */
const short = (value: unknown): string =>
  /^-?\d+\.\d+$/u.test(String(value)) ? String(Number(value)) : String(value).slice(0, 10);

async function rowsIn(database: Database, sql: string): Promise<unknown[][]> {
  const admitted = await database.admit(sql, [], never);
  if (admitted.statement === null) {
    throw new Error(`not admitted: ${sql}`);
  }
  const rows: unknown[][] = [];
  const { batches } = await database.query(admitted.statement, { signal: never });
  for await (const batch of batches) {
    rows.push(...z.array(z.array(z.unknown())).parse(batch));
  }
  return rows;
}
