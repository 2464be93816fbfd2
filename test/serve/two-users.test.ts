import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { runProgram } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';

const users = ['ada', 'bo'] as const;
type User = (typeof users)[number];

let server: ServeRun;
const tokens = new Map<User, string>();

beforeAll(async () => {
  const place = join(mkdtempSync(join(tmpdir(), 'sqlq-users-')), 'users.sqlite');
  const hidden = { ada: [], bo: ['--hide', 'customers.email'] };
  for (const user of users) {
    const args = ['user', 'add', user, '--users', place, '--roles', 'ask,run', ...hidden[user]];
    const { code, stderr } = await runProgram(args, { input: `a long password of ${user}\n` });
    expect(code, stderr).toBe(0);
  }
  server = await startServe(['--db', 'sample', '--profile', 'offline', '--users', place]);
  for (const name of users) {
    const { body } = await server.json('/auth/login', { name, password: `a long password of ${name}` });
    tokens.set(name, z.object({ access_token: z.string() }).parse(body).access_token);
  }
}, 90_000);
afterAll(() => server.stop());

const as = (user: User) => ({ headers: { authorization: `Bearer ${tokens.get(user) ?? ''}` } });

describe('two users', () => {
  it('see nothing of one another’s answers, conversations and history', async () => {
    const asked = await server.json('/v1/ask', { question: 'how many customers are there?' }, as('ada'));
    const { id, conversation } = z.object({ id: z.string(), conversation: z.string() }).parse(asked.body);
    expect((await server.json(`/v1/answers/${id}`, undefined, as('ada'))).status).toBe(200);
    const paths = [`/v1/answers/${id}`, `/v1/conversations/${conversation}`];
    for (const path of paths) {
      expect((await server.json(path, undefined, as('bo'))).status, path).toBe(404);
    }
    const bodies = {
      run: {},
      edit: { sql: 'SELECT 1' },
      reject: { hint: 'x' },
      feedback: { verdict: 'bad' },
    };
    for (const [action, body] of Object.entries(bodies)) {
      expect((await server.json(`/v1/answers/${id}/${action}`, body, as('bo'))).status, action).toBe(404);
    }
    const joined = await server.json('/v1/ask', { question: 'and in Norway?', conversation }, as('bo'));
    expect(joined.status).toBe(404);
    expect((await server.json('/v1/history', undefined, as('bo'))).body).toEqual({ history: [] });
    expect((await server.json('/v1/conversations', undefined, as('bo'))).body).toEqual({ conversations: [] });
    expect((await server.json('/v1/history', undefined, as('ada'))).body).toMatchObject({
      history: { length: 1 },
    });
  });

  it('are each shown the columns that are not hidden from them', async () => {
    const schema = async (user: User): Promise<string> =>
      JSON.stringify((await server.json('/v1/schema', undefined, as(user))).body);
    expect(await schema('ada')).toContain('email');
    expect(await schema('bo')).not.toContain('email');
    const sql = 'SELECT email FROM customers';
    expect((await server.json('/v1/sql', { sql }, as('ada'))).status).toBe(200);
    expect((await server.json('/v1/sql', { sql }, as('bo'))).status).toBe(422);
  });
});
