import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { errorOf, type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';

let model: ModelServerFake;
let server: ServeRun | null = null;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(async () => {
  await server?.stop();
  server = null;
  await model.close();
});

const start = async (...args: readonly string[]): Promise<ServeRun> => {
  server = await startServe([
    '--db',
    'sample',
    '--base-url',
    model.baseUrl,
    '--model',
    'm',
    '--no-cache',
    ...args,
  ]);
  return server;
};

/** Whether nothing listens at an address any more. */
function refusesConnections(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

describe('a caller who goes away', () => {
  it('ends their question at the model', async () => {
    let isGone = false;
    model.script((_request, response) => {
      response.once('close', () => {
        isGone = true;
      });
      return new Promise<never>(() => {});
    });
    const { json, ask } = await start();
    const stop = new AbortController();
    const asked = json('/v1/ask', { question: 'how many customers?' }, { signal: stop.signal });
    asked.catch(() => {});
    await until(() => model.requests.length === 1);
    expect(isGone).toBe(false);
    stop.abort();
    await until(() => isGone);
    model.script(answers({ sql: 'SELECT 5 AS five' }));
    expect(await ask('five?')).toMatchObject({ sql: 'SELECT 5 AS five' });
  });
});

describe('a server that is to end', () => {
  it('takes nothing new, and lets what runs come to its end', async () => {
    const held = Promise.withResolvers<void>();
    model.script(async (request, response) => {
      await held.promise;
      await answers({ sql: 'SELECT 5 AS five' })(request, response);
    });
    const { url, json, child, ended, stderr } = await start();
    const asked = json('/v1/ask', { question: 'five?' });
    await until(() => model.requests.length === 1);
    expect((await json('/ready')).status).toBe(200);
    child.kill('SIGTERM');
    await until(() => refusesConnections(url));
    held.resolve();
    expect(await asked).toMatchObject({ status: 200, body: { sql: 'SELECT 5 AS five' } });
    expect(await ended, stderr()).toBe(0);
  });

  it('waits no longer than it may', async () => {
    model.script(() => new Promise<never>(() => {}));
    const { json, child, ended } = await start('--drain', '200ms');
    const asked = json('/v1/ask', { question: 'five?' });
    await until(() => model.requests.length === 1);
    child.kill('SIGTERM');
    const { status, body } = await asked;
    expect(status).toBe(499);
    expect(errorOf(body).message).toBe('The server is ending.');
    expect(await ended).toBe(0);
  });
});

describe('SIGHUP', () => {
  it('takes the settings anew, and leaves those that are wrong', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-config-')), 'serve.yaml');
    const write = (text: string): void => writeFileSync(file, text);
    write('database: sample\nprofile: offline\n');
    server = await startServe(['--config', file]);
    const { json, child, stderr } = server;
    const profiles = async (): Promise<string> => JSON.stringify((await json('/v1/models')).body);
    expect(await profiles()).not.toContain('other');
    write('database: sample\nprofile: offline\nprofiles:\n  other:\n    provider: offline\n');
    child.kill('SIGHUP');
    await until(async () => (await profiles()).includes('other'));
    write('database: nowhere\n');
    child.kill('SIGHUP');
    await until(() => stderr().includes('The settings stay as they were'));
    expect(await profiles()).toContain('other');
  });
});

describe('saved questions', () => {
  it('are listed and asked with values', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-saved-'));
    mkdirSync(join(folder, '.sqlq'));
    writeFileSync(
      join(folder, '.sqlq', 'by-country.sql'),
      '-- Customers of a country\n--\n-- database: sqlite\n-- parameter country: text = Norway\n\nSELECT count(*) AS n FROM customers WHERE country = :country\n',
    );
    server = await startServe(['--db', 'sample', '--profile', 'offline'], { folder });
    const { json } = server;
    expect((await json('/v1/saved')).body).toMatchObject({
      saved: [
        {
          name: 'by-country',
          question: 'Customers of a country',
          parameters: [{ name: 'country', default: 'Norway' }],
        },
      ],
    });
    const count = async (parameters: Readonly<Record<string, string>>): Promise<unknown> => {
      const { body } = await json('/v1/saved/by-country/ask', { parameters });
      expect(body).toMatchObject({
        question: 'Customers of a country',
        sql: expect.stringContaining(':country'),
      });
      const { id } = body as { id: string };
      return (await json(`/v1/answers/${id}/run`, {})).body;
    };
    expect(await count({})).toMatchObject({ rows: [[3]] });
    expect(await count({ country: 'Nowhere' })).toMatchObject({ rows: [[0]] });
    expect((await json('/v1/saved/by-country/ask', { parameters: { other: 'x' } })).status).toBe(400);
    expect((await json('/v1/saved/none/ask', { parameters: {} })).status).toBe(404);
  });
});
