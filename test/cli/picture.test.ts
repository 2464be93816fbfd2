import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';
import { startInTerminal } from '../support/pseudo-terminal.ts';

const byCountry = 'SELECT country, count(*) AS customers FROM customers GROUP BY country ORDER BY 2 DESC';

describe('--format chart', () => {
  it('draws in a pipe, eighty columns wide and without colours', async () => {
    const { code, stdout, stderr } = await runProgram(['run', '--db', 'sample', '-f', 'chart', byCountry]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^customers\nUnited Kingdom {2}11 {2}│█+\n/u);
    expect(stdout).not.toContain('\u001b');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBe(80);
  });

  it('keeps to ASCII where the locale does', async () => {
    const { stdout } = await runProgram(['run', '--db', 'sample', '-f', 'chart', byCountry], {
      environment: { LC_ALL: 'C' },
    });
    expect(stdout).toMatch(/^[\n\x20-\x7e]+$/u);
    expect(stdout).toContain('|####');
  });

  it('fits the window of a terminal, and says what it leaves out', async () => {
    const terminal = startInTerminal(
      ['run', '--db', 'sample', '-f', 'chart', 'SELECT name, price FROM products'],
      { rows: 20 },
    );
    await terminal.waitFor(/The chart shows the first \d+ of 30 rows\./u);
    expect(await terminal.exited).toBe(0);
  });

  it('shows a table where there is nothing to draw', async () => {
    const { code, stdout, stderr } = await runProgram([
      'run',
      '--db',
      'sample',
      '-f',
      'chart',
      'SELECT name FROM customers ORDER BY 1 LIMIT 2',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('│ name');
    expect(stderr).toBe('There is no column of numbers to draw, so here are the rows as a table.\n');
  });
});

describe('--format html', () => {
  it('writes a page with the question, the SQL and the assumptions', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-page-')), 'page.html');
    const { code } = await runProgram([
      'ask',
      '--db',
      'sample',
      '--profile',
      'offline',
      '--yes',
      '-f',
      'html',
      '-o',
      file,
      'number of customers by country',
    ]);
    expect(code).toBe(0);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('<h1>number of customers by country</h1>');
    expect(page).toContain('<h2>Assumptions</h2>');
    expect(page).toMatch(/<code>SELECT\n/u);
    expect(page).toContain('<td>United Kingdom</td>');
    expect(page).toContain('<rect class="up"');
  });

  it('goes to a pipe', async () => {
    const { code, stdout } = await runProgram(['run', '--db', 'sample', '-f', 'html', byCountry]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/u);
  });

  it('does not go to a terminal', async () => {
    const terminal = startInTerminal(['run', '--db', 'sample', '-f', 'html', byCountry]);
    await terminal.waitFor('--output answer.html');
    expect(await terminal.exited).toBe(2);
  });
});
