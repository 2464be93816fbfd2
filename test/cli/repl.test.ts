import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, hangs, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { sampleFile } from '../support/program.ts';
import { keys, type PseudoTerminal, startInTerminal } from '../support/pseudo-terminal.ts';

let model: ModelServerFake;
let home: string;

beforeEach(async () => {
  model = await startModelServer();
  home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
});
afterEach(() => model.close());

const tab = '\t';
const controlR = '\u0012';

/** A session on the sample shop; `environment` keeps one home through a test. */
async function session(...argv: readonly string[]): Promise<PseudoTerminal> {
  const terminal = startInTerminal(['repl', '--db', 'sample', ...argv], {
    environment: { XDG_STATE_HOME: join(home, 'state'), XDG_CACHE_HOME: join(home, 'cache') },
  });
  await terminal.waitFor('shop>');
  return terminal;
}
const offline = () => session('--profile', 'offline', '--yes');
const served = (...argv: readonly string[]) =>
  session('--base-url', model.baseUrl, '--model', 'scripted', ...argv);
/** What the model was told last. */
const told = (): string => JSON.stringify(model.requests.at(-1)?.body.messages);

async function leave(terminal: PseudoTerminal): Promise<void> {
  terminal.type(keys.controlD);
  expect(await terminal.exited).toBe(0);
}

