import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgetLines, historyFile, openHistory } from '../../src/repl/history.ts';

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'sqlq-lines-')), 'folder', 'lines.jsonl');

it('keeps lines of two sessions, newest first, each once', async () => {
  const file = newFile();
  const [one, other] = [await openHistory(file), await openHistory(file)];
  expect(one.lines).toEqual([]);
  await one.add('a');
  await other.add('SELECT 1\nFROM b');
  await one.add('a');
  expect((await openHistory(file)).lines).toEqual(['a', 'SELECT 1\nFROM b']);
});

it('keeps the last thousand and leaves out what it can not read', async () => {
  const file = newFile();
  await (await openHistory(file)).add('first');
  appendFileSync(file, `not json\n17\n${Array.from({ length: 2500 }, (_, i) => `"${i}"\n`).join('')}`);
  const { lines } = await openHistory(file);
  expect(lines).toHaveLength(1000);
  expect(lines[0]).toBe('2499');
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1001);
});

it.each([
  '.db postgres://me:secret@host/shop',
  "ALTER USER me PASSWORD 'secret'",
  "SET PASSWORD = 'secret'",
  "CREATE USER me IDENTIFIED BY 'secret'",
])('keeps no password: %s', async (line) => {
  const file = newFile();
  await (await openHistory(file)).add(line);
  expect(existsSync(file)).toBe(false);
});

it('forgets the lines of every database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-lines-'));
  const file = historyFile(folder, 'sqlite:/a');
  expect(historyFile(folder, 'sqlite:/b')).not.toBe(file);
  await (await openHistory(file)).add('a line');
  expect(existsSync(file)).toBe(true);
  await forgetLines(folder);
  expect(existsSync(file)).toBe(false);
  await forgetLines(folder);
});

it('does not mind a folder that can not be written', async () => {
  const history = await openHistory('/dev/null/lines.jsonl');
  await expect(history.add('a line')).resolves.toBeUndefined();
});
