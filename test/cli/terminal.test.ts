import { chmodSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { answers, hangs, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram, sampleFile } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

let model: ModelServerFake;
let served: readonly string[];

beforeEach(async () => {
  model = await startModelServer();
  served = ['--base-url', model.baseUrl, '--model', 'scripted'];
});
afterEach(() => model.close());

const prompt = 'Run this query?';
const ask = (...argv: readonly string[]) => startInTerminal(['ask', '--db', 'sample', ...served, ...argv]);

describe('a question in a terminal', () => {
  it('is shown as SQL with what it assumes, run when the user says so, and drawn as a table that fits', async () => {
    model.script(
      answers({
        sql: 'SELECT name, city FROM customers ORDER BY id LIMIT 2',
        assumptions: ['the first two by id'],
      }),
    );
    const terminal = ask('two customers');
    await terminal.waitFor(prompt);
    expect(terminal.screen()).toMatch(/SELECT\n\s+name,/u);
    expect(terminal.screen()).toContain('the first two by id');
    expect(terminal.screen()).toContain('reads customers');
    terminal.type(keys.enter);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('2 rows');
    expect(terminal.screen()).toMatch(/│ name\s+│ city\s+│/u);
    // What was shown while it lasted is gone.
    expect(terminal.screen()).not.toMatch(/Waiting for|Checking|Running the query|Reading the schema/u);
  });

  it('is drawn with ASCII where the locale has no more', async () => {
    model.script(answers({ sql: 'SELECT id FROM customers ORDER BY id LIMIT 2', assumptions: ['by id'] }));
    const terminal = startInTerminal(['ask', '--db', 'sample', ...served, '--yes', 'two customers'], {
      environment: { LC_ALL: 'C' },
    });
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toMatch(/\| id \|\n\+-+\+/u);
    expect(terminal.screen()).toMatch(/^[\x20-\x7e\n]*$/u);
  });

  it('is asked about on stderr while stdout is a pipe', async () => {
    model.script(answers({ sql: 'SELECT count(*) AS n FROM customers' }));
    const terminal = startInTerminal([], {
      command: `"$SQLQ_NODE" "$SQLQ_PROGRAM" ask --db sample ${served.join(' ')} "how many?" | sed 's/^/piped:/'`,
    });
    await terminal.waitFor(prompt);
    expect(terminal.screen()).not.toContain('piped:');
    terminal.type(keys.enter);
    await terminal.exited;
    expect(terminal.screen()).toContain('piped:n\npiped:60');
  });

  it('is edited in the editor of the user, and checked again', async () => {
    const editor = join(mkdtempSync(join(tmpdir(), 'sqlq-editor-')), 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\necho "SELECT 4711 AS edited" > "$1"\n');
    chmodSync(editor, 0o755);
    model.script(answers({ sql: 'SELECT count(*) FROM customers' }));
    const terminal = startInTerminal(['ask', '--db', 'sample', ...served, 'how many?'], {
      environment: { EDITOR: editor },
    });
    await terminal.waitFor(prompt);
    terminal.type(keys.down + keys.enter);
    await terminal.waitFor('edited');
    await terminal.waitFor(/edited[\s\S]*Run this query\?/u);
    terminal.type(keys.enter);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('4711');
  });

  it('is asked again with a hint, which the model hears', async () => {
    model.script(
      answers({ sql: 'SELECT count(*) FROM customers' }),
      answers({ sql: 'SELECT count(*) AS only_germans FROM customers' }),
    );
    const terminal = ask('how many?');
    await terminal.waitFor(prompt);
    terminal.type(keys.down + keys.down + keys.enter);
    await terminal.waitFor('What should be different?');
    terminal.type(`only in Germany${keys.enter}`);
    await terminal.waitFor('only_germans');
    expect(model.requests[1]?.text).toContain('only in Germany');
    await terminal.waitFor(/only_germans[\s\S]*Run this query\?/u);
    terminal.type(keys.up + keys.enter);
    expect(await terminal.exited).toBe(130);
  });

  it('asks back where two readings give different numbers', async () => {
    model.script(answers({ clarification: 'Gross or net?' }), answers({ sql: 'SELECT 1 AS net' }));
    const terminal = ask('revenue?');
    await terminal.waitFor('Gross or net?');
    terminal.type(`net${keys.enter}`);
    await terminal.waitFor(prompt);
    expect(model.requests[1]?.text).toContain('net');
    terminal.type(keys.enter);
    expect(await terminal.exited).toBe(0);
  });
});

describe('Ctrl-C', () => {
  it('ends the wait for a model at once', async () => {
    model.script(hangs);
    const terminal = ask('how many?');
    await terminal.waitFor('Waiting for');
    terminal.type(keys.controlC);
    expect(await terminal.exited).toBe(130);
    expect(terminal.screen()).toContain('Cancelled.');
  });

  it('ends a prompt', async () => {
    model.script(answers({ sql: 'SELECT 1' }));
    const terminal = ask('one');
    await terminal.waitFor(prompt);
    terminal.type(keys.controlC);
    expect(await terminal.exited).toBe(130);
  });

  it('ends a query, at the server too', async () => {
    const url = `${inject('postgresUrl')}/postgres`;
    const terminal = startInTerminal([
      'run',
      '--db',
      url,
      'SELECT count(*) AS sqlq_ctrl_c FROM generate_series(1, 100000000000)',
    ]);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const running = async (): Promise<number> => {
      const { rows } = await client.query(
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%sqlq_ctrl_c%' AND pid <> pg_backend_pid() AND state = 'active'",
      );
      return rows.length;
    };
    try {
      for (let tries = 0; (await running()) === 0; tries += 1) {
        if (tries > 200) {
          throw new Error(`the query did not start:\n${terminal.screen()}`);
        }
        await sleep(50);
      }
      terminal.type(keys.controlC);
      expect(await terminal.exited).toBe(130);
      expect(await running()).toBe(0);
    } finally {
      await client.end();
    }
  });
});

describe('colours', () => {
  const colour = '\u001b[';
  const run = (environment: Readonly<Record<string, string>>, ...argv: readonly string[]) =>
    startInTerminal(['run', '--db', 'sample', ...argv, 'SELECT NULL AS empty'], { environment });

  it('are there in a terminal, and not with NO_COLOR or --no-color', async () => {
    const coloured = run({});
    expect(await coloured.exited).toBe(0);
    expect(coloured.raw()).toContain(`${colour}2mNULL`);
    for (const plain of [run({ NO_COLOR: '1' }), run({}, '--no-color')]) {
      expect(await plain.exited).toBe(0);
      expect(plain.raw()).not.toContain(`${colour}2m`);
    }
  });
});

describe('--write', () => {
  const update = 'UPDATE products SET stock = stock + 1 WHERE id < 4';
  let file: string;
  const stock = (): unknown => {
    const database = new SQLite(file, { readonly: true });
    const found = database.prepare('SELECT sum(stock) FROM products WHERE id < 4').pluck().get();
    database.close();
    return found;
  };
  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), 'sqlq-write-')), 'shop.sqlite');
    copyFileSync(sampleFile, file);
  });

  it('shows how many rows change and asks; no takes it back, yes keeps it', async () => {
    const before = Number(stock());
    for (const [answer, after, code] of [
      ['n', before, 130],
      ['y', before + 3, 0],
    ] as const) {
      const terminal = startInTerminal(['run', '--db', file, '--write', update]);
      await terminal.waitFor('Keep this change?');
      expect(terminal.screen()).toContain('products: 3 rows changed');
      terminal.type(answer + keys.enter);
      expect(await terminal.exited).toBe(code);
      expect(Number(stock())).toBe(after);
    }
  });

  it('needs --yes without a terminal, and --write=ddl for tables', async () => {
    const before = stock();
    expect(await runProgram(['run', '--db', file, '--write', update])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect(await runProgram(['run', '--db', file, '--write', '--yes', 'DROP TABLE reviews'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--write=ddl'),
    });
    expect(stock()).toBe(before);
    expect(
      await runProgram(['run', '--db', file, '--write=ddl', '--yes', 'DROP TABLE reviews']),
    ).toMatchObject({ code: 0 });
    expect(await runProgram(['run', '--db', file, 'SELECT 1 FROM reviews'])).toMatchObject({ code: 1 });
    expect(
      await runProgram(['run', '--db', file, '--write=ddl', '--yes', `ATTACH '${file}' AS other`]),
    ).toMatchObject({ code: 3 });
  });
});
