import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fileOf, headFile } from '../../../src/serve/audit/files.ts';
import { beginning, lineOf } from '../../../src/serve/audit/line.ts';
import { openAudit } from '../../../src/serve/audit/log.ts';
import { type Ended, emptyEnvironment, runProgram } from '../../support/program.ts';

const key = 'kept-somewhere-else-entirely';
let root: string;
let home: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sqlq-verify-'));
  for (const [name, secret] of [
    ['plain', null],
    ['keyed', Buffer.from(key)],
  ] as const) {
    // Ten records of about three hundred bytes, in two files.
    const audit = await openAudit({
      folder: join(root, name),
      key: secret,
      now: () => new Date('2026-11-02T10:00:00Z'),
      mostBytes: 2_000,
    });
    const caller = { id: 'u1', name: 'ana', by: 'session' } as const;
    for (let number = 2; number <= 10; number += 1) {
      await audit.record({
        action: 'run',
        outcome: 'answered',
        caller,
        sql: `SELECT ${number}`,
        rows: number,
      });
    }
    await audit.close();
  }
  await writeFile(join(root, 'audit.key'), `${key}\n`);
});
afterAll(() => rm(root, { recursive: true }));

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sqlq-home-'));
  folder = join(home, 'state', 'sqlq', 'audit');
});

const place = (name: 'plain' | 'keyed'): Promise<void> => cp(join(root, name), folder, { recursive: true });
const verify = (...argv: readonly string[]): Promise<Ended> =>
  runProgram(['audit', 'verify', ...argv], { environment: emptyEnvironment(home) });

/** Changes the lines of the file that begins with a record. */
async function tamper(first: number, change: (lines: string[]) => readonly string[]): Promise<void> {
  const file = fileOf(folder, first);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  await writeFile(
    file,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

const second = 7;

describe('sqlq audit verify', () => {
  it('finds nothing in a log that is as it was written', async () => {
    await place('plain');
    const { code, stdout } = await verify();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^All is as it was written: 10 records, from 1 to 10, in 2 files\.\nThe last hash is [0-9a-f]{64}\n$/u,
    );
  });

  it.each<
    readonly [name: string, first: number, change: (lines: string[]) => readonly string[], said: RegExp]
  >([
    [
      'a changed word',
      1,
      (lines) => lines.map((line) => line.replace('SELECT 3', 'SELECT 4')),
      /^audit-0{11}1\.jsonl, line 3: The record was changed.*\nUp to record 2 all is as it was written\.\n$/u,
    ],
    [
      'a changed number of rows',
      1,
      (lines) => lines.map((line) => line.replace('"rows":3', '"rows":2')),
      /line 3: The record was changed/u,
    ],
    [
      'a changed user',
      1,
      (lines) => lines.map((line, index) => (index === 3 ? line.replace('"ana"', '"bob"') : line)),
      /line 4: The record was changed/u,
    ],
    [
      'a key that is there twice',
      1,
      (lines) =>
        lines.map((line, index) => (index === 3 ? line.replace('"rows":4', '"rows":4,"rows":1') : line)),
      /line 4: The record was changed/u,
    ],
    [
      'a changed hash',
      1,
      (lines) => lines.map((line, index) => (index === 2 ? line.replace(/"hash":"./u, '"hash":"x') : line)),
      /line 3: It is no record/u,
    ],
    [
      'a record that was taken out',
      1,
      (lines) => lines.toSpliced(2, 1),
      /line 3: Before record 4, record 3 is missing/u,
    ],
    [
      'records that were taken out at the beginning',
      1,
      (lines) => lines.slice(2),
      /line 1: Before record 3, 2 records from 1 on are missing/u,
    ],
    [
      'two records that changed places',
      1,
      (lines) => [...lines.slice(0, 2), lines[3] ?? '', lines[2] ?? '', ...lines.slice(4)],
      /line 3: Before record 4, record 3 is missing/u,
    ],
    [
      'a record that is there twice',
      1,
      (lines) => lines.toSpliced(2, 0, lines[1] ?? ''),
      /line 3: Record 2 stands where record 3 belongs/u,
    ],
    [
      'a record of another chain in its place',
      1,
      (lines) =>
        lines.with(
          2,
          lineOf(
            { action: 'run', outcome: 'answered', caller: null },
            '2026-11-02T10:00:00.000Z',
            { ...beginning, record: 2 },
            null,
          ).text.trimEnd(),
        ),
      /line 3: Record 3 does not follow the record before it/u,
    ],
    ['a line between', 1, (lines) => lines.toSpliced(2, 0, 'hello'), /line 3: It is no record/u],
    ['an empty line', 1, (lines) => lines.toSpliced(2, 0, ''), /line 3: It is no record/u],
    [
      'records that were taken off the end',
      second,
      (lines) => lines.slice(0, -2),
      /^audit-0{11}7\.jsonl: The last 2 records are missing: the log went on to record 10\.\nUp to record 8/u,
    ],
    [
      'all records of the last file',
      second,
      () => [],
      /The last 4 records are missing: the log went on to record 10/u,
    ],
    [
      'an end that was written anew',
      second,
      (lines) => {
        const { previous, ...values } = JSON.parse(lines.at(-1) ?? '');
        const link = { record: values.record - 1, hash: previous };
        const entry = { action: 'run', outcome: 'answered', caller: null, sql: 'SELECT 0' };
        return lines.with(-1, lineOf(entry, values.time, link, null).text.trimEnd());
      },
      /Record 10 is another one than was written/u,
    ],
  ])('finds %s', async (_name, first, change, said) => {
    await place('plain');
    await tamper(first, change);
    const { code, stdout } = await verify();
    expect(stdout).toMatch(said);
    expect(code).toBe(1);
  });

  it('finds that a file is missing, first, last or both', async () => {
    await place('plain');
    await rename(fileOf(folder, 1), join(home, 'first'));
    expect(await verify()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/line 1: Before record 7, 6 records from 1 on are missing/u),
    });
    // Whoever has put it away says so.
    expect(await verify('--from', '7')).toMatchObject({ code: 0 });
    expect(await verify('--from', '6')).toMatchObject({ code: 1 });
    await rename(fileOf(folder, 7), join(home, 'last'));
    expect(await verify()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/The last 10 records are missing/u),
    });
  });

  it('checks one file by itself, and says what that can not tell', async () => {
    await place('plain');
    const { code, stdout } = await verify(fileOf(folder, second));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /4 records, from 7 to 10, in 1 file\.\n.*\nWhether records are missing at its end/u,
    );
    await tamper(second, (lines) => lines.toSpliced(1, 1));
    expect((await verify(fileOf(folder, second))).code).toBe(1);
  });

  it('knows a log that somebody without the key has written anew', async () => {
    await place('keyed');
    const keyFile = ['--key-file', join(root, 'audit.key')];
    expect(await verify(...keyFile)).toMatchObject({ code: 0 });
    expect((await verify()).stdout).toMatch(/line 1: The record was changed, or the log is kept with a key/u);
    // All of it, with the end that is kept beside it: without a key there is nothing to tell it by.
    await rm(folder, { recursive: true });
    await place('plain');
    expect(await verify()).toMatchObject({ code: 0 });
    expect((await verify(...keyFile)).stdout).toMatch(/line 1: The record was changed/u);
    expect(await verify('--key-file', join(root, 'none'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/can't be read from .*none/u),
    });
  });

  it('knows by a hash that was written down elsewhere that all was written anew', async () => {
    await place('plain');
    const [, hash = ''] = /hash is ([0-9a-f]{64})/u.exec((await verify()).stdout) ?? [];
    expect(await verify('--hash', hash)).toMatchObject({ code: 0 });
    await rm(folder, { recursive: true });
    const audit = await openAudit({ folder, key: null, now: () => new Date() });
    await audit.close();
    expect(await verify()).toMatchObject({ code: 0 });
    expect(await verify('--hash', hash)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/No record has the hash that you gave/u),
    });
  });

  it('prints JSON', async () => {
    await place('plain');
    await tamper(1, (lines) => lines.toSpliced(2, 1));
    const { stdout } = await verify('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      problem: { file: 'audit-000000000001.jsonl', line: 3, what: 'Before record 4, record 3 is missing.' },
      last: { record: 2 },
    });
  });

  it('says where there is no log', async () => {
    const { code, stderr } = await verify();
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no audit log in .*audit\./u);
    await place('plain');
    await rm(headFile(folder));
    expect((await verify()).stdout).toMatch(/Whether records are missing at its end/u);
  });
});

