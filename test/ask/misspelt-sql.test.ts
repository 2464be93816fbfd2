import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planStatement } from '../../src/ask/plan-statement.ts';
import { type DatabaseClient, openDatabase } from '../../src/database/process/client.ts';
import { runProgram } from '../support/program.ts';
import { type ScriptedDatabase, scriptedEngines } from '../support/scripted-databases.ts';

const never = new AbortController().signal;
const environment = { SQLQ_DOUBT_TIMEOUT: '20s', SQLQ_DOUBTS: undefined };

for (const { name, isAvailable, create } of scriptedEngines('misspelt')) {
  describe.skipIf(!isAvailable)(`misspelt SQL on ${name}`, () => {
    let made: ScriptedDatabase;
    let database: DatabaseClient;
    beforeAll(async () => {
      made = await create([
        'CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(20))',
        'CREATE TABLE employees (id INTEGER PRIMARY KEY)',
      ]);
      database = openDatabase(made.target, {
        access: 'read',
        timeoutMilliseconds: 20_000,
        hide: [],
        memoryLimit: 2 ** 30,
        environment: process.env,
      });
    });
    afterAll(async () => {
      await database?.close();
      await made?.drop();
    });

    it.each([
      // DuckDB lets a name stand behind the star.
      name === 'duckdb'
        ? ['SELECT * FORM members', 'Syntax error near "members" (line 1, column 15).', 'Did you mean FROM?']
        : ['SELECT * FORM members', 'Syntax error near "FORM" (line 1, column 10).', 'Did you mean FROM?'],
      ['SELECT name FORM members', 'Syntax error near "members" (line 1, column 18).', 'Did you mean FROM?'],
      [
        'SELECT name\nFROM members GROUP YB name',
        'Syntax error near "YB" (line 2, column 20).',
        'Did you mean BY?',
      ],
      [
        'SELECT 1 FROM members WHRE id = 1',
        'Syntax error near "id" (line 1, column 28).',
        'Did you mean WHERE?',
      ],
      [
        'SELECT 1 FROM members ORDER id',
        'Syntax error near "id" (line 1, column 29).',
        'Check the SQL there.',
      ],
      ['SELECT 1 +', 'Syntax error at the end.', 'Check the SQL there.'],
    ])('%j', async (sql, message, hint) => {
      const problem = await planStatement(database, sql, 'read', never);
      expect('error' in problem ? problem.error : problem).toMatchObject({ code: 'refused', hint });
      expect('error' in problem ? problem.error.message : '').toBe(message);
    });

    it('a name that is not there gets those that are near', async () => {
      const run = (sql: string) => runProgram(['run', '--db', made.url, sql], { environment });
      const [table, column, nothing] = [
        await run('SELECT * FROM memberz'),
        await run('SELECT nmae FROM members'),
        await run('SELECT * FROM zebras'),
      ];
      expect(table).toMatchObject({ code: 1, stderr: expect.stringContaining('schema: members.') });
      expect(column).toMatchObject({ code: 1, stderr: expect.stringMatching(/"?members\.name"?\./u) });
      expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('with: sqlq schema') });
    });
  });
}
