import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../src/offline/engine.ts';
import { createOfflineModel, loadOfflineModel } from '../../src/offline/offline.ts';
import { requestOf, rowsOf } from './database.ts';
import { schemaOf } from './schema.ts';

const schema = schemaOf(
  'sqlite',
  'artists: id integer, name text, country text\nalbums: id integer, title text, artist_id integer >artists.id, year integer',
);
const { values } = rowsOf(`
  CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
  CREATE TABLE albums (id INTEGER PRIMARY KEY, title TEXT, artist_id INTEGER, year INTEGER);
  INSERT INTO artists VALUES (1, 'Queen', 'UK'), (2, 'Abba', 'Sweden');
  INSERT INTO albums VALUES (1, 'Jazz', 1, 1978), (2, 'Arrival', 2, 1976);
`);
const model = createOfflineModel();
const signal = new AbortController().signal;
const answer = async (question: string) =>
  (await model.answer(requestOf(question, schema, values), signal)).answer;

describe('the offline model', () => {
  it('answers with SQL and says how it read the question', async () => {
    const reply = await answer('How many albums are there?');
    expect(reply).toMatchObject({ kind: 'sql', sql: 'SELECT COUNT(*) AS "number of albums" FROM albums' });
    expect(reply.kind === 'sql' ? reply.assumptions : []).toContain('albums → table albums');
  });

  it('prepares a schema once with its values, whatever is asked in between', async () => {
    const { prepare } = await loadEngine();
    const first = prepare(schema, values);
    const other = prepare({ ...schema }, values);
    const without = prepare(schema, { valuesOf: () => null });
    expect(prepare(schema, values)).toBe(first);
    expect(other).not.toBe(first);
    expect(without).not.toBe(first);
  });

  it('answers as surely without advice, and gives none', async () => {
    const second = await loadOfflineModel({ tongues: false, surest: true });
    for (const question of ['How many albums are there?', 'albums by Queen']) {
      expect((await second.answer(requestOf(question, schema, values), signal)).answer).toEqual(
        await answer(question),
      );
    }
    const unread = 'How many albums are there, in list 7x?';
    expect(JSON.stringify(await answer(unread))).toContain('It would answer');
    const { answer: refused } = await second.answer(requestOf(unread, schema, values), signal);
    expect(refused).toMatchObject({
      kind: 'unanswerable',
      reason: expect.stringMatching(/^The offline engine does not understand [^\n]* here\.$/u),
    });
  });

  it('answers the same way every time, and sends nothing', async () => {
    const request = requestOf('How many artists are there?', schema, values);
    const first = await model.answer(request, signal);
    expect(first.sent).toEqual([]);
    expect(await createOfflineModel().answer(request, signal)).toEqual(first);
  });

  it.each([
    'What is dark matter?',
    'Who will win the next election in France?',
    'Write me a poem about the sea',
    'Why is the sky blue?',
    'delete everything',
    '',
    '?',
    '🎷🎷🎷',
  ])('does not answer %j', async (question) => {
    const reply = await answer(question);
    expect(reply.kind).not.toBe('sql');
  });

  it('says the way on where it stops', async () => {
    const reply = await answer('What is the meaning of life?');
    expect(JSON.stringify(reply)).toContain('sqlq config init');
  });

  it('reads the same words again as something else where the user rejected a part, or stops', async () => {
    const question = 'How many albums per artist?';
    const first = await answer(question);
    expect(first).toMatchObject({ kind: 'sql' });
    const lines = first.kind === 'sql' ? first.assumptions : [];
    const sql = first.kind === 'sql' ? first.sql : '';
    for (const line of lines) {
      const attempts = [{ sql, problem: 'not that', source: 'user' as const }];
      const request = { ...requestOf(question, schema, values), rejected: [line], attempts };
      const again = (await model.answer(request, signal)).answer;
      if (again.kind !== 'sql') {
        continue;
      }
      expect(again.sql).not.toBe(sql);
      expect(again.assumptions).not.toContain(line);
      const [words] = line.split(' → ');
      if (line.includes(' → ')) {
        expect(again.assumptions.join('\n')).toContain(`${words} → `);
      }
    }
  });

  it('does not offer again what was tried', async () => {
    const request = requestOf('How many albums are there?', schema, values);
    const tried = {
      sql: 'SELECT COUNT(*) AS "number of albums" FROM albums',
      problem: 'not this',
      source: 'user' as const,
    };
    const reply = await model.answer({ ...request, attempts: [tried] }, signal);
    expect(JSON.stringify(reply.answer)).not.toContain(JSON.stringify(tried.sql));
  });
});
