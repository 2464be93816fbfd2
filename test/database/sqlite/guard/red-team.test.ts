import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageForModel } from '../../../../src/ask/prompt/privacy.ts';
import type { Access, Database, Parameter } from '../../../../src/database/database.ts';
import { requireAdmitted } from '../../../../src/database/refusals.ts';
import { sqlite } from '../../../../src/database/sqlite/connect.ts';
import { sqliteMessages } from '../../../../src/database/sqlite/messages.ts';
import { SqlqError } from '../../../../src/errors.ts';
import { type RedTeamCase, redTeamCases } from '../../../support/hostile.ts';
import { createSqliteWorld, type SqliteWorld } from '../../../support/sqlite-world.ts';

const schema = readFileSync(join(import.meta.dirname, '../../../hostile/schema-red-team-sqlite.sql'), 'utf8');
const never = new AbortController().signal;
const hide = ['people.ssn', 'people.pin', 'places.ssn', 'old.people_ssn'];
/** What every value of a hidden column holds. */
const canary = /secret|7782\d\d/;

let world: SqliteWorld;
let before: Buffer;
const databases = new Map<string, Database>();

beforeAll(async () => {
  world = createSqliteWorld(schema);
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

function parametersOf({ parameters = {}, numbers = false }: RedTeamCase): readonly Parameter[] {
  return Object.entries(parameters).map(([name, value]) => ({
    name,
    value,
    type: numbers ? 'integer' : 'text',
  }));
}

/** Plans and runs a statement as sqlq would, takes a write back, and gives all that a user would see of it. */
async function run(database: Database, statementCase: RedTeamCase): Promise<string> {
  const statement = requireAdmitted(
    await database.admit(statementCase.sql, parametersOf(statementCase), never),
  );
  const plan = await database.plan(statement, never);
  const seen: unknown[] = [plan];
  if (statement.kind !== 'read') {
    const write = await database.beginWrite(statement, never);
    await write.rollback();
    return JSON.stringify(write.changes);
  }
  const result = await database.query(statement, { signal: never });
  seen.push(result.columns);
  for await (const batch of result.batches) {
    seen.push(batch);
  }
  return JSON.stringify(seen, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

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
      await expect(run(database, statementCase)).rejects.toMatchObject({ code: 'refused' });
      return;
    }
    if (wanted === 'allow') {
      const seen = await run(database, statementCase);
      if (isHiding) {
        expect(seen).not.toMatch(canary);
      }
      return;
    }
    const error = await run(database, statementCase).then(
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
