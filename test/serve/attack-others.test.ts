import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFile } from '../support/program.ts';
import { type SharedServer, startShared } from '../support/shared-server.ts';
import { until } from '../support/until.ts';

let server: SharedServer;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-shared-'));
  const file = join(folder, 'shop.sqlite');
  copyFileSync(sampleFile, file);
  const saved = join(folder, '.sqlq');
  mkdirSync(saved);
  for (const [name, column] of [
    ['emails', 'email'],
    ['cities', 'city'],
  ]) {
    const head = `-- The ${name} of customers\n-- database: sqlite\n-- reads customers: ${column} text`;
    writeFileSync(join(saved, `${name}.sql`), `${head}\nSELECT ${column} FROM customers\n`);
  }
  server = await startShared(
    {
      ana: ['--roles', 'ask,run,write'],
      bob: [],
      eve: ['--roles', 'ask'],
      mia: ['--hide', 'customers.email', '--row-limit', '2'],
      ida: ['--databases', 'other'],
    },
    ['--db', file, '--profile', 'offline', '--write'],
    folder,
  );
}, 120_000);
afterAll(() => server?.stop());

describe('what is another user’s', () => {
  it('is nothing to all others: answers, their runs and changes, conversations, jobs and their results', async () => {
    const [ana, bob] = [server.user('ana'), server.user('bob')];
    const { body: answer } = await ana.json('/v1/sql', { sql: "SELECT 'private' AS word" });
    const { body: asked } = await ana.json('/v1/ask', { question: 'How many customers are there?' });
    const { body: change } = await ana.json('/v1/sql', { sql: "UPDATE customers SET city = 'Nowhere'" });
    const { body: shown } = await ana.json(`/v1/answers/${change.id}/run`, {});
    const { body: job } = await ana.json('/v1/jobs', { answer: answer.id });
    await until(async () => (await ana.json(`/v1/jobs/${job.id}`)).body.state === 'done');
    const tries: readonly (readonly [string, string, unknown?])[] = [
      ['GET', `/v1/answers/${answer.id}`],
      ['POST', `/v1/answers/${answer.id}/run`, {}],
      ['POST', `/v1/answers/${answer.id}/edit`, { sql: 'SELECT 1' }],
      ['POST', `/v1/answers/${asked.id}/reject`, { hint: 'other' }],
      ['POST', `/v1/answers/${asked.id}/choose`, { choice: 0 }],
      ['POST', `/v1/answers/${asked.id}/feedback`, { verdict: 'bad' }],
      ['POST', '/v1/jobs', { answer: answer.id }],
      ['GET', `/v1/jobs/${job.id}`],
      ['GET', `/v1/jobs/${job.id}/result`],
      ['DELETE', `/v1/jobs/${job.id}`],
      ['GET', `/v1/conversations/${asked.conversation}`],
      ['DELETE', `/v1/conversations/${asked.conversation}`],
      ['POST', '/v1/ask', { question: 'and now?', conversation: asked.conversation }],
      ['POST', '/v1/sql', { sql: 'SELECT 1', conversation: asked.conversation }],
    ];
    for (const [method, path, body] of tries) {
      const told = await bob.json(path, body, { method });
      expect(told.status, `${method} ${path}`).toBe(404);
      expect(JSON.stringify(told.body)).not.toContain('private');
    }
    expect((await bob.json('/v1/conversations')).body).toEqual({ conversations: [] });
    expect((await bob.json('/v1/jobs')).body).toEqual({ jobs: [] });
    expect((await bob.json('/v1/history')).body).toEqual({ history: [] });
    // What was agreed to counts for nobody else, nor for anything else.
    const { body: own } = await bob.json('/v1/sql', { sql: 'SELECT 1' });
    expect((await bob.json(`/v1/answers/${own.id}/commit`, { digest: shown.digest })).status).toBe(403);
    expect((await bob.json(`/v1/answers/${change.id}/commit`, { digest: shown.digest })).status).toBe(403);
    const { body: second } = await ana.json('/v1/sql', { sql: "UPDATE customers SET city = 'Elsewhere'" });
    expect((await ana.json(`/v1/answers/${second.id}/commit`, { digest: shown.digest })).status).toBe(409);
    // And all of it is still there for whose it is.
    expect((await ana.json(`/v1/answers/${answer.id}`)).status).toBe(200);
    expect(await (await ana.fetch(`/v1/jobs/${job.id}/result`)).text()).toContain('private');
  });
});

