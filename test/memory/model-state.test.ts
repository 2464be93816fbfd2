import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { beforeEach, expect, it } from 'vitest';
import { openModelState } from '../../src/memory/model-state.ts';
import { freshRecord } from '../../src/model/endpoints/record.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-models-'));
  file = join(folder, 'models.sqlite');
});

const entry = {
  day: '2026-03-01',
  profile: 'p',
  host: 'h',
  model: 'm',
  requests: 1,
  promptTokens: 10,
  completionTokens: 5,
  cachedTokens: 0,
  dollars: 0.5,
};

it('is the same for all who open the file', async () => {
  const [{ state: one, warning }, { state: other }] = await Promise.all([
    openModelState(file),
    openModelState(file),
  ]);
  expect(warning).toBeNull();
  one.update(['a'], () => ({ records: [{ ...freshRecord, turn: 7 }], value: null }));
  expect(
    other.update(['a', 'b'], (records) => ({ records, value: records.map(({ turn }) => turn) })),
  ).toEqual([7, 0]);
  one.settle('', entry);
  other.settle('', { ...entry, dollars: null });
  expect(one.entriesSince('2026-03-01')).toEqual([
    { ...entry, requests: 2, promptTokens: 20, completionTokens: 10 },
  ]);
  expect(other.usedSince('2026-03-02')).toEqual({ tokens: 0, dollars: 0 });
  expect(other.usedSince('2026-03-01')).toEqual({ tokens: 30, dollars: 0.5 });
});

it('counts what many processes add at once, and sets aside no more than there is', async () => {
  const program = `
    import { openModelState } from ${JSON.stringify(resolve('src/memory/model-state.ts'))};
    const { state } = await openModelState(process.argv[1]);
    for (let time = 0; time < 20; time++) {
      state.update(['a'], ([record]) => ({ records: [{ ...record, turn: record.turn + 1 }], value: null }));
      const isGranted = state.setAside({ id: process.pid + ' ' + time, process: process.pid, until: Date.now() + 60_000 },
        ({ tokens }) => ({ amount: tokens + 10 > 100 ? null : { tokens: 10, dollars: 0 }, value: tokens + 10 <= 100 }));
      if (isGranted) console.log('granted');
    }
    // Gone before the others are counted, what it had set aside would be free again.
    await new Promise((done) => setTimeout(done, 1_500));`;
  const run = promisify(execFile);
  const ended = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', program, file])),
  );
  const { state } = await openModelState(file);
  expect(state.update(['a'], (records) => ({ records, value: records[0]?.turn }))).toBe(60);
  expect(
    ended.map(({ stdout }) => stdout.match(/granted/gu)?.length ?? 0).reduce((sum, one) => sum + one),
  ).toBe(10);
  // They are gone, and hold nothing any more.
  const left = state.setAside({ id: 'x', process: process.pid, until: Date.now() + 1_000 }, ({ tokens }) => ({
    amount: null,
    value: tokens,
  }));
  expect(left).toBe(0);
});

it.each([
  ['text', () => writeFileSync(file, 'this is no database, it is a letter to my aunt'.repeat(50))],
  [
    'a damaged database',
    () => {
      const made = new Database(file);
      made.exec('CREATE TABLE endpoint (key TEXT, record TEXT); PRAGMA user_version = 1');
      made.close();
      const bytes = readFileSync(file);
      bytes.fill(7, 100, 2_000);
      writeFileSync(file, bytes);
    },
  ],
  [
    'a database of another program',
    () => {
      const made = new Database(file);
      made.exec('CREATE TABLE endpoint (id INTEGER); CREATE TABLE used (id INTEGER)');
      made.close();
    },
  ],
])('puts %s aside, and says so', async (_what, spoil) => {
  spoil();
  const { state, warning } = await openModelState(file);
  expect(warning).toContain(`${file} could not be read and is now ${file}.broken-`);
  state.settle('', entry);
  expect((await openModelState(file)).state.usedSince('2026-01-01').tokens).toBe(15);
  expect(readdirSync(folder).filter((name) => name.includes('broken'))).toHaveLength(1);
});

it('leaves the file of a newer version alone, and goes on without it', async () => {
  const made = new Database(file);
  made.pragma('journal_mode = WAL');
  made.exec('CREATE TABLE later (id INTEGER); PRAGMA user_version = 99');
  made.close();
  const before = readFileSync(file);
  const { state, warning } = await openModelState(file);
  expect(warning).toContain('is not shared with other runs');
  state.settle('', entry);
  expect(state.usedSince('2026-01-01').tokens).toBe(15);
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('goes on in a place where nothing can be kept', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { state, warning } = await openModelState(join(folder, 'file', 'models.sqlite'));
  expect(warning).toContain('is not kept');
  expect(state.update(['a'], (records) => ({ records, value: records.length }))).toBe(1);
});

it('is for its user alone', async () => {
  mkdirSync(join(folder, 'open'));
  chmodSync(join(folder, 'open'), 0o755);
  const { state } = await openModelState(join(folder, 'open', 'models.sqlite'));
  state.settle('', entry);
  expect(statSync(join(folder, 'open')).mode & 0o77).toBe(0);
  expect(statSync(join(folder, 'open', 'models.sqlite')).mode & 0o77).toBe(0);
});
