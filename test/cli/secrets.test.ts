import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { answers, fails, startModelServer } from '../support/model-server.ts';
import { type Ended, emptyEnvironment, type RunOptions, runProgram } from '../support/program.ts';

const canary = 'c4n4ry-P@ss/w0rd!';
const encoded = encodeURIComponent(canary);
const key = 'sk-canary-1234567890abcdef';

/** Everything that a run leaves: its streams, its report, and every file of its home. */
async function traces(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<{ ended: Ended; text: string; home: string }> {
  const home = mkdtempSync(join(tmpdir(), 'sqlq-secrets-'));
  const report = join(home, 'report.json');
  const ended = await runProgram([...argv, '--verbose', '--report', report], {
    ...options,
    environment: { ...emptyEnvironment(home), ...options.environment },
  });
  const files = readdirSync(home, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );
  const text = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  return { ended, text: [ended.stdout, ended.stderr, ...text].join('\n'), home };
}

function expectClean(text: string): void {
  for (const secret of [canary, encoded, key, Buffer.from(canary).toString('base64')]) {
    expect(text).not.toContain(secret);
  }
}

const postgres = (): URL => new URL(`${inject('postgresUrl')}/postgres`);
const mariadb = (): URL => new URL(`${inject('mariadbUrl')}/mysql`);

describe('a password', () => {
  it.each([
    [
      'in a PostgreSQL URL',
      () => ['run', '--db', `postgres://postgres:${encoded}@${postgres().host}/nope`, 'SELECT 1'],
      {},
    ],
    [
      'in a MySQL URL',
      () => ['run', '--db', `mysql://admin:${encoded}@${mariadb().host}/mysql`, 'SELECT 1'],
      {},
    ],
    ['in a URL that is none', () => ['run', '--db', `postgres://u:${encoded}@ho st/%zz?x=1`, 'SELECT 1'], {}],
    [
      'in a URL with a parameter that is not taken',
      () => ['run', '--db', `mysql://u:${encoded}@h/d?multipleStatements=true`, 'SELECT 1'],
      {},
    ],
    [
      'of a host that is not there',
      () => ['run', '--db', `postgres://u:${encoded}@127.0.0.1:9/d`, 'SELECT 1'],
      {},
    ],
    ['in DATABASE_URL', () => ['run', 'SELECT 1'], { DATABASE_URL: `mysql://u:${encoded}@127.0.0.1:9/d` }],
    [
      'in PGPASSWORD',
      () => ['run', '--db', `postgres://u@127.0.0.1:9/d`, 'SELECT 1'],
      { PGPASSWORD: canary },
    ],
    ['in MYSQL_PWD', () => ['run', '--db', `mysql://u@127.0.0.1:9/d`, 'SELECT 1'], { MYSQL_PWD: canary }],
    [
      'in a model base URL',
      () => [
        'ask',
        '--db',
        'sample',
        '--yes',
        '--base-url',
        `http://u:${encoded}@127.0.0.1:9/v1`,
        '--model',
        'm',
        'q',
      ],
      {},
    ],
  ] as const)('%s leaves no trace', async (_, argv, environment) => {
    const { ended, text } = await traces(argv(), { environment });
    expect(ended.code).not.toBe(0);
    expectClean(text);
  });

  it('in a settings file is refused where others can read it, and used where they can not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-project-'));
    const file = join(folder, '.sqlqrc');
    writeFileSync(file, `database: live\ndatabases:\n  live: postgres://u:${encoded}@127.0.0.1:9/d\n`, {
      mode: 0o644,
    });
    const open = await traces(['run', 'SELECT 1'], { folder });
    expect(open.ended).toMatchObject({ code: 2, stderr: expect.stringContaining('chmod 600') });
    expectClean(open.text);
    writeFileSync(join(folder, '.sqlqrc.yaml'), '');
    const { chmodSync } = await import('node:fs');
    chmodSync(file, 0o600);
    const closed = await traces(['config'], { folder });
    expect(closed.ended.code).toBe(0);
    expectClean(closed.text);
  });
});

describe('a key', () => {
  it('goes to its server alone, and a server that echoes it is not repeated', async () => {
    const model = await startModelServer();
    const asked = [
      'ask',
      '--db',
      'sample',
      '--yes',
      '--base-url',
      model.baseUrl,
      '--model',
      'm',
      'how many?',
    ];
    model.script(
      answers({ sql: 'SELECT 1' }),
      fails(401, { error: { message: `Incorrect API key provided: ${key}` } }),
    );
    const good = await traces(asked, { environment: { SQLQ_API_KEY: key } });
    expect(good.ended.code).toBe(0);
    expect(model.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expectClean(good.text);
    const bad = await traces(asked, { environment: { SQLQ_API_KEY: key } });
    expect(bad.ended.code).toBe(1);
    expectClean(bad.text);
    await model.close();
  });

  it('does not go over plain http to a public host', async () => {
    const { ended, text } = await traces(
      ['ask', '--db', 'sample', '--yes', '--base-url', 'http://models.example.com/v1', '--model', 'm', 'q'],
      {
        environment: { SQLQ_API_KEY: key },
      },
    );
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('plain http') });
    expectClean(text);
  });
});

describe('what is kept', () => {
  it('is readable by its user alone', async () => {
    const { home, ended } = await traces([
      'ask',
      '--db',
      'sample',
      '--profile',
      'offline',
      '--yes',
      'how many customers are there?',
    ]);
    expect(ended.code).toBe(0);
    const kept = readdirSync(home, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter(
      (entry) => !entry.parentPath.includes('compiled') && entry.name !== 'compiled',
    );
    expect(kept.some((entry) => entry.name.startsWith('schema-'))).toBe(true);
    for (const entry of kept) {
      const { mode } = statSync(join(entry.parentPath, entry.name));
      if (entry.isFile()) {
        expect(mode & 0o077, entry.name).toBe(0);
      } else if (entry.name === 'sqlq') {
        expect(mode & 0o077, entry.name).toBe(0);
      }
    }
  });
});
