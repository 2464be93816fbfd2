import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

const controlZ = '\u001a';
const program = '"$SQLQ_NODE" "$SQLQ_PROGRAM"';

/** An interactive shell, in which jobs stop and come back. */
function startShell() {
  return startInTerminal([], { command: 'PS1="shell\\$ " exec bash --norc --noprofile -i' });
}

describe('Ctrl-Z and fg', () => {
  it('leave a usable shell and bring a menu back that hears its keys', async () => {
    const terminal = startShell();
    await terminal.waitFor('shell$');
    terminal.type(`${program} ask --db sample --profile offline "how many customers are there?"\r`);
    await terminal.waitFor('Run this query?');
    terminal.type(controlZ);
    await terminal.waitFor(/Stopped/u);
    terminal.type('echo the-shell-$((40 + 2))\r');
    await terminal.waitFor('the-shell-42');
    terminal.type('fg\r');
    await terminal.waitFor(/the-shell-42[\s\S]*Run this query\?/u);
    terminal.type('y');
    await terminal.waitFor(/number of customers │[\s\S]*60/u);
    terminal.type('exit\r');
    await terminal.exited;
  });

  it('bring a session back, with what was typed', async () => {
    const terminal = startShell();
    await terminal.waitFor('shell$');
    terminal.type(`${program} repl --db sample\r`);
    await terminal.waitFor('shop>');
    terminal.type('SELECT 47');
    await terminal.waitFor('SELECT 47');
    terminal.type(controlZ);
    await terminal.waitFor(/Stopped/u);
    terminal.type('fg\r');
    await terminal.waitFor(/fg[\s\S]*shop> SELECT 47/u);
    terminal.type(`11 AS n${keys.enter}`);
    await terminal.waitFor(/4711 │[\s\S]*1 row/u);
    terminal.type(keys.controlD);
    await terminal.waitFor(/1 row[\s\S]*shell\$/u);
    terminal.type('exit\r');
    await terminal.exited;
  });
});

describe('a menu', () => {
  const ask = () =>
    startInTerminal(['ask', '--db', 'sample', '--profile', 'offline', 'how many customers are there?']);

  it.each([
    ['y', 0],
    ['n', 130],
    ['q', 130],
    ['\u001b', 130],
    [keys.controlD, 130],
  ])('is answered by %j', async (key, code) => {
    const terminal = ask();
    await terminal.waitFor('Cancel');
    terminal.type(key);
    expect(await terminal.exited).toBe(code);
    if (code === 0) {
      expect(terminal.screen()).toContain('60');
    } else {
      expect(terminal.screen()).not.toContain('60');
    }
  });

  it('shows the SQL that it asks about, also where the rest is quiet', async () => {
    const terminal = startInTerminal([
      'ask',
      '-q',
      '--db',
      'sample',
      '--profile',
      'offline',
      'how many customers?',
    ]);
    await terminal.waitFor('Cancel');
    expect(terminal.screen()).toMatch(/SELECT\n\s+COUNT\(\*\)/u);
    expect(terminal.screen()).toContain('how many → number of rows');
    terminal.type('a');
    await terminal.waitFor('What should be different?');
    terminal.type(keys.controlC);
    expect(await terminal.exited).toBe(130);
  });
});

describe('a dumb terminal', () => {
  const dumb = (...argv: readonly string[]) =>
    startInTerminal([], {
      command: `TERM=dumb exec ${program} ${argv.map((word) => `"${word}"`).join(' ')}`,
    });

  it('is asked in plain lines', async () => {
    const terminal = dumb('ask', '--db', 'sample', '--profile', 'offline', 'how many customers are there?');
    await terminal.waitFor('Run it? [Y/n/e/?]');
    terminal.type('?\r');
    await terminal.waitFor('Ask for another, with a hint');
    terminal.type('\r');
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('60');
    expect(terminal.raw()).not.toContain('\u001b');
  });

  it('takes no for an answer', async () => {
    const terminal = dumb('ask', '--db', 'sample', '--profile', 'offline', 'how many customers are there?');
    await terminal.waitFor('Run it? [Y/n/e/?]');
    terminal.type('n\r');
    expect(await terminal.exited).toBe(130);
  });

  it('has a session without control sequences', async () => {
    const terminal = dumb('repl', '--db', 'sample');
    await terminal.waitFor('shop>');
    terminal.type('SELECT 4711 AS n\r');
    await terminal.waitFor('1 row');
    terminal.type('how many customers are there?\r');
    await terminal.waitFor('Run it? [Y/n/e/?]');
    terminal.type('y\r');
    await terminal.waitFor('60');
    terminal.type(keys.controlD);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).not.toContain('\u001b');
  });
});

