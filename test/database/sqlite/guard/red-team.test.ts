import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageForModel } from '../../../../src/ask/prompt/privacy.ts';
import type { Access, Database } from '../../../../src/database/database.ts';
import { sqlite } from '../../../../src/database/sqlite/connect.ts';
import { sqliteMessages } from '../../../../src/database/sqlite/messages.ts';
import { SqlqError } from '../../../../src/errors.ts';
import { redTeamCases, redTeamSchemaText } from '../../../support/hostile.ts';
import { parametersOf, runCase } from '../../../support/red-team.ts';
import { createSqliteWorld, type SqliteWorld } from '../../../support/sqlite-world.ts';

const never = new AbortController().signal;
const hide = ['people.ssn', 'people.pin', 'places.ssn', 'old.people_ssn'];
/** What every value of a hidden column holds. */
const canary = /secret|7782\d\d/;

let world: SqliteWorld;
let before: Buffer;
const databases = new Map<string, Database>();

beforeAll(async () => {
  world = createSqliteWorld(redTeamSchemaText('sqlite'));
  before = readFileSync(world.path);
  for (const access of ['read', 'write', 'ddl'] as const) {
    for (const hidden of [[], hide]) {
      databases.set(
        nameOf(access, hidden.length > 0),
        await sqlite.open(
          { engine: 'sqlite', path: world.path },
          { access, timeoutMilliseconds: 1000, hide: hidden },
          never,
        ),
      );
    }
  }
});
afterAll(async () => {
  await Promise.all([...databases.values()].map((database) => database.close()));
  world?.destroy();
});

const nameOf = (access: Access, isHiding: boolean): string => `${access} ${isHiding}`;

describe('statements against the guard of SQLite', () => {
  it.each(redTeamCases('sqlite'))('$id $expect: $sql', async (statementCase) => {
    const { sql, expect: wanted, access = 'read', hide: isHiding = false } = statementCase;
    const database = databases.get(nameOf(access, isHiding));
    if (database === undefined) {
      throw new Error('no such database');
    }
    const { verdict } = await database.admit(sql, parametersOf(statementCase), never);
    if (wanted === 'block') {
      expect(verdict.kind === 'forbidden' || verdict.kind === 'syntax' || access === 'read').toBe(true);
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
    expect(messageForModel(message, engineCode, sql, sqliteMessages)).not.toMatch(canary);
  });

  it('leave the file as it was, and nothing beside it', () => {
    expect(readFileSync(world.path).equals(before)).toBe(true);
    expect(readdirSync(world.folder).sort()).toEqual(['canary.txt', 'world.sqlite']);
  });
});
