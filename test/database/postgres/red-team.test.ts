import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { connectTo, postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { stateOf } from '../../support/postgres-state.ts';
import { planOf, query, verdictOf } from '../../support/statements.ts';
import { pervasiveWorld, redTeamWorld } from './red-team-world.ts';

const never = new AbortController().signal;

/** A statement that must not get through, or must; `pervasive` is the world of that name. */
interface Case {
  readonly sql: string;
  readonly expect: 'block' | 'allow';
  readonly world?: 'pervasive';
  /** It is judged as with `--write=ddl`; left out where it only reads. */
  readonly access?: 'ddl';
}

const cases = readFileSync(join(import.meta.dirname, 'red-team.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Case => JSON.parse(line));

/** Statements of a red team that read the guard's code: all in one go, since there is one thing to know of each. */
describe('what a red team tried', () => {
  const names = { red: uniquePostgresName('red'), pervasive: uniquePostgresName('pervasive') };
  const reader = uniquePostgresName('red_reader');
  const server: ServerTarget = postgresTarget(inject('postgresUrl') ?? '');
  let watcher: Client;

  beforeAll(async () => {
    await runPostgres(server, [
      ...Object.values(names).map((name) => `CREATE DATABASE ${name}`),
      `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'`,
    ]);
    await runPostgres({ ...server, database: names.red }, redTeamWorld);
    await runPostgres({ ...server, database: names.pervasive }, [
      ...pervasiveWorld,
      'GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC',
    ]);
    watcher = await connectTo({ ...server, database: names.red });
    // Reading the rows of some types loads libraries, which bring settings.
    await stateOf(watcher);
  }, 60_000);
  afterAll(async () => {
    await watcher?.end();
    await runPostgres(server, [
      ...Object.values(names).map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      `DROP ROLE IF EXISTS ${reader}`,
    ]);
  });

  describe.each(['reader', 'superuser'] as const)('as %s', (who) => {
    const opened: Partial<Record<keyof typeof names, Database>> = {};
    const role = who === 'reader' ? { user: reader, password: 'reader' } : {};

    beforeAll(async () => {
      for (const name of ['red', 'pervasive'] as const) {
        opened[name] = await postgres.open(
          { ...server, database: names[name], ...role },
          { access: 'read', timeoutMilliseconds: 20_000, hide: [] },
          never,
        );
      }
    });
    afterAll(async () => {
      await opened.red?.close();
      await opened.pervasive?.close();
    });

    function databaseOf({ world }: Case): Database {
      const database = opened[world ?? 'red'];
      if (database === undefined) {
        throw new Error('not opened');
      }
      return database;
    }

    it('is refused, and leaves everything as it was', { timeout: 120_000 }, async () => {
      const before = await stateOf(watcher);
      const admitted: string[] = [];
      const hostile = cases.filter((item) => item.expect === 'block' && item.access === undefined);
      for (const item of hostile) {
        const { kind } = await verdictOf(databaseOf(item), item.sql, never);
        if (kind === 'read') {
          admitted.push(item.sql);
        }
      }
      expect(hostile.length).toBeGreaterThan(350);
      expect(admitted).toEqual([]);
      expect(await stateOf(watcher)).toEqual(before);
    });

    it('runs where it is honest', { timeout: 120_000 }, async () => {
      const failed: string[] = [];
      const honest = cases.filter((item) => item.expect === 'allow' && item.access === undefined);
      for (const item of honest) {
        const database = databaseOf(item);
        try {
          await planOf(database, item.sql, never);
          for await (const _batch of (await query(database, item.sql, { signal: never })).batches) {
          }
        } catch (error) {
          failed.push(`${item.sql}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      expect(honest.length).toBeGreaterThan(100);
      expect(failed).toEqual([]);
    });
  });

  it('may change what is the users’ own, by nothing that hides code', { timeout: 120_000 }, async () => {
    const maker = await postgres.open(
      { ...server, database: names.red },
      { access: 'ddl', timeoutMilliseconds: 20_000, hide: ['*.token'] },
      never,
    );
    const wrong: string[] = [];
    const changes = cases.filter((item) => item.access === 'ddl');
    for (const item of changes) {
      const { statement, verdict } = await maker.admit(item.sql, [], never);
      if ((statement !== null) !== (item.expect === 'allow')) {
        wrong.push(`${item.sql}: ${verdict.reason}`);
      }
    }
    await maker.close();
    expect(changes.length).toBeGreaterThan(120);
    expect(wrong).toEqual([]);
  });
});
