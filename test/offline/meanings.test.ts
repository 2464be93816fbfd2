import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { sameRows } from '../../bench/answers/compare.ts';
import type { Answer } from '../../src/model/answer.ts';
import { createOfflineModel } from '../../src/offline/offline.ts';
import { openFile, requestOf } from './database.ts';

const made = mkdtempSync(join(tmpdir(), 'sqlq-meanings-'));
const model = createOfflineModel();
const now = new Date(2026, 10, 28, 12);
afterAll(() => rmSync(made, { recursive: true }));

async function opened(name: string) {
  const path = join(made, `${name}.sqlite`);
  const database = new Database(path);
  database.exec(readFileSync(new URL(`../../fixtures/questions/${name}.sql`, import.meta.url), 'utf8'));
  const { schema, values } = await openFile(path);
  return {
    rows: (sql: string) => database.prepare<[], unknown[]>(sql).raw().all(),
    ask: async (question: string): Promise<Answer> => {
      const request = { ...requestOf(question, schema, values), now };
      return (await model.answer(request, new AbortController().signal)).answer;
    },
  };
}

const databases = {
  vet: await opened('vet'),
  permits: await opened('permits'),
  podcasts: await opened('podcasts'),
  flats: await opened('flats'),
  spedition: await opened('spedition'),
  library: await opened('library'),
};

describe('a plain question', () => {
  it.each([
    ['vet', 'latest visit', 'SELECT id FROM visits ORDER BY visited_at DESC LIMIT 1'],
    ['vet', 'last 3 visits', 'SELECT id FROM visits ORDER BY visited_at DESC LIMIT 3'],
    ['vet', 'number of different vaccines', 'SELECT COUNT(DISTINCT LOWER(vaccine)) FROM vaccinations'],
    ['vet', 'total value of drugs', 'SELECT SUM(price * stock) FROM drugs'],
    [
      'library',
      'how many copies are out',
      'SELECT COUNT(*) FROM copies WHERE copy_id IN (SELECT copy_id FROM loans WHERE returned_on IS NULL)',
    ],
    ['vet', 'no-shows', "SELECT id FROM visits WHERE status = 'no-show'"],
    [
      'vet',
      'surgery last year',
      "SELECT id FROM visits WHERE reason = 'surgery' AND date(visited_at, 'unixepoch') LIKE '2025%'",
    ],
    ['vet', 'what does Meloxicam cost', "SELECT price FROM drugs WHERE name = 'Meloxicam'"],
    [
      'vet',
      'how much did we earn in october 2026',
      "SELECT SUM(fee) FROM visits WHERE date(visited_at, 'unixepoch') LIKE '2026-10%'",
    ],
    [
      'vet',
      'visits by reason and vet',
      'SELECT reason, name, COUNT(*) FROM visits JOIN vets ON vets.id = vet_id GROUP BY 1, vet_id',
    ],
    [
      'vet',
      'owners who have both a cat and a dog',
      "SELECT first_name, last_name FROM owners WHERE id IN (SELECT owner_id FROM pets WHERE species_code = 'C') AND id IN (SELECT owner_id FROM pets WHERE species_code = 'D')",
    ],
    [
      'vet',
      'visits with dr lindsay in 2026',
      "SELECT id FROM visits WHERE vet_id = 2 AND date(visited_at, 'unixepoch') LIKE '2026%'",
    ],
    ['permits', 'inspections done on time', 'SELECT id FROM inspections WHERE done_on <= scheduled_for'],
    ['permits', 'inspections done before they were scheduled', null],
    ['permits', 'permits over $500,000', 'SELECT permit_no FROM permits WHERE est_cost > 500000'],
    ['podcasts', 'the host of Night Ledger', "SELECT 'Maya Lindqvist'"],
    ['podcasts', 'which shows does Maya Lindqvist host', 'SELECT title FROM shows WHERE host_id = 1'],
    [
      'podcasts',
      'most frequent guest',
      'SELECT name FROM people JOIN guests ON id = person_id GROUP BY id ORDER BY COUNT(*) DESC LIMIT 1',
    ],
    ['podcasts', 'shows in english', "SELECT title FROM shows WHERE lang = 'en'"],
    [
      'flats',
      'vacant flats in Kassel',
      'SELECT id FROM flats WHERE building_id IN (1, 2) AND id NOT IN (SELECT flat_id FROM leases WHERE end_date IS NULL)',
    ],
    ['spedition', 'average betrag of schaeden', 'SELECT AVG(betrag) FROM schaeden'],
  ] as const)('to %s: %s', async (name, question, gold) => {
    const { ask, rows } = databases[name];
    const answer = await ask(question);
    if (gold === null) {
      expect(answer.kind).not.toBe('sql');
      return;
    }
    expect(answer.kind === 'sql' ? answer.sql : answer).toBeTypeOf('string');
    const sql = answer.kind === 'sql' ? answer.sql : '';
    expect(sameRows(rows(gold), rows(sql), { ordered: false, more: true }), sql).toBe(true);
  });
});

describe('what would be answered wrongly', () => {
  it.each([
    ['library', 'most borrowed author', /does not understand "borrowed"|not sure enough|finds no/u],
    ['vet', 'how often was Rex here', /does not understand "often"/u],
    ['podcasts', 'average episode length in minutes', /does not understand "minutes"/u],
  ] as const)('to %s: %s is refused', async (name, question, reason) => {
    const answer = await databases[name].ask(question);
    expect(answer.kind).not.toBe('sql');
    expect(JSON.stringify(answer).replaceAll('\\', '')).toMatch(reason);
  });

  it('is told as a lack of the reader, and not of the schema', async () => {
    expect(await databases.vet.ask('how many horses do we treat')).toMatchObject({
      kind: 'unanswerable',
      ofReader: true,
    });
  });
});
