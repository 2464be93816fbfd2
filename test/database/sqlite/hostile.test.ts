import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { type Connector, connectorOf } from '../../../src/database/sqlite/connection.ts';
import { createSqliteWorld, type SqliteWorld } from '../../support/sqlite-world.ts';
import { hostileSchema, ownCases } from './hostile-cases.ts';
import { harmful, harmless, shopSchema } from './statements.ts';

interface Case {
  readonly id: string;
  readonly sql: string;
  readonly expect: 'block' | 'allow';
  readonly why: string;
}

const folder = join(import.meta.dirname, '../../../../shared/hostile');
const path = join(folder, 'sqlite.jsonl');
const isThere = existsSync(path);
const corpus: readonly Case[] = isThere
  ? readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  : [];
const never = new AbortController().signal;

describe.skipIf(!isThere)(
  `the hostile corpus${isThere ? '' : ` (../shared/hostile/sqlite.jsonl is missing)`}`,
  () => {
    judged(corpus, () => readFileSync(join(folder, 'schema-sqlite.sql'), 'utf8'));
  },
);

describe('hostile statements of our own', () => {
  judged(ownCases, () => hostileSchema);
});

describe('many statements in a shop', () => {
  const named = (expect: Case['expect'], why: string) => (sql: string, index: number) => ({
    id: `${expect}-${index + 1}`,
    sql,
    expect,
    why: `${why}: ${sql}`,
  });
  judged(
    [...harmless.map(named('allow', 'only reads')), ...harmful.map(named('block', 'does harm'))],
    () => shopSchema,
  );
});

/** Every `block` is refused, every `allow` runs, and the world is as before. */
function judged(cases: readonly Case[], schema: () => string): void {
  let world: SqliteWorld;
  let database: Database;
  let connector: Connector;
  let before: unknown;

  beforeAll(async () => {
    world = createSqliteWorld(schema());
    database = await sqlite.open(
      { engine: 'sqlite', path: world.path },
      { access: 'read', timeoutMilliseconds: 1000, hide: [] },
      never,
    );
    connector = await connectorOf(world.path, 1000);
    before = world.snapshot();
  });
  afterAll(async () => {
    await database?.close();
    world?.destroy();
  });

  it.each(cases)('$id $expect: $why', async ({ sql, expect: wanted }) => {
    const verdict = await database.judge(sql, never);
    if (wanted === 'allow') {
      expect(verdict).toEqual({ kind: 'read', reason: null });
      await database.check(sql, never);
      const result = await database.query(sql, { signal: never });
      for await (const batch of result.batches) expect(batch.length).toBeGreaterThan(0);
    } else {
      expect(verdict.kind).not.toBe('read');
      expect(verdict.reason).toMatch(/\S/);
      await expect(database.check(sql, never)).rejects.toMatchObject({ code: 'refused' });
      await expect(database.query(sql, { signal: never })).rejects.toMatchObject({ code: 'refused' });
    }
    expect(world.snapshot()).toEqual(before);
  });

  it.each(cases.filter(({ expect: wanted }) => wanted === 'block'))(
    'the engine alone keeps the world from $id: $why',
    ({ sql }) => {
      const connection = connector.reader();
      for (const statement of [sql, "INSERT INTO audit_log VALUES ('now', 'pwned')"]) {
        try {
          const prepared = connection.prepare(statement);
          if (prepared.reader) prepared.all();
          else prepared.run();
        } catch {
          // The engine's own refusal is what is tried here; the world tells.
        }
      }
      connection.close();
      expect(world.snapshot()).toEqual(before);
    },
  );
}
