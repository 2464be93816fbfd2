import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { postgresTarget, runPostgres } from '../support/postgres-engine.ts';
import { errorOf, type ServeRun, startServe } from '../support/serve.ts';

const postgresUrl = inject('postgresUrl');

describe.skipIf(postgresUrl === null)('a PostgreSQL over HTTP', () => {
  let server: ServeRun;
  beforeAll(async () => {
    const url = postgresUrl ?? '';
    await runPostgres(postgresTarget(url), [
      'DROP DATABASE IF EXISTS serve_test',
      'CREATE DATABASE serve_test',
    ]);
    await runPostgres(postgresTarget(url, { database: 'serve_test' }), [
      'CREATE TABLE account (id int PRIMARY KEY, name text NOT NULL, iban text, balance numeric(30, 10))',
      "INSERT INTO account SELECT n, 'name ' || n, 'DE' || n, n * 1.0000000001 FROM generate_series(1, 50000) AS n",
      'ANALYZE account',
    ]);
    server = await startServe([
      '--db',
      `${url.replace(/\/?$/u, '/')}serve_test`,
      '--profile',
      'offline',
      '--hide',
      '*.iban',
    ]);
  }, 90_000);
  afterAll(() => server.stop());

  const idOf = async (sql: string): Promise<string> => {
    const { body } = await server.json('/v1/sql', { sql });
    return z.object({ id: z.string() }).parse(body).id;
  };

  it('streams all rows, exact', async () => {
    const id = await idOf('SELECT id, balance FROM account ORDER BY id');
    const response = await server.fetch(`/v1/answers/${id}/run`, {
      method: 'POST',
      headers: { accept: 'text/csv' },
    });
    const lines = (await response.text()).trim().split('\n');
    expect(lines).toHaveLength(50_001);
    expect(lines.at(-1)).toBe('50000,50000.0000050000');
  });

  it('works on many questions at once', async () => {
    const id = await idOf('SELECT count(*) AS n FROM account');
    const all = await Promise.all(Array.from({ length: 40 }, () => server.json(`/v1/answers/${id}/run`, {})));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    for (const { body } of all) {
      expect(body).toMatchObject({ rows: [[50_000]] });
    }
  });

  it('shows nothing of what is hidden', async () => {
    expect(JSON.stringify((await server.json('/v1/schema')).body)).not.toContain('iban');
    const { status, body } = await server.json('/v1/sql', { sql: 'SELECT iban FROM account' });
    expect(status).toBe(422);
    expect(errorOf(body).code).toBe('refused');
    const star = await server.json('/v1/sql', { sql: 'SELECT * FROM account' });
    expect(star.status).toBe(422);
  });

  it('keeps one caller’s mistake from the others', async () => {
    const { status, body } = await server.json('/v1/sql', { sql: 'SELECT nme FROM account' });
    expect(status).toBe(502);
    expect(errorOf(body).message).toContain('nme');
    const slow = await idOf('SELECT count(*) FROM account a, account b, account c');
    const stop = new AbortController();
    const running = server.json(`/v1/answers/${slow}/run`, {}, { signal: stop.signal });
    running.catch(() => {});
    const quick = await idOf('SELECT 1 AS one');
    expect((await server.json(`/v1/answers/${quick}/run`, {})).body).toMatchObject({ rows: [[1]] });
    stop.abort();
    await expect(running).rejects.toThrow();
  });
});