describe('a pager', () => {
  const many = 'SELECT id, name, city FROM customers ORDER BY id';
  const run = (environment: Readonly<Record<string, string>>, ...argv: readonly string[]) =>
    startInTerminal(['run', '--db', 'sample', ...argv], { environment, rows: 20, columns: 80 });

  it('shows what is longer than the window', async () => {
    const terminal = run({ PAGER: 'sed s/^/paged:/' }, many);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('paged:│ 60 │');
    expect(terminal.screen()).toMatch(/60 rows, /u);
    expect(terminal.screen()).not.toContain('paged:60 rows');
  });

  it('shows what is wider, whole', async () => {
    const terminal = run({ PAGER: 'sed s/^/paged:/' }, `SELECT '${'x'.repeat(150)}end' AS wide`);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).toContain(`${'x'.repeat(150)}end`);
    expect(terminal.screen()).toContain('paged:');
  });

  it('loses no row where it is no program', async () => {
    const terminal = run({ PAGER: 'no-such-pager' }, many);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('│ 60 │');
  });

  it.each([
    ['what fits', { PAGER: 'sed s/^/paged:/' }, ['SELECT 1 AS a']],
    ['with --no-pager', { PAGER: 'sed s/^/paged:/' }, ['--no-pager', many]],
    ['in CI', { PAGER: 'sed s/^/paged:/', CI: 'true' }, [many]],
    ['a picture', { PAGER: 'sed s/^/paged:/' }, ['--format', 'chart', 'SELECT name, id FROM customers']],
  ])('is not opened on %s', async (_what, environment, argv) => {
    const terminal = run(environment, ...argv);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).not.toContain('paged:');
  });

  it.each([
    [0, 0],
    [0, 5],
    [80, 0],
  ])('is not opened where the terminal says %i columns and %i rows', async (columns, rows) => {
    const command = `stty cols ${columns} rows ${rows}; exec "$SQLQ_NODE" "$SQLQ_PROGRAM" run --db sample '${many}'`;
    const terminal = startInTerminal([], { command, environment: { PAGER: 'sed s/^/paged:/' } });
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).toContain('│ 60 │');
    expect(terminal.raw()).not.toContain('paged:');
  });

  it('is not opened in a session whose window was lost', async () => {
    const terminal = startInTerminal(['repl', '--db', 'sample'], {
      environment: { PAGER: 'sed s/^/paged:/' },
      rows: 20,
      columns: 80,
    });
    await terminal.waitFor('shop>');
    execFileSync('stty', ['-F', `/proc/${terminal.pid}/fd/0`, 'cols', '0', 'rows', '0']);
    terminal.type(`${many}${keys.enter}`);
    await terminal.waitFor('60 rows');
    expect(terminal.raw()).not.toContain('paged:');
    terminal.type(keys.controlD);
    expect(await terminal.exited).toBe(0);
  });

  it('is less unless said otherwise, and lends the keyboard of a session', async () => {
    const terminal = startInTerminal(['repl', '--db', 'sample'], { rows: 20, columns: 80 });
    await terminal.waitFor('shop>');
    terminal.type(`${many}${keys.enter}`);
    await terminal.waitFor(/^:|:$/mu);
    terminal.type('q');
    await terminal.waitFor('60 rows');
    terminal.type(`SELECT 4711 AS n${keys.enter}`);
    await terminal.waitFor('4711 │');
    terminal.type(keys.controlD);
    expect(await terminal.exited).toBe(0);
  });
});