describe('sqlq audit export', () => {
  const exportLog = (...argv: readonly string[]): Promise<Ended> =>
    runProgram(['audit', 'export', ...argv], { environment: emptyEnvironment(home) });

  it('writes all records as JSON', async () => {
    await place('plain');
    const { stdout, code } = await exportLog('--format', 'json');
    expect(code).toBe(0);
    const records = JSON.parse(stdout);
    expect(records).toHaveLength(10);
    expect(records[9]).toMatchObject({ record: 10, user: 'ana', by: 'session', sql: 'SELECT 10', rows: 10 });
    const lines = (await exportLog()).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(records);
  });

  it('writes CSV in which nothing is a formula', async () => {
    const audit = await openAudit({ folder, key: null, now: () => new Date('2026-11-02T10:00:00Z') });
    await audit.record({
      action: 'ask',
      outcome: 'answered',
      caller: null,
      question: '=HYPERLINK("http://x")',
    });
    await audit.close();
    const { stdout } = await exportLog('--format', 'csv');
    const [header, , row] = stdout.split('\n');
    expect(header).toMatch(/^record,time,action,outcome,user,userId,by,address,/u);
    expect(row).toMatch(/^2,2026-11-02T10:00:00\.000Z,ask,answered,,/u);
    expect(row).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it('leaves out what is no record, and says so', async () => {
    await place('plain');
    await tamper(1, (lines) => lines.with(1, 'hello'));
    const { stdout, stderr } = await exportLog();
    expect(stdout.trimEnd().split('\n')).toHaveLength(9);
    expect(stderr).toContain('audit-000000000001.jsonl, line 2, is no record and is left out');
  });
});
