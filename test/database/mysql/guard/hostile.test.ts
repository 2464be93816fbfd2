import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { mysql } from '../../../../src/database/mysql/connect.ts';
import { hostileCases, hostileSchemaText } from '../../../support/hostile.ts';
import { mysqlServers } from '../../../support/mysql-engine.ts';
import { createWorld, type World } from '../../../support/mysql-world.ts';
import { planOf, query, verdictOf } from '../../../support/statements.ts';
import { harmful, harmless, hostileSchema, mariadbOnly } from './hostile-cases.ts';

const cases = hostileCases('mysql');
const never = new AbortController().signal;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null).each(['reader', 'owner', 'superuser'] as const)(
    `${product}: hostile statements as %s`,
    (role) => {
      let world: World;
      let database: Database;
      let before: unknown;

      beforeAll(async () => {
        world = await createWorld(url ?? '', hostileSchemaText('mysql'));
        database = await mysql.open(
          world.roles[role],
          { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
          never,
        );
        before = await world.snapshot();
      });
      afterAll(async () => {
        await database?.close();
        await world?.destroy();
      });

      const run = async (sql: string): Promise<void> => {
        const result = await query(database, sql, { signal: never });
        for await (const batch of result.batches) {
          expect(batch.length).toBeGreaterThan(0);
        }
      };

      // VALUES without ROW is MariaDB's.
      it.each(cases.filter(({ id }) => product === 'MariaDB' || id !== 'my-a076'))(
        '$id $expect: $why',
        async ({ sql, expect: wanted }) => {
          const session = database.session;
          const verdict = await verdictOf(database, sql, never);
          if (wanted === 'allow') {
            expect(verdict).toEqual({ kind: 'read', reason: null });
            await planOf(database, sql, never);
            await run(sql);
            expect(await world.snapshot()).toEqual(before);
          } else {
            expect(verdict.kind).not.toBe('read');
            expect(verdict.reason).toMatch(/\S/);
            await expect(run(sql)).rejects.toMatchObject({ code: 'refused' });
            await expect(planOf(database, sql, never)).rejects.toMatchObject({ code: 'refused' });
          }
          expect(database.session).toBe(session);
        },
      );

      // A look costs more than a statement that is refused: for all of those one look is enough.
      it('leaves the world as it was', async () => {
        expect(await world.snapshot()).toEqual(before);
      });
    },
  );
}

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null).each(['reader', 'owner', 'superuser'] as const)(
    `${product}: hostile statements of our own as %s`,
    (role) => {
      let world: World;
      let database: Database;
      let before: unknown;
      /** Rights that this account lacks. */
      const denied = role === 'reader' ? /^SHOW (CREATE VIEW|EVENTS)/ : /^$/;

      beforeAll(async () => {
        world = await createWorld(url ?? '', hostileSchema);
        database = await mysql.open(
          world.roles[role],
          { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
          never,
        );
        before = await world.snapshot();
      });
      afterAll(async () => {
        await database?.close();
        await world?.destroy();
      });
      const named = (sql: string): string => sql.replaceAll(/\bapp\b/g, world.database);

      it.each(
        harmless.filter((sql) => !denied.test(sql) && (product === 'MariaDB' || !mariadbOnly.test(sql))),
      )('runs %s', async (sql) => {
        await planOf(database, named(sql), never);
        const result = await query(database, named(sql), { signal: never });
        for await (const batch of result.batches) {
          expect(batch.length).toBeGreaterThan(0);
        }
      });

      it.each(harmful)('refuses %s', async (sql) => {
        const { kind, reason } = await verdictOf(database, named(sql), never);
        expect(kind).not.toBe('read');
        expect(reason).toMatch(/\S/);
        await expect(query(database, named(sql), { signal: never })).rejects.toMatchObject({
          code: 'refused',
        });
      });

      it('leaves the world as it was', async () => {
        expect(await world.snapshot()).toEqual(before);
      });
    },
  );
}