describe('a role', () => {
  it('is needed for each thing, by whatever way it is asked for', async () => {
    const eve = server.user('eve');
    const { body: answer } = await eve.json('/v1/ask', { question: 'How many customers are there?' });
    const { body: saved } = await eve.json('/v1/saved/cities/ask', {});
    for (const [path, body] of [
      [`/v1/answers/${answer.id}/run`, {}],
      [`/v1/answers/${saved.id}/run`, { format: 'csv' }],
      [`/v1/answers/${answer.id}/edit`, { sql: 'SELECT 1' }],
      [`/v1/answers/${answer.id}/commit`, { digest: 'x' }],
      ['/v1/ask', { question: 'How many customers are there?', run: true }],
      ['/v1/sql', { sql: 'SELECT 1' }],
      ['/v1/jobs', { answer: answer.id }],
      ['/v1/users', { name: 'mallory', password: 'four plain words together' }],
    ] as const) {
      expect((await eve.json(path, body)).status, path).toBe(403);
    }
    for (const path of ['/v1/jobs', '/v1/users', '/metrics']) {
      expect((await eve.json(path)).status, path).toBe(403);
      expect((await eve.fetch(path, { method: 'HEAD' })).status, path).toBe(403);
    }
    const headers = { 'x-http-method-override': 'DELETE', 'x-sqlq-role': 'admin', 'x-forwarded-user': 'ana' };
    expect((await eve.fetch('/v1/users', { headers })).status).toBe(403);
    const more = { question: 'x', roles: ['admin'], caller: { roles: ['admin'] } };
    expect((await eve.json('/v1/ask', more)).status).toBe(400);
  });

  it('to run makes no change', async () => {
    const bob = server.user('bob');
    expect((await bob.json('/v1/sql', { sql: 'DELETE FROM customers' })).status).toBe(422);
  });
});

describe('what is hidden from a user', () => {
  it('stays hidden in the schema, in SQL, in saved questions, and in what others have asked', async () => {
    const [ana, mia] = [server.user('ana'), server.user('mia')];
    const question = 'What are the emails of customers?';
    await ana.json('/v1/ask', { question, run: true });
    expect(JSON.stringify((await mia.json('/v1/schema')).body)).not.toContain('email');
    for (const sql of [
      'SELECT email FROM customers',
      'SELECT * FROM customers',
      'SELECT "EMAIL" FROM customers',
      'SELECT c.email FROM customers AS c',
      'SELECT x FROM (SELECT email AS x FROM customers)',
      "SELECT count(*) FROM customers WHERE email LIKE 'a%'",
      'SELECT name FROM customers ORDER BY email',
    ]) {
      const { body, status } = await mia.json('/v1/sql', { sql });
      const ran = status === 200 ? await mia.json(`/v1/answers/${body.id}/run`, {}) : { status, body };
      expect(JSON.stringify(ran.body), sql).not.toMatch(/@example/u);
      expect([200, 422, 502], sql).toContain(ran.status);
      expect(sql.includes('*') || status !== 200, sql).toBe(true);
    }
    const { body } = await mia.json('/v1/ask', { question, run: true });
    expect(JSON.stringify(body)).not.toMatch(/@example/u);
    const names = async (who: typeof mia): Promise<readonly string[]> =>
      (await who.json('/v1/saved')).body.saved.map(({ name }: { name: string }) => name);
    expect(await names(ana)).toEqual(['cities', 'emails']);
    expect(await names(mia)).toEqual(['cities']);
    expect(await names(server.user('ida'))).toEqual([]);
    expect((await mia.json('/v1/saved/emails/ask', {})).status).toBe(404);
    expect((await server.user('ida').json('/v1/sql', { sql: 'SELECT 1' })).status).toBe(403);
  });

  it('is the place of a database, for all but admins', async () => {
    const { body } = await server.user('bob').json('/v1/databases');
    expect(body.databases).toMatchObject([{ engine: 'sqlite', place: null }]);
  });
});

