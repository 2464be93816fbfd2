import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { sqlite } from '../../../../src/database/sqlite/connect.ts';
import { type Connector, connectorOf } from '../../../../src/database/sqlite/session.ts';
import { type HostileCase, hostileCases, hostileSchemaText } from '../../../support/hostile.ts';
import { createSqliteWorld, type SqliteWorld } from '../../../support/sqlite-world.ts';
import { planOf, query, verdictOf } from '../../../support/statements.ts';
import { hostileSchema, ownCases } from '../hostile-cases.ts';
import { harmful, harmless, shopSchema } from '../statements.ts';

type Case = Pick<HostileCase, 'id' | 'sql' | 'expect' | 'why'>;

const never = new AbortController().signal;

describe('the hostile corpus', () => {
  judged(hostileCases('sqlite'), () => hostileSchemaText('sqlite'));
});

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

  it.each(cases.filter(({ expect: wanted }) => wanted === 'block'))(
    'the engine alone keeps the world from $id: $why',
    ({ sql }) => {
      const connection = connector.reader();
      for (const statement of [sql, "INSERT INTO audit_log VALUES ('now', 'pwned')"]) {
        try {
          const prepared = connection.prepare(statement);
          if (prepared.reader) {
            prepared.all();
          } else {
            prepared.run();
          }
        } catch {
          // The engine's own refusal is what is tried here; the world tells.
        }
      }
      connection.close();
      expect(world.snapshot()).toEqual(before);
    },
  );
}
