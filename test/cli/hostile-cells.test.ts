import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';
import { keys, type PseudoTerminal, startInTerminal } from '../support/pseudo-terminal.ts';

/** What a terminal obeys or hides: a C0 and a C1 control, DEL, and marks that turn or hide what follows. */
const hostile = 'a\u001b[31mb\u009b32mc\u007fd\u202ee\u2066f\u200bg\u2028h';
/** A column's name that it would obey too. */
const name = 'x\u009b\u202ey';
const obeyed = /[\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A new database of one table, made by this SQL. */
function databaseOf(sql: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sqlq-cells-')), 'cells.sqlite');
  const database = new SQLite(file);
  database.exec(sql);
  database.close();
  return file;
}

const file = databaseOf(
  `CREATE TABLE t (id INTEGER, "${name}" TEXT); INSERT INTO t VALUES (1, '${hostile}')`,
);
const all = 'SELECT * FROM t';

describe('JSON of cells that a terminal would obey', () => {
  it.each(['json', 'ndjson'])(
    'has them as \\u in %s, in a pipe too, and parses to what they are',
    async (format) => {
      const { stdout } = await runProgram(['run', '--db', file, '--format', format, all]);
      expect(stdout).not.toMatch(obeyed);
      for (const code of ['001b', '009b', '007f', '202e', '2066', '200b', '2028']) {
        expect(stdout).toContain(`\\u${code}`);
      }
      const parsed: unknown = JSON.parse(stdout);
      const row = { id: 1, [name]: hostile };
      expect(parsed).toEqual(format === 'json' ? [row] : row);
    },
  );

  it('has them as \\u within a JSON column, whose text is written as it is', async () => {
    const json = databaseOf(
      `CREATE TABLE t (j JSON); INSERT INTO t VALUES ('{"a":"b\u009b\u202ec","n":1.50}')`,
    );
    const { stdout } = await runProgram(['run', '--db', json, '--format', 'ndjson', all]);
    expect(stdout).not.toMatch(obeyed);
    const { j }: { j: unknown } = JSON.parse(stdout);
    expect(typeof j === 'string' ? JSON.parse(j) : j).toEqual({ a: 'b\u009b\u202ec', n: 1.5 });
  });
});

describe.each([
  ['csv', ','],
  ['tsv', '\t'],
])('%s', (format, separator) => {
  it('goes to a pipe as it is', async () => {
    const { code, stdout } = await runProgram(['run', '--db', file, '--format', format, all]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `id${separator}${name}\n1${separator}${hostile}\n`,
    });
  });

  it('goes to a terminal escaped, header and cells', async () => {
    const terminal = startInTerminal(['run', '--db', file, '--format', format, all], { columns: 200 });
    expect(await terminal.exited).toBe(0);
    const written = terminal.raw();
    expect(written).toContain('x\\u{009b}\\u{202e}y');
    expect(written).toContain('a\\e[31mb\\u{009b}32mc\\u{007f}d\\u{202e}e\\u{2066}f\\u{200b}g\\u{2028}h');
    expect(written).not.toMatch(obeyed);
    expect(written).not.toContain('\u001b[31m');
  });
});

describe('a cell whose bytes are not UTF-8', () => {
  const broken = databaseOf(
    "CREATE TABLE t (id INTEGER, v TEXT); INSERT INTO t VALUES (1, CAST(x'61ff62' AS TEXT)), (2, 'ü'), (3, CAST(x'c3' AS TEXT))",
  );
  const warning = (count: string): string => `${count} bytes that are not UTF-8`;

  it.each([
    ['1 cell holds', 'SELECT v FROM t WHERE id < 3'],
    ['2 cells hold', all],
  ])('is counted and said: %s', async (count, sql) => {
    for (const format of ['csv', 'json', 'table']) {
      const { code, stdout, stderr } = await runProgram(['run', '--db', broken, '--format', format, sql]);
      expect(code).toBe(0);
      expect(stderr).toContain(warning(count));
      expect(stdout).toContain('a\ufffdb');
      expect(stdout).toContain('ü');
    }
  });

  it('is said of a file too, and of nothing where all is UTF-8', async () => {
    const output = join(mkdtempSync(join(tmpdir(), 'sqlq-cells-')), 'rows.csv');
    const toFile = await runProgram(['run', '--db', broken, '--output', output, all]);
    expect(toFile.stderr).toContain(warning('2 cells hold'));
    const whole = await runProgram(['run', '--db', broken, 'SELECT v FROM t WHERE id = 2']);
    expect(whole.stderr).not.toContain('UTF-8');
  });
});

describe('a session', () => {
  const start = async (database: string): Promise<PseudoTerminal> => {
    const terminal = startInTerminal(['repl', '--db', database, '--profile', 'offline', '--yes']);
    await terminal.waitFor('cells>');
    return terminal;
  };
  const leave = async (terminal: PseudoTerminal): Promise<void> => {
    terminal.type(keys.controlD);
    expect(await terminal.exited).toBe(0);
  };

  it('offers no names or values at Tab that the terminal would obey', async () => {
    const title = '\u001b]0;pwned\u0007';
    const terminal = await start(
      databaseOf(
        `CREATE TABLE orders (id INTEGER, orderly TEXT); CREATE TABLE "orders${title}" (id INTEGER);
         CREATE TABLE "orders\u202ecod" ("orderid${title}" INTEGER);
         INSERT INTO orders VALUES (1, 'ordinary'), (2, 'ordinary${title}')`,
      ),
    );
    terminal.type('.schema ord\t\t');
    await terminal.waitFor('.schema orders');
    terminal.type(`${keys.controlC}how many ord\t\t`);
    await terminal.waitFor(/orderly +orders|orders +orderly/u);
    expect(terminal.raw()).not.toContain(title);
    expect(terminal.raw()).not.toContain('pwned');
    expect(terminal.raw()).not.toContain('\u202e');
    terminal.type(keys.controlC);
    await leave(terminal);
  });

  it('takes a pasted control character as text: Ctrl-D in a paste ends nothing', async () => {
    const terminal = await start(file);
    terminal.type("\u001b[200~SELECT 'a\u0004\u0003b' AS pasted\u001b[201~");
    await terminal.waitFor("SELECT 'a\u2404\u2403b' AS pasted");
    terminal.type(keys.enter);
    await terminal.waitFor(/│ pasted │[\s\S]*a␄␃b[\s\S]*cells>$/u);
    await leave(terminal);
  });

  it.each([
    ['.chat', '.chart'],
    ['.shcema', '.schema'],
    ['.tabels', '.tables'],
    ['.exprot x.csv', '.export'],
  ])('names what %s is near to', async (line, near) => {
    const { code, stderr } = await runProgram(['repl', '--db', file], { input: `${line}\n` });
    expect(code).toBe(2);
    expect(stderr).toContain(`Did you mean ${near}?`);
  });
});
