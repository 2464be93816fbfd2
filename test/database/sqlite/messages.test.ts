import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { messageForModel } from '../../../src/ask/prompt/privacy.ts';
import { sqlite } from '../../../src/database/sqlite/connect.ts';
import { sqliteMessages } from '../../../src/database/sqlite/messages.ts';
import { SqlqError } from '../../../src/errors.ts';
import { query } from '../../support/statements.ts';

const never = new AbortController().signal;

it('tells a model of no name that a full-text query has, which may have been computed', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'sqlq-messages-')), 'texts.db');
  new SQLite(path)
    .exec(
      "CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('a note'); CREATE TABLE people (name); INSERT INTO people VALUES ('Ada')",
    )
    .close();
  const opened = await sqlite.open(
    { engine: 'sqlite', path },
    { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
    never,
  );
  const told = async (sql: string): Promise<string> => {
    try {
      for await (const _batch of (await query(opened, sql, { signal: never })).batches) {
      }
    } catch (error) {
      if (error instanceof SqlqError) {
        return messageForModel(error.message, error.engineCode, sql, sqliteMessages);
      }
      throw error;
    }
    throw new Error(`${sql} did not fail`);
  };
  for (const computed of [
    "notes MATCH (SELECT name || ':a' FROM people)",
    "notes MATCH 'note' AND rank MATCH (SELECT name || '(1)' FROM people)",
  ]) {
    expect(await told(`SELECT body, 'Ada', 'Bob' FROM notes WHERE ${computed} ORDER BY rank`)).not.toContain(
      'Ada',
    );
  }
  expect(await told('SELECT nme FROM people')).toBe('no such column: nme');
  await opened.close();
});
