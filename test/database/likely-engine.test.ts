import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { likelyEngine } from '../../src/database/likely-engine.ts';
import { sampleFile } from '../support/program.ts';

it('is told by an address, or by a file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sqlq-likely-')), 'notes.txt');
  writeFileSync(file, 'SQLite is mentioned here');
  const places = {
    'postgres://u:p@localhost/shop': 'postgres',
    'POSTGRESQL+psycopg2://localhost/shop': 'postgres',
    'mariadb://localhost/shop': 'mysql',
    'sqlite:shop.db': 'sqlite',
    [sampleFile]: 'sqlite',
    'oracle://localhost/shop': null,
    shop: null,
    '': null,
    [file]: null,
  };
  expect(Object.fromEntries(Object.keys(places).map((place) => [place, likelyEngine(place)]))).toEqual(
    places,
  );
});
