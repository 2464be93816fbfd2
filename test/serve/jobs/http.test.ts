import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { runProgram } from '../../support/program.ts';
import { errorOf, type ServeRun, startServe } from '../../support/serve.ts';

const patience = { timeout: 60_000, interval: 100 };
const users = ['ada', 'bo'] as const;
type User = (typeof users)[number];
const idSchema = z.object({ id: z.string() });
const jobSchema = idSchema.extend({ state: z.string(), rows: z.number(), bytes: z.number() });

let server: ServeRun;
const tokens = new Map<User, string>();

beforeAll(async () => {
  const place = join(mkdtempSync(join(tmpdir(), 'sqlq-users-')), 'users.sqlite');
  for (const user of users) {
    const args = ['user', 'add', user, '--users', place, '--roles', 'ask,run'];
    const { code, stderr } = await runProgram(args, { input: `a long password of ${user}\n` });
    expect(code, stderr).toBe(0);
  }
  server = await startServe([
    '--db',
    'sample',
    '--profile',
    'offline',
    '--users',
    place,
    '--jobs-of-user',
    '2',
    '--job-size',
    '1MB',
  ]);
  for (const name of users) {
    const { body } = await server.json('/auth/login', { name, password: `a long password of ${name}` });
    tokens.set(name, z.object({ access_token: z.string() }).parse(body).access_token);
  }
}, 90_000);
afterAll(() => server.stop());

const as = (user: User, method?: string) => ({
  ...(method === undefined ? {} : { method }),
  headers: { authorization: `Bearer ${tokens.get(user) ?? ''}` },
});

/** Begins a job of somebody's, over rows without an end unless told. */
async function begin(
  user: User,
  sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n',
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = idSchema.parse((await server.json('/v1/sql', { sql }, as(user))).body).id;
  return server.json('/v1/jobs', { answer, format: 'csv' }, as(user));
}

const jobOf = async (user: User, id: string): Promise<z.infer<typeof jobSchema>> =>
  jobSchema.parse((await server.json(`/v1/jobs/${id}`, undefined, as(user))).body);

describe('a job over HTTP', () => {
  it('is begun, watched, fetched and thrown away, by its owner alone', async () => {
    const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT i FROM n';
    const begun = await begin('ada', sql);
    expect(begun.status).toBe(202);
    const { id } = idSchema.parse(begun.body);
    await expect.poll(async () => (await jobOf('ada', id)).state, patience).toBe('done');
    const expected = `i\n${Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('')}`;
    expect(await jobOf('ada', id)).toMatchObject({ rows: 20_000, bytes: expected.length });
    const result = await server.fetch(`/v1/jobs/${id}/result`, as('ada'));
    expect(result.headers.get('content-type')).toContain('text/csv');
    expect(result.headers.get('content-disposition')).toContain('answer.csv');
    expect(await result.text()).toBe(expected);
    expect((await server.json('/v1/jobs', undefined, as('ada'))).body).toMatchObject({ jobs: [{ id }] });

    expect((await server.json('/v1/jobs', undefined, as('bo'))).body).toEqual({ jobs: [] });
    for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${id}/result`]) {
      expect((await server.fetch(path, as('bo'))).status, path).toBe(404);
    }
    expect((await server.fetch(`/v1/jobs/${id}`, as('bo', 'DELETE'))).status).toBe(404);
    const answer = z.object({ answer: z.string() }).parse(begun.body);
    expect((await server.json('/v1/jobs', { ...answer, format: 'csv' }, as('bo'))).status).toBe(404);

    expect((await server.fetch(`/v1/jobs/${id}`, as('ada', 'DELETE'))).status).toBe(200);
    for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${id}/result`]) {
      expect((await server.fetch(path, as('ada'))).status, path).toBe(404);
    }
  }, 90_000);

  it('is cancelled while it runs, and has no result', async () => {
    const { id } = idSchema.parse((await begin('bo')).body);
    await expect.poll(async () => (await jobOf('bo', id)).state, patience).toBe('running');
    expect((await server.fetch(`/v1/jobs/${id}/result`, as('bo'))).status).toBe(409);
    expect((await server.fetch(`/v1/jobs/${id}`, as('bo', 'DELETE'))).status).toBe(200);
    expect(await jobOf('bo', id)).toMatchObject({ state: 'cancelled' });
    expect((await server.fetch(`/v1/jobs/${id}/result`, as('bo'))).status).toBe(409);
    expect((await server.fetch(`/v1/jobs/${id}`, as('bo', 'DELETE'))).status).toBe(200);
  }, 90_000);

  it('is held to the size that may be kept, and a user to so many', async () => {
    const large = await begin(
      'ada',
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 900000) SELECT i FROM n',
    );
    const { id } = idSchema.parse(large.body);
    await expect.poll(async () => (await jobOf('ada', id)).state, patience).toBe('failed');
    expect((await server.json(`/v1/jobs/${id}`, undefined, as('ada'))).body).toMatchObject({
      error: expect.stringContaining('larger than the 1 MB'),
    });
    expect((await begin('ada', 'SELECT 1 AS a')).status).toBe(202);
    const third = await begin('ada', 'SELECT 1 AS a');
    expect([third.status, errorOf(third.body).code]).toEqual([429, 'too-many']);
  }, 90_000);
});
