import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

/** Looks take longer on a machine that runs other tests. */
const patient = { SQLQ_DOUBT_TIMEOUT: '20s' };
const environment = { ...patient, SQLQ_DOUBTS: undefined };
const folder = mkdtempSync(join(tmpdir(), 'sqlq-reading-'));
afterAll(() => rmSync(folder, { recursive: true }));
let model: ModelServerFake;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model.close());

const served = () => ['--base-url', model.baseUrl, '--model', 'm'];
const ask = (question: string, sql: string, ...argv: readonly string[]) => {
  model.script(answers({ sql }));
  return runProgram(['ask', '--db', 'sample', '--yes', ...served(), ...argv, question], { environment });
};
const inGermany = 'how many customers are there in Germany?';
const wrong = "SELECT COUNT(*) AS n FROM customers WHERE country <> 'Germany'";

describe('a question that a model has answered', () => {
  it('is read once more, and another answer is a doubt with its SQL', async () => {
    const report = join(folder, 'report.json');
    const ended = await ask(inGermany, wrong, '--report', report);
    expect(ended).toMatchObject({ code: 0, stdout: 'n\n51\n' });
    const { doubts } = JSON.parse(readFileSync(report, 'utf8'));
    expect(doubts).toMatchObject([
      {
        kind: 'other-reading',
        sentence: expect.stringMatching(
          /^Read again by rules, without the model, the question asks for something else: \d+, not \d+\. It takes customers, keeps rows where .*Germany.* and shows /u,
        ),
        evidence: { rows: 1, otherRows: 1 },
      },
    ]);
    expect(ended.stderr).toContain(`Doubt: ${doubts[0].sentence}`);
    const mended = await runProgram(['run', '--db', 'sample', doubts[0].mendedSql]);
    expect(mended.stdout.trim().split('\n')[1]).toBe(/else: (\d+), not/u.exec(doubts[0].sentence)?.[1]);
  });

  it('is not read anew where it was read before, by the same values', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const again = async (sql: string) => {
      model.script(answers({ sql }));
      const asked = ['ask', '--db', 'sample', '--yes', ...served(), inGermany];
      const { stderr } = await runProgram(asked, { environment: { ...environment, XDG_CACHE_HOME: home } });
      return /the question asks for something else: (\d+), not/u.exec(stderr)?.[1];
    };
    const first = await again(wrong);
    const readings = join(home, 'sqlq', 'readings');
    const [name = ''] = readdirSync(readings);
    const kept = readFileSync(join(readings, name), 'utf8');
    // Whatever was kept is what is told.
    writeFileSync(join(readings, name), kept.replace(/"sql":"(?:[^"\\]|\\.)*"/u, '"sql":"SELECT 7"'));
    expect([first, await again(wrong), await again(`${wrong} AND city = 'Leeds'`)]).toEqual([
      first,
      '7',
      first,
    ]);
  });

  it('is not doubted where both say the same, in whatever words', async () => {
    const sql = "SELECT country, COUNT(id) AS n FROM customers WHERE country IN ('Germany') GROUP BY country";
    const ended = await ask(inGermany, sql, '--strict');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).not.toContain('Doubt');
  });

  it('ends a strict run, with the other SQL', async () => {
    const ended = await ask(inGermany, wrong, '--strict');
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toMatch(/SQL without this doubt:\n.*'Germany'/u);
  });

  it('is not doubted where the reader is not sure, in another language, or without doubts', async () => {
    const unsure = await ask('which customers feel at home?', 'SELECT name FROM customers LIMIT 5');
    const german = await ask('wie viele Kunden gibt es?', 'SELECT COUNT(*) FROM orders');
    const quiet = await ask(inGermany, wrong, '--no-doubts');
    for (const ended of [unsure, german, quiet]) {
      expect(ended.code).toBe(0);
      expect(ended.stderr).not.toContain('Read again');
    }
  });

  it('is not read by columns that are hidden', async () => {
    const ended = await ask(inGermany, 'SELECT COUNT(*) AS n FROM orders', '--hide', 'customers.country');
    expect(ended.code).toBe(0);
    expect(ended.stderr).not.toContain('Read again');
  });
});

describe('in a terminal', () => {
  it('the other SQL is a choice, and is not doubted again', async () => {
    model.script(answers({ sql: wrong }));
    const terminal = startInTerminal(['ask', '--db', 'sample', ...served(), inGermany], {
      environment: patient,
    });
    await terminal.waitFor(/Doubt: Read again[\s\S]*See it without the doubt \(other-reading\)/u);
    terminal.type(keys.down + keys.enter);
    await terminal.waitFor(/number of customers[\s\S]*Run this query\?/u);
    terminal.type(keys.enter);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen().match(/Doubt: Read again/gu)).toHaveLength(1);
  });

  it('SQL that is edited by hand takes nothing for granted any more', async () => {
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\necho "SELECT 4711 AS edited" > "$1"\n');
    chmodSync(editor, 0o755);
    const report = join(folder, 'edited.json');
    model.script(answers({ sql: 'SELECT COUNT(*) AS n FROM customers', assumptions: ['all of them count'] }));
    const argv = ['ask', '--db', 'sample', '--report', report, ...served(), 'how many customers are there?'];
    const terminal = startInTerminal(argv, { environment: { ...patient, EDITOR: editor } });
    await terminal.waitFor(/all of them count[\s\S]*Run this query\?/u);
    terminal.type(keys.down + keys.enter);
    await terminal.waitFor('edited');
    await terminal.waitFor(/edited[\s\S]*Run this query\?/u);
    terminal.type(keys.enter);
    expect(await terminal.exited).toBe(0);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      sql: 'SELECT 4711 AS edited',
      assumptions: [],
      doubts: [],
    });
  });
});
