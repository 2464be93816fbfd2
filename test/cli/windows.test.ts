import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { programFile } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

const sample = ['--db', 'sample'];
/** Long enough that a spinner turns. */
const slow =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT count(*) AS many FROM n';
const countries = 'SELECT country, count(*) AS n FROM customers GROUP BY country';
const monthly = 'SELECT substr(ordered_at, 1, 7) AS month, count(*) AS n FROM orders GROUP BY 1 ORDER BY 1';

/** What a run wrote in a terminal whose window was set to a size first; at most so many bytes are no flood. */
async function runInWindow(columns: number, rows: number, argv: readonly string[]) {
  const command = `stty cols ${columns} rows ${rows}; exec "$SQLQ_NODE" "$SQLQ_PROGRAM" ${argv.map((word) => `'${word}'`).join(' ')}`;
  const terminal = startInTerminal([], { command });
  const code = await terminal.exited;
  return { code, written: terminal.raw() };
}

describe.each([0, 1, 4])('a window of %i columns', (columns) => {
  it.each([
    ['a table', ['run', ...sample, slow]],
    ['bars', ['run', ...sample, '--format', 'chart', countries]],
    ['lines', ['run', ...sample, '--format', 'chart', monthly]],
    ['help', ['ask', '--help']],
  ])('shows %s and ends', async (_what, argv) => {
    const { code, written } = await runInWindow(columns, columns === 0 ? 0 : 10, argv);
    expect(code, written.slice(-500)).toBe(0);
    expect(written.length).toBeLessThan(100_000);
  });

  it('asks in a menu and hears the answer', async () => {
    const question = 'how many customers are there?';
    const command = `stty cols ${columns} rows ${columns}; exec "$SQLQ_NODE" "$SQLQ_PROGRAM" ask --db sample --profile offline '${question}'`;
    const terminal = startInTerminal([], { command });
    await terminal.waitFor('❯');
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw().length).toBeLessThan(100_000);
  });

  it('has a session', async () => {
    const command = `stty cols ${columns} rows ${columns}; exec "$SQLQ_NODE" "$SQLQ_PROGRAM" repl --db sample`;
    const terminal = startInTerminal([], { command });
    await terminal.waitFor(/s\s*h\s*o\s*p\s*>/u);
    terminal.type(`SELECT 4711 AS n${keys.enter}`);
    await terminal.waitFor(/\d\s*m\s*s/u);
    terminal.type(keys.controlD);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw().length).toBeLessThan(100_000);
  });
});

describe('a terminal that loses its window while a query runs', () => {
  it('is drawn on all the same', async () => {
    const command = `(sleep 0.7; stty cols 0 rows 0 < "$(tty)") & exec "$SQLQ_NODE" "$SQLQ_PROGRAM" run --db sample '${slow.replace('1000000', '8000000')}'`;
    const terminal = startInTerminal([], { command });
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('8000000');
    expect(terminal.raw().length).toBeLessThan(100_000);
  });
});

describe('SIGTERM', () => {
  it('ends what runs in a terminal without a window', async () => {
    const program = spawn(
      'script',
      [
        '-qec',
        `"${process.execPath}" "${programFile}" run --db sample "${slow.replace('1000000', '300000000')}"`,
        '/dev/null',
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let written = 0;
    program.stdout.on('data', (data: Buffer) => {
      written += data.length;
    });
    const ended = new Promise<void>((resolve) => program.once('close', () => resolve()));
    await sleep(2500);
    program.kill('SIGTERM');
    await ended;
    expect(written).toBeLessThan(100_000);
  });
});
