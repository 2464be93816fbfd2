import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { stateOf } from '../../support/postgres-state.ts';
import { planOf, query, verdictOf } from '../../support/statements.ts';
import { harmful, honest, world } from './statements.ts';

const never = new AbortController().signal;

describe('statements that do harm and statements that do not', () => {
  const database = uniquePostgresName('statements');
  const owner = uniquePostgresName('statements_owner');
  const reader = uniquePostgresName('statements_reader');
  let server: ServerTarget;
  let watcher: Client;

  beforeAll(async () => {
    server = postgresTarget(inject('postgresUrl') ?? '');
    await runPostgres(server, [
      `CREATE ROLE ${owner} LOGIN PASSWORD 'secret'`,
      `CREATE ROLE ${reader} LOGIN PASSWORD 'secret'`,
      `CREATE DATABASE ${database} OWNER ${owner}`,
    ]);
    const target = { ...server, database };
    await runPostgres(target, [
      'CREATE EXTENSION dblink',
      'CREATE EXTENSION tablefunc',
      ...world,
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}, ${owner}`,
      `GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${reader}, ${owner}`,
      `ALTER TABLE client OWNER TO ${owner}`,
      `ALTER TABLE sale OWNER TO ${owner}`,
    ]);
    watcher = await connectTo(target);
  });
  afterAll(async () => {
    await watcher?.end();
    await runPostgres(server, [
      `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
      `DROP ROLE IF EXISTS ${owner}`,
      `DROP ROLE IF EXISTS ${reader}`,
    ]);
  });

  describe.each(['reader', 'owner', 'superuser'] as const)('as %s', (who) => {
    let opened: Database;
    let before: Readonly<Record<string, unknown>>;

    beforeAll(async () => {
      before = await stateOf(watcher);
      const user = { reader, owner, superuser: null }[who];
      const role = user === null ? {} : { user, password: 'secret' };
      const target = { ...server, database, ...role };
      opened = await postgres.open(target, { access: 'read', timeoutMilliseconds: 10_000, hide: [] }, never);
    });
    afterAll(() => opened?.close());

    const run = async (sql: string): Promise<void> => {
      for await (const _batch of (await query(opened, sql, { signal: never })).batches) {
      }
    };

    it.each(harmful)('refuses %j', async (sql) => {
      const verdict = await verdictOf(opened, sql, never);
      expect(verdict.kind).not.toBe('read');
      expect(verdict.reason).toMatch(/\.$/);
      await expect(run(sql)).rejects.toMatchObject({ code: 'refused' });
    });

    it.each(honest)('runs %j', async (sql) => {
      expect(await verdictOf(opened, sql, never)).toEqual({ kind: 'read', reason: null });
      await planOf(opened, sql, never);
      await run(sql);
    });

    it('has left everything as it was', async () => {
      expect(await stateOf(watcher)).toEqual(before);
    });
  });
});
