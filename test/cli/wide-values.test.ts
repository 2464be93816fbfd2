import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { beforeAll, expect, it } from 'vitest';
import { emptyEnvironment, runProgram } from '../support/program.ts';

const environment = emptyEnvironment();
let folder: string;

/** Tables whose names say nothing; one of them has the place that is asked for, and another in a column that is hidden. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-wide-'));
  const database = new SQLite(join(folder, 'wide.db'));
  for (let index = 0; index < 150; index += 1) {
    database.exec(
      `CREATE TABLE t${index} (id INTEGER PRIMARY KEY, f${index}a TEXT, f${index}b TEXT, f${index}c TEXT)`,
    );
  }
  database.exec("INSERT INTO t88 VALUES (1, 'Heiligenstadt', 'x', 'y'), (2, 'Wien', 'x', 'y')");
  database.exec("INSERT INTO t93 VALUES (1, 'x', 'Heiligenstadt', 'y')");
  database.close();
});

const question = 'how many are there in Heiligenstadt';

/** The names of the tables that a model would be told of. */
async function told(...flags: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await runProgram(
    [
      'schema',
      '--db',
      'wide.db',
      '--hide',
      't93.f93b',
      '--base-url',
      'http://127.0.0.1:9/v1',
      '--model',
      'none',
      ...flags,
      '--sent',
      '--question',
      question,
    ],
    { folder, environment: { ...environment, SQLQ_SCHEMA_TOKENS: '1200' } },
  );
  expect(stdout, stderr).not.toBe('');
  const { messages }: { messages: { content: string }[] } = JSON.parse(stdout);
  return [...(messages[0]?.content ?? '').matchAll(/^table (\w+)$/gmu)].map(([, name = '']) => name);
}

it('a table that only a stored value tells of is told where values may be, and no other is read for it', async () => {
  expect(await told()).not.toContain('t88');
  // Nothing was read yet, and nothing is read for the choice alone.
  expect(await told('--send', 'comments,rows')).not.toContain('t88');
  const sent = await told('--send', 'comments,values');
  expect(sent).toContain('t88');
  expect(sent).not.toContain('t93');
  expect(await told('--send', 'comments,rows')).toContain('t88');
  expect(await told()).not.toContain('t88');
});