describe('a session in a terminal', () => {
  it('is what sqlq without arguments opens, where settings name a database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-folder-'));
    copyFileSync(sampleFile, join(folder, 'mine.sqlite'));
    writeFileSync(join(folder, '.sqlqrc'), 'database: mine.sqlite\n');
    const terminal = startInTerminal([], { folder });
    await terminal.waitFor('mine>');
    await leave(terminal);
  });

  it('answers questions, each built on the one before, and shows what changed in the SQL', async () => {
    const terminal = await offline();
    terminal.type('how many orders per country?\r');
    await terminal.waitFor(/Brazil[\s\S]*9 rows[\s\S]*shop>$/u);
    terminal.type('only in 2024\r');
    await terminal.waitFor('+ WHERE');
    await terminal.waitFor("+   orders.ordered_at >= '2024-01-01'");
    await terminal.waitFor(/9 rows[\s\S]*9 rows[\s\S]*shop>$/u);
    terminal.type('.back\r');
    await terminal.waitFor(/shop> \.back\n+how many orders per country\?[\s\S]*shop>$/u);
    terminal.type('.new\r');
    await terminal.waitFor('stands for itself');
    terminal.type('top 3\r');
    await terminal.waitFor('finds no interpretation');
    await leave(terminal);
  });

  it('tells a model of the question, SQL and columns before, and of rows only where they may be sent', async () => {
    model.script(
      answers({ sql: 'SELECT name, city FROM customers ORDER BY id LIMIT 2' }),
      answers({ sql: 'SELECT name, city, email FROM customers ORDER BY id LIMIT 2' }),
    );
    const terminal = await served('--yes');
    terminal.type('two customers\r');
    await terminal.waitFor(/2 rows[\s\S]*shop>$/u);
    expect(told()).not.toContain('Before this');
    terminal.type('and their emails?\r');
    await terminal.waitFor('+   email');
    await terminal.waitFor(/2 rows[\s\S]*2 rows[\s\S]*shop>$/u);
    expect(told()).toContain('Before this the user asked: two customers');
    expect(told()).toContain('SELECT name, city FROM customers ORDER BY id LIMIT 2');
    expect(told()).toContain('columns: name, city');
    expect(told()).not.toContain('first rows');
    await leave(terminal);
  });

  it('rejects an assumption when its number is typed', async () => {
    model.script(
      answers({ sql: 'SELECT 1 AS first', assumptions: ['orders count', 'revenue is gross'] }),
      answers({ sql: 'SELECT 2 AS second', assumptions: ['orders count'] }),
    );
    const terminal = await served('--yes');
    terminal.type('the revenue\r');
    await terminal.waitFor('2. revenue is gross');
    await terminal.waitFor(/1 row,[\s\S]*shop>$/u);
    terminal.type('7\r');
    await terminal.waitFor('no assumption 7');
    terminal.type('2\r');
    await terminal.waitFor('second');
    expect(told()).toContain('revenue is gross');
    expect(told()).toContain('does not hold');
    expect(told()).toContain('the revenue');
    await leave(terminal);
  });

  it('asks before it runs what a model wrote, with the keyboard lent to the question and taken back', async () => {
    model.script(answers({ sql: 'SELECT 4711 AS shown' }));
    const terminal = await served();
    terminal.type('a number\r');
    await terminal.waitFor('Run this query?');
    terminal.type(keys.enter);
    await terminal.waitFor(/4711[\s\S]*shop>$/u);
    terminal.type('SELECT 12 AS typed\r');
    await terminal.waitFor(/typed[\s\S]*12[\s\S]*shop>$/u);
    await leave(terminal);
  });

  it('keeps the session when Ctrl-C ends a step that waits for the model, runs a query, or asks', async () => {
    model.script(hangs, answers({ sql: 'SELECT 1 AS asked' }));
    const terminal = await served();
    terminal.type('a question\r');
    await terminal.waitFor('Waiting for scripted');
    terminal.type(keys.controlC);
    await terminal.waitFor(/Cancelled\.[\s\S]*shop>$/u);
    terminal.type('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n\r');
    await terminal.waitFor('Running the query');
    terminal.type(keys.controlC);
    await terminal.waitFor(/Cancelled\.[\s\S]*Cancelled\.[\s\S]*shop>$/u);
    terminal.type('another\r');
    await terminal.waitFor('Run this query?');
    terminal.type(keys.controlC);
    await terminal.waitFor(/Cancelled\.[\s\S]*Cancelled\.[\s\S]*Cancelled\.[\s\S]*shop>$/u);
    terminal.type('SELECT 99 AS alive\r');
    await terminal.waitFor(/alive[\s\S]*99[\s\S]*shop>$/u);
    await leave(terminal);
  });

  it('lives on when a signal cancels a step, and clears what is typed at Ctrl-C', async () => {
    const terminal = await offline();
    terminal.type('never sent');
    terminal.type(keys.controlC);
    await terminal.waitFor(/\^C\s+shop>$/u);
    terminal.type(keys.controlC);
    await terminal.waitFor('Ctrl-D or .exit leaves.');
    terminal.type('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n\r');
    await terminal.waitFor('Running the query');
    process.kill(terminal.pid, 'SIGINT');
    await terminal.waitFor(/Cancelled\.[\s\S]*shop>$/u);
    await leave(terminal);
  });

  it('keeps what is typed while a step runs for the next line', async () => {
    const terminal = await offline();
    terminal.type('how many customers are there?\rSELECT 4242 AS ahead\r');
    await terminal.waitFor(/60[\s\S]*4242[\s\S]*shop>$/u);
    await leave(terminal);
  });

  it('takes several lines: after a backslash, inside a parenthesis, and as pasted', async () => {
    const terminal = await offline();
    terminal.type('how many customers \\\rare there?\r');
    await terminal.waitFor(/60[\s\S]*shop>$/u);
    terminal.type('SELECT (\r31\r) AS inside\r');
    await terminal.waitFor(/inside[\s\S]*31[\s\S]*shop>$/u);
    terminal.type(keys.up);
    await terminal.waitFor(/SELECT \(\n\W*31\n\W*\) AS inside$/u);
    terminal.type('\r');
    await terminal.waitFor(/inside[\s\S]*inside[\s\S]*inside[\s\S]*1 row,[\s\S]*shop>$/u);
    terminal.type('\u001b[200~SELECT 77\rAS pasted\u001b[201~');
    await terminal.waitFor('AS pasted');
    terminal.type('\r');
    await terminal.waitFor(/│ +77 │[\s\S]*shop>$/u);
    await leave(terminal);
  });

  it('completes commands, tables, columns and stored values', async () => {
    const terminal = await offline();
    terminal.type(`.sch${tab}`);
    await terminal.waitFor('> .schema');
    terminal.type(` emp${tab}`);
    await terminal.waitFor('> .schema employees');
    terminal.type('\r');
    await terminal.waitFor(/salary[\s\S]*shop>$/u);
    terminal.type(`customers with news${tab}`);
    await terminal.waitFor('with newsletter');
    terminal.type(` in united k${tab}`);
    await terminal.waitFor('in United Kingdom');
    await terminal.type(keys.controlC);
    terminal.type(`SELECT name FROM customers WHERE country = 'Ger${tab}`);
    await terminal.waitFor("'Germany");
    terminal.type("' ORDER BY 1 LIMIT 1\r");
    await terminal.waitFor(/1 row,[\s\S]*shop>$/u);
    await leave(terminal);
  });

  it('completes the names of databases and profiles, and quotes what SQL has to quote', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'sqlq-quoted-')), 'quoted.sqlite');
    const file = new SQLite(path);
    file.exec(`CREATE TABLE "my table" (id, owner text); INSERT INTO "my table" VALUES (4711, 'O''Brien')`);
    file.close();
    const terminal = await offline();
    terminal.type(`.profile oll${tab}`);
    await terminal.waitFor('> .profile ollama');
    terminal.type(keys.controlC);
    terminal.type(`.db sam${tab}`);
    await terminal.waitFor('> .db sample');
    terminal.type(keys.controlC);
    terminal.type(`.db ${path}\r`);
    await terminal.waitFor('quoted>');
    terminal.type(`SELECT id FROM my${tab} WHERE owner = 'O${tab}'\r`);
    await terminal.waitFor(/4711[\s\S]*quoted>$/u);
    expect(terminal.screen()).toContain(`SELECT id FROM "my table" WHERE owner = 'O''Brien'`);
    await leave(terminal);
  });

  it('remembers lines by database, for this user alone, and searches them backwards', async () => {
    const first = await offline();
    first.type('SELECT 11 AS early\r');
    await first.waitFor(/11[\s\S]*shop>$/u);
    first.type('SELECT 22 AS late\r');
    await first.waitFor(/22[\s\S]*shop>$/u);
    first.type("SELECT 'password'\r");
    await first.waitFor(/1 row,[\s\S]*1 row,[\s\S]*1 row,[\s\S]*shop>$/u);
    await leave(first);
    const folder = join(home, 'state', 'sqlq', 'lines');
    const [file = ''] = readdirSync(folder);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, file), 'utf8')).not.toContain('password');

    const second = await offline();
    second.type(keys.up);
    await second.waitFor('> SELECT 22 AS late');
    second.type(keys.controlC);
    second.type(`${controlR}early`);
    await second.waitFor('(search: early) SELECT 11 AS early');
    second.type('\r');
    await second.waitFor(/│ +11 │[\s\S]*shop>$/u);
    await leave(second);
  });

  it('keeps no lines where the settings keep no history', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-folder-'));
    writeFileSync(join(folder, '.sqlqrc'), 'history: false\n');
    const terminal = startInTerminal(['repl', '--db', 'sample'], {
      folder,
      environment: { XDG_STATE_HOME: join(home, 'state') },
    });
    await terminal.waitFor('shop>');
    terminal.type('SELECT 1 AS n\r');
    await terminal.waitFor(/1 row,[\s\S]*shop>$/u);
    await leave(terminal);
    expect(existsSync(join(home, 'state', 'sqlq', 'lines'))).toBe(false);
  });

  it('changes rows where --write allows it, only when the user keeps the change', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-write-')), 'mine.sqlite');
    copyFileSync(sampleFile, file);
    chmodSync(file, 0o644);
    const terminal = startInTerminal(['repl', '--db', file, '--write']);
    await terminal.waitFor('mine>');
    terminal.type('UPDATE products SET stock = 0 WHERE id = 1\r');
    await terminal.waitFor('Keep this change?');
    terminal.type('n\r');
    await terminal.waitFor(/Rolled back[\s\S]*mine>$/u);
    terminal.type('UPDATE products SET stock = 4711 WHERE id = 1\r');
    await terminal.waitFor(/Rolled back[\s\S]*Keep this change\?/u);
    terminal.type('y\r');
    await terminal.waitFor(/Committed\.[\s\S]*mine>$/u);
    terminal.type('SELECT stock FROM products WHERE id = 1\r');
    await terminal.waitFor(/4711[\s\S]*mine>$/u);
    await leave(terminal);
  });

  it('lets the user edit the last SQL and runs what they made of it', async () => {
    const editor = join(mkdtempSync(join(tmpdir(), 'sqlq-editor-')), 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/AS n/AS edited/" "$1"\n');
    chmodSync(editor, 0o755);
    const terminal = startInTerminal(['repl', '--db', 'sample', '--profile', 'offline', '--yes'], {
      environment: { EDITOR: editor },
    });
    await terminal.waitFor('shop>');
    terminal.type('SELECT 5 AS n\r');
    await terminal.waitFor(/│ n │[\s\S]*shop>$/u);
    terminal.type('.sql edit\r');
    await terminal.waitFor(/│ edited │[\s\S]*shop>$/u);
    terminal.type('.sql\r');
    await terminal.waitFor(/5 AS edited\n*shop>$/u);
    await leave(terminal);
  });

  it('goes to another database, and stays where it is when there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-other-'));
    copyFileSync(sampleFile, join(folder, 'other.sqlite'));
    const terminal = await offline();
    terminal.type('.db /nowhere/none.sqlite\r');
    await terminal.waitFor('no such file');
    terminal.type('SELECT 1 AS here\r');
    await terminal.waitFor(/here[\s\S]*shop>$/u);
    terminal.type(`.db ${join(folder, 'other.sqlite')}\r`);
    await terminal.waitFor('other>');
    terminal.type('how many customers are there?\r');
    await terminal.waitFor(/60[\s\S]*other>$/u);
    await leave(terminal);
  });

  it('ends at a signal with the exit code that shells expect of it', async () => {
    const terminal = await offline();
    process.kill(terminal.pid, 'SIGTERM');
    expect(await terminal.exited).toBe(143);
  });
});
