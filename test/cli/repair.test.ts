import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { isFile, type Target } from '../../src/database/target.ts';
import { eachEngine } from '../support/each-engine.ts';
import { answers, type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';

let model: ModelServerFake;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model.close());

const right = answers({ sql: 'SELECT 60 AS n' });
const ask = (db: string, ...argv: readonly string[]) =>
  runProgram(['ask', '--db', db, '--yes', '--base-url', model.baseUrl, '--model', 'm', ...argv, 'how many']);
/** A database of PostgreSQL with one table. */
async function postgresWithATable(): Promise<string> {
  const name = `repair_${process.pid}`;
  const server = new Client(`${inject('postgresUrl')}/postgres`);
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${name}`);
  await server.query(`CREATE DATABASE ${name}`);
  await server.end();
  const url = `${inject('postgresUrl')}/${name}`;
  const client = new Client(url);
  await client.connect();
  await client.query('CREATE TABLE things (id integer PRIMARY KEY)');
  await client.end();
  return url;
}

/** The conversation of the last request. */
const messages = (): readonly { role: string; content: string }[] => model.requests.at(-1)?.body.messages;

describe('SQL that fails while it runs goes back to the model', () => {
  it('with the words of SQLite, and with how the model came to it', async () => {
    const wrong = {
      reasoning: 'The name is JSON.',
      sql: "SELECT json_extract(name, '$.n') AS n FROM customers",
    };
    model.script(answers(wrong), right);
    const { code, stdout, stderr } = await ask('sample');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'n\n60\n' });
    expect(stderr).toContain('The SQL failed while it ran: malformed JSON');
    expect(messages().at(-2)?.content).toContain('The name is JSON.');
    expect(messages().at(-1)?.content).toContain('malformed JSON');
  });

  it.skipIf(inject('postgresUrl') === null)('on PostgreSQL: a division by zero, a failed cast', async () => {
    model.script(
      answers({ sql: 'SELECT 1 / (n - n) AS n FROM generate_series(1, 3) AS n' }),
      answers({ sql: "SELECT ('x' || n)::int AS n FROM generate_series(1, 3) AS n" }),
      right,
    );
    expect(await ask(await postgresWithATable())).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    const told = messages()
      .map(({ content }) => content)
      .join('\n');
    expect(told).toContain('division by zero');
    expect(told).toContain('invalid input syntax for type integer');
    // The value that failed came out of the data.
    expect(told).not.toContain('"x1"');
  });

  it('as often as repairs allow, and then the error is the user’s', async () => {
    model.scriptAll(answers({ sql: "SELECT json_extract(name, '$.n') AS n FROM customers" }));
    const { code, stderr } = await ask('sample');
    expect(code).toBe(1);
    expect(stderr).toContain('malformed JSON');
    expect(model.requests).toHaveLength(3);
  });

  it('otherwise, where the model says the same again: tables as they are made, and SQL alone', async () => {
    const wrong = answers({ sql: 'SELECT nmae FROM customers' });
    model.script(wrong, wrong, says('SELECT 60 AS n'));
    expect(await ask('sample')).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(messages()).toHaveLength(1);
    expect(messages()[0]?.content).toMatch(/^(-- .*\n)?CREATE TABLE "[\s\S]*\nhow many$/u);
  });

  it('where a reply that is no answer and SQL that is refused count too', async () => {
    model.script(
      says('I am a teapot.'),
      answers({ sql: 'SELECT nmae FROM customers' }),
      answers({ sql: "SELECT json_extract(name, '$.n') AS n FROM customers" }),
    );
    expect(await ask('sample')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('malformed JSON'),
    });
    expect(model.requests).toHaveLength(3);
  });

  it('but not where rows are out already, or the output is what failed', async () => {
    const numbers = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200000)';
    const late = `${numbers} SELECT CASE WHEN n < 199999 THEN n ELSE json_extract('x' || n, '$') END AS n FROM c`;
    model.script(answers({ sql: late }), answers({ sql: `${numbers} SELECT n FROM c` }));
    const broken = await ask('sample');
    expect(broken).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('What was printed is not complete'),
    });
    expect(broken.stdout).toContain('\n1\n2\n');
    expect(await ask('sample', '--output', '/dev/full')).toMatchObject({ code: 1 });
    expect(model.requests).toHaveLength(2);
  });
});

describe('SQL that the database refuses', () => {
  it('goes back with names that are near, and with apostrophes whole', async () => {
    model.script(
      answers({ sql: 'SELECT nmae, count(*) FROM custmers GROUP BY 1' }),
      answers({ sql: 'SELECT nmae FROM customers' }),
      right,
    );
    expect((await ask('sample')).code).toBe(0);
    const told = messages().map(({ content }) => content);
    expect(told.at(-3)).toMatch(/no such table: custmers\nNear names of the schema: .*customers/u);
    expect(told.at(-1)).toMatch(/no such column: nmae.*\nNear names of the schema: .*customers\.name/su);
  });
});

/** What `--db` takes for a database of a test's own. */
function urlOf(target: Target): string {
  if (isFile(target)) {
    return target.path;
  }
  const { engine, user, password, host, port, database } = target;
  return `${engine}://${user}:${password}@${host}:${port}/${database}`;
}

describe.each(eachEngine)('on $name', ({ name, isAvailable, create }) => {
  it.skipIf(!isAvailable())('names that are near go back, and what fails while it runs', async () => {
    const own = await create([
      'CREATE TABLE things (id INTEGER PRIMARY KEY, label VARCHAR(20), amount INTEGER)',
      "INSERT INTO things VALUES (1, 'secret', 0), (2, 'other', 5)",
    ]);
    const failing = {
      sqlite: "SELECT json_extract(label, '$.n') AS n FROM things",
      duckdb: 'SELECT (SELECT id FROM things) AS n FROM things',
      postgres: 'SELECT 10 / amount AS n FROM things',
      mysql: 'SELECT (SELECT id FROM things) AS n FROM things',
    }[name];
    const said = {
      sqlite: 'malformed JSON',
      duckdb: 'More than one row returned by a subquery',
      postgres: 'division by zero',
      mysql: 'Subquery returns more than 1 row',
    }[name];
    model.script(
      answers({ sql: 'SELECT count(*) FROM thinks' }),
      answers({ sql: 'SELECT t.lable FROM things t' }),
      right,
    );
    expect(await ask(urlOf(own.target))).toMatchObject({ code: 0 });
    const told = messages().map(({ content }) => content);
    expect(told.at(-3)).toMatch(/thinks.*\n(?:Did you mean .*\n)?Near names of the schema: things\./u);
    expect(told.at(-1)).toMatch(/lable.*\n(.*\n)?Near names of the schema: (things, )?things\.label\./u);
    if (name === 'postgres') {
      expect(told.at(-1)).toContain('Perhaps you meant to reference the column "t.label".');
    }
    model.script(answers({ sql: failing ?? '' }), right);
    expect(await ask(urlOf(own.target))).toMatchObject({ code: 0 });
    expect(messages().at(-1)?.content).toContain(said);
    expect(messages().at(-1)?.content).not.toContain('secret');
    await own.drop();
  });
});
