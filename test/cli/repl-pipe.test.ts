import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { answers, startModelServer } from '../support/model-server.ts';
import { type Ended, runProgram } from '../support/program.ts';

/** The lines of a pipe on the sample shop, answered by the offline engine. */
function piped(lines: readonly string[], ...argv: readonly string[]): Promise<Ended> {
  return runProgram(['repl', '--db', 'sample', '--profile', 'offline', ...argv], {
    input: `${lines.join('\n')}\n`,
  });
}

describe('a session from a pipe', () => {
  it('answers each line, follow-ups too, and says nothing but rows on stdout', async () => {
    const { code, stdout } = await piped(
      ['how many customers are there?', 'only in Germany', '', '.format json', 'and in France?'],
      '--yes',
    );
    expect(code).toBe(0);
    expect(stdout).toBe('number of customers\n60\nnumber of customers\n9\n[\n{"number of customers":4}\n]\n');
  });

  it('goes on after a line that fails, and ends with the worst exit code', async () => {
    const { code, stdout, stderr } = await piped(
      ['.nothing', 'DELETE FROM orders', 'will it rain?', 'SELECT 1 AS n'],
      '--yes',
    );
    expect(stdout).toBe('n\n1\n');
    expect(stderr).toContain('There is no command .nothing.');
    expect(stderr).toContain('sqlq only reads');
    expect(code).toBe(4);
  });

  it('needs consent for what a model wrote, and none for SQL by hand', async () => {
    const { code, stdout, stderr } = await piped(['how many customers are there?', 'SELECT 2 AS n']);
    expect(stdout).toBe('n\n2\n');
    expect(stderr).toContain('--yes');
    expect(code).toBe(2);
  });

  it('says that its file is not there, where the pipe is empty too', async () => {
    const ended = await runProgram(['nope.db'], { input: '' });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no such file') });
  });

  it('ends at .exit', async () => {
    const { code, stdout } = await piped(['SELECT 1 AS n', '.exit', 'SELECT 2 AS n']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'n\n1\n' });
  });

  it('joins lines by a backslash and by what SQL leaves open', async () => {
    const { stdout } = await piped(['SELECT \\', '1 AS a', 'SELECT (', '2) AS b', "SELECT 'x", "y' AS c"]);
    expect(stdout).toBe('a\n1\nb\n2\nc\n"x\ny"\n');
  });

  it('shows tables, one table, SQL, plan and cost', async () => {
    const { stdout } = await piped(
      [
        '.tables',
        '.schema EMPLOYEES',
        'how many customers are there?',
        '.sql',
        '.explain',
        '.cost',
        '.db',
        '.profile',
      ],
      '--yes',
    );
    expect(stdout).toContain('categories\ncustomers\nemployees\n');
    expect(stdout).toMatch(/^table employees[\s\S]*salary/mu);
    expect(stdout).not.toMatch(/^table orders/mu);
    expect(stdout).toContain('SELECT\n  COUNT(*) AS "number of customers"\nFROM\n  customers\n');
    expect(stdout).toContain('1. customers → table customers');
    expect(stdout).toMatch(/Plan:\n {2}SCAN customers/u);
    expect(stdout).toMatch(/questions 1\ntokens +none\ntime/u);
    expect(stdout).toContain('shop.sqlite\n');
    expect(stdout).toContain('offline (profile offline, from --profile)');
  });

  it('exports the last answer by the ending of the file, whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-export-'));
    const file = join(folder, 'rows.json');
    const { code } = await piped([
      'SELECT id FROM customers ORDER BY id LIMIT 2',
      `.export ${file}`,
      '.export',
    ]);
    expect(readFileSync(file, 'utf8')).toBe('[\n{"id":1},\n{"id":2}\n]\n');
    expect(code).toBe(2);
  });

  it('counts the tokens of a model', async () => {
    const model = await startModelServer();
    model.script(answers({ sql: 'SELECT 1 AS n' }), answers({ sql: 'SELECT 2 AS n' }));
    const { stdout } = await runProgram(
      ['repl', '--db', 'sample', '--yes', '--base-url', model.baseUrl, '--model', 'scripted'],
      { input: 'one\ntwo\n.cost\n' },
    );
    expect(stdout).toContain('tokens    200 in, 40 out');
    await model.close();
  });

  it('writes nothing of a session beside its database, and no lines of a pipe anywhere', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    await runProgram(['repl', '--db', 'sample'], {
      input: 'SELECT 1\n',
      environment: { XDG_STATE_HOME: home },
    });
    expect(existsSync(join(home, 'sqlq', 'lines'))).toBe(false);
  });
});

