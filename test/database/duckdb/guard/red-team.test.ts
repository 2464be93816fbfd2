import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageForModel } from '../../../../src/ask/prompt/privacy.ts';
import type { Access, Database } from '../../../../src/database/database.ts';
import { duckdb } from '../../../../src/database/duckdb/connect.ts';
import { duckdbMessages } from '../../../../src/database/duckdb/messages.ts';
import { SqlqError } from '../../../../src/errors.ts';
import { createDuckdbWorld, type DuckdbWorld } from '../../../support/duckdb-world.ts';
import { redTeamCases, redTeamSchemaText } from '../../../support/hostile.ts';
import { parametersOf, runCase } from '../../../support/red-team.ts';

const never = new AbortController().signal;
const hide = ['main.people.ssn', 'people.pin', 'badges.kind'];
/** What every value of a hidden column holds. */
const canary = /secret|7782\d\d/;

let world: DuckdbWorld;
let rows: readonly string[];
const databases = new Map<string, Database>();

beforeAll(async () => {
  world = await createDuckdbWorld(redTeamSchemaText('duckdb'));
  for (const access of ['read', 'write', 'ddl'] as const) {
    for (const hidden of [[], hide]) {
      databases.set(
        nameOf(access, hidden.length > 0),
        await duckdb.open(
          { engine: 'duckdb', path: world.path },
          { access, timeoutMilliseconds: 1000, hide: hidden },
          never,
        ),
      );
    }
  }
  rows = await allRows();
});
afterAll(async () => {
  await Promise.all([...databases.values()].map((database) => database.close()));
  world?.destroy();
});

const nameOf = (access: Access, isHiding: boolean): string => `${access} ${isHiding}`;

/** Everything that the tables hold, and how they are defined, as text. */
async function allRows(): Promise<readonly string[]> {
  const database = databases.get(nameOf('read', false));
  if (database === undefined) {
    throw new Error('no such database');
  }
  const tables = 'people guesses wide notes orders badges boxes odd other.people other.facts'.split(' ');
  const texts = [
    'SELECT sql FROM duckdb_tables()',
    'SELECT sql FROM duckdb_views()',
    'FROM duckdb_sequences()',
  ];
  return Promise.all(
    [...tables.map((table) => `SELECT * FROM ${table}`), ...texts].map((sql) =>
      runCase(database, { id: '', why: '', sql, expect: 'allow' }),
    ),
  );
}

describe('statements against the guard of DuckDB', () => {
  it.each(redTeamCases('duckdb'))('$id $expect: $sql', async (statementCase) => {
    const { sql, expect: wanted, access = 'read', hide: isHiding = false } = statementCase;
    const database = databases.get(nameOf(access, isHiding));
    if (database === undefined) {
      throw new Error('no such database');
    }
    const { verdict } = await database.admit(sql, parametersOf(statementCase), never);
    if (wanted === 'block') {
      expect(verdict.kind === 'forbidden' || verdict.kind === 'syntax' || access !== 'ddl').toBe(true);
      expect(verdict.reason ?? '').not.toMatch(canary);
      await expect(runCase(database, statementCase)).rejects.toMatchObject({ code: 'refused' });
      return;
    }
    if (wanted === 'allow') {
      const seen = await runCase(database, statementCase);
      if (isHiding) {
        expect(seen).not.toMatch(canary);
      }
      return;
    }
    const error = await runCase(database, statementCase).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SqlqError);
    expect(error).not.toMatchObject({ code: 'refused' });
    const { message, engineCode } = error as SqlqError;
    expect(messageForModel(message, engineCode, sql, duckdbMessages)).not.toMatch(canary);
  });

  it('leave the rows as they were, and nothing beside the file', async () => {
    expect(await allRows()).toEqual(rows);
    expect(readdirSync(world.folder).sort()).toEqual(['canary.txt', 'world.duckdb']);
  });
});