describe('a limit on rows', () => {
  it('holds for whatever number is asked for, in whatever way', async () => {
    const mia = server.user('mia');
    const { body: answer } = await mia.json('/v1/sql', { sql: 'SELECT name FROM customers' });
    const ran = await mia.json(`/v1/answers/${answer.id}/run`, { limit: 1e12 });
    expect(ran.body).toMatchObject({ rows: { length: 2 }, truncated: true });
    for (const limit of ['0', '-1', '1.5', '"1e12"', 'null', '1e400']) {
      const text = `{"limit":${limit}}`;
      const init = { method: 'POST', body: text, headers: { 'content-type': 'application/json' } };
      expect((await mia.fetch(`/v1/answers/${answer.id}/run`, init)).status, text).toBe(400);
    }
    const question = 'List the names of all customers';
    const asked = await mia.json('/v1/ask', { question, run: true, limit: 1e12 });
    expect(asked.body.rows.rows).toHaveLength(2);
    const { body: job } = await mia.json('/v1/jobs', { answer: answer.id, limit: 1e12 });
    await until(async () => (await mia.json(`/v1/jobs/${job.id}`)).body.state === 'done');
    const text = await (await mia.fetch(`/v1/jobs/${job.id}/result`)).text();
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('jobs', () => {
  it('are no more of one user than they may have, however many are begun at once', async () => {
    const bob = server.user('bob');
    const { body: answer } = await bob.json('/v1/sql', { sql: 'SELECT 1' });
    const begun = await Promise.all(
      Array.from({ length: 70 }, () => bob.json('/v1/jobs', { answer: answer.id })),
    );
    expect(begun.every(({ status }) => [202, 429, 503].includes(status))).toBe(true);
    expect((await bob.json('/v1/jobs')).body.jobs.length).toBeLessThanOrEqual(50);
    // Another user's job is not turned away for it.
    const ana = server.user('ana');
    const { body: own } = await ana.json('/v1/sql', { sql: 'SELECT 1' });
    expect((await ana.json('/v1/jobs', { answer: own.id })).status).toBe(202);
  });
});

describe('a file in the working folder', () => {
  it('is no setting of a server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-hostile-'));
    const lines = [
      'baseUrl: http://127.0.0.1:9/',
      'model: evil',
      'history: false',
      'send: rows',
      'db: /etc/passwd',
    ];
    writeFileSync(join(folder, '.sqlqrc'), lines.join('\n'));
    const hostile = await startShared({ ana: [] }, ['--db', sampleFile, '--profile', 'offline'], folder);
    try {
      const ana = hostile.user('ana');
      expect(JSON.stringify((await ana.json('/v1/models')).body)).not.toContain('evil');
      const { status } = await ana.json('/v1/ask', { question: 'How many customers are there?' });
      expect(status).toBe(200);
      expect((await ana.json('/v1/history')).body.history).toHaveLength(1);
      for (const more of [
        { baseUrl: 'http://127.0.0.1:9/' },
        { model: 'x' },
        { 'base-url': 'x' },
        { send: 'rows' },
      ]) {
        expect((await ana.json('/v1/ask', { question: 'x', ...more })).status).toBe(400);
      }
      for (const profile of ['http://169.254.169.254/', '__proto__', '../x', 'toString']) {
        expect((await ana.json('/v1/ask', { question: 'x', profile })).status, profile).toBe(404);
      }
    } finally {
      await hostile.stop();
    }
  }, 60_000);
});