describe('what a session teaches and keeps', () => {
  const ofHome = () => {
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-project-'));
    const environment = { XDG_STATE_HOME: join(home, 'state') };
    return {
      folder,
      lines: (...lines: readonly string[]) =>
        runProgram(['repl', '--db', 'sample', '--profile', 'offline', '--yes'], {
          input: `${lines.join('\n')}\n`,
          environment,
          folder,
        }),
      run: (...argv: readonly string[]) => runProgram(argv, { environment, folder }),
    };
  };

  it('remembers answers, and makes an example of what is called good', async () => {
    const home = ofHome();
    const { code, stderr } = await home.lines('how many customers are there?', 'only in Germany', '.good');
    expect(stderr).toContain('Kept as example 1.');
    expect(code).toBe(0);
    const { stdout } = await home.run('history', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { question: 'how many customers are there?', verdict: null },
      { question: 'how many customers are there?; only in Germany', verdict: 'good' },
    ]);
  });

  it('takes a correction with what is called bad, and answers with it from then on', async () => {
    const home = ofHome();
    await home.lines('how many customers are there?', '.bad SELECT 4711 AS customers');
    const { stdout } = await home.lines('how many customers are there?');
    expect(stdout).toBe('customers\n4711\n');
  });

  it('says that SQL by hand answers no question', async () => {
    const { code, stderr } = await ofHome().lines('SELECT 1', '.good');
    expect(stderr).toContain('answers no question');
    expect(code).toBe(2);
  });

  it('keeps an answer as a file, whose values are parameters, and none of the same name in its place', async () => {
    const home = ofHome();
    const { code, stderr } = await home.lines(
      'how many orders are there?',
      'only in 2024',
      '.save orders-of-year',
      '.save orders-of-year',
    );
    expect(stderr).toContain('sqlq run orders-of-year --year');
    expect(stderr).toContain('is there already');
    expect(code).toBe(2);
    const text = readFileSync(join(home.folder, '.sqlq', 'orders-of-year.sql'), 'utf8');
    expect(text).toContain('-- how many orders are there?; only in 2024');
    const ran = await home.run('run', '--db', 'sample', 'orders-of-year', '--year', '2025');
    const right = await home.run(
      'run',
      '--db',
      'sample',
      "SELECT count(*) FROM orders WHERE ordered_at LIKE '2025%'",
    );
    expect(ran.stdout.split('\n')[1]).toBe(right.stdout.split('\n')[1]);
  });
});

describe('the last rows', () => {
  it('are drawn as a chart', async () => {
    const { code, stdout } = await piped([
      "SELECT country, count(*) AS n FROM customers WHERE country < 'D' GROUP BY 1",
      '.chart',
      ".chart where country = 'Brazil'",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Brazil +7 .*[█▏▎▍▌▋▊▉]+\nCanada +7 /u);
    expect(stdout.match(/Canada/gu)).toHaveLength(2);
  });

  it('are filtered, sorted and grouped without the database', async () => {
    const { code, stdout } = await piped([
      "SELECT name, country FROM customers WHERE country IN ('France', 'Japan') ORDER BY name",
      ".last where country = 'Japan' order by name desc limit 1",
      '.last group by country order by 1',
      '.last SELECT count(*) AS n FROM last',
      '.last',
    ]);
    expect(code).toBe(0);
    const [whole = '', ...others] = stdout.split(/(?<=\n)(?=name,country\n|country,rows\n|n\n)/u);
    expect(others).toEqual([
      'name,country\nMona Lopez,Japan\n',
      'country,rows\nFrance,4\nJapan,3\n',
      'n\n7\n',
      whole,
    ]);
  });

  it('may not be asked for files, other databases or changes', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-attach-')), 'new.sqlite');
    const { code, stdout } = await piped([
      'SELECT 1 AS n',
      `.last ATTACH '${file}' AS other`,
      `.last VACUUM INTO '${file}'`,
      '.last DELETE FROM last',
      ".last SELECT load_extension('x')",
    ]);
    expect(stdout).toBe('n\n1\n');
    expect(code).toBe(3);
    expect(existsSync(file)).toBe(false);
  });

  it('are of the last answer that had rows; without one they say so', async () => {
    const { code, stderr } = await piped(['.last']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no answer yet.');
  });

  const engines = [
    ['PostgreSQL', 'postgresUrl', 'numeric(10,2)', null],
    ['MariaDB', 'mariadbUrl', 'decimal(10,2)', 'mysql'],
  ] as const;
  it.each(engines)('have the exact values of %s', async (_name, key, type, database) => {
    const url = new URL(inject(key) ?? '');
    if (database !== null) {
      url.pathname = database;
    }
    const sql = `SELECT 12345678901234567890 AS large, 9007199254740993 AS whole, CAST(12.5 AS ${type}) AS money, 'ü' AS text, NULL AS missing`;
    const { stdout, stderr, code } = await runProgram(['repl', '--db', url.href], {
      input: `.format json\n${sql}\n.last\n.last SELECT whole + 1 AS next, money * 2 AS twice FROM last\n`,
    });
    expect(stderr).not.toContain('sqlq:');
    expect(code).toBe(0);
    const [first, second, third] = stdout.split(/(?<=\]\n)/u);
    expect(first).toContain('"large":12345678901234567890,"whole":9007199254740993,"money":12.50');
    expect(second).toBe(first);
    expect(third).toContain('"next":9007199254740994,"twice":25');
  });
});
