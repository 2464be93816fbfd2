import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEndpointServer } from '../support/endpoint-server.ts';
import { freePort } from '../support/free-port.ts';
import {
  answers,
  fails,
  type ModelServerFake,
  says,
  sends,
  startModelServer,
} from '../support/model-server.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';

let one: ModelServerFake;
let two: ModelServerFake;
let home: string;
let environment: Record<string, string>;

beforeEach(async () => {
  [one, two] = await Promise.all([startModelServer(), startModelServer()]);
  home = mkdtempSync(join(tmpdir(), 'sqlq-endpoints-'));
  environment = emptyEnvironment(home);
  mkdirSync(join(home, 'config/sqlq'), { recursive: true });
});
afterEach(() => Promise.all([one.close(), two.close()]));

const hostOf = ({ baseUrl }: { baseUrl: string }): string => new URL(baseUrl).host;
const count = answers({ sql: 'SELECT count(*) AS n FROM customers' });
const price = { input: 1, output: 2 };

/** Writes the user's settings with one profile, `mine`. */
function settings(profile: object, more: object = {}): void {
  const mine = { model: 'm', retries: 0, ...profile };
  writeFileSync(
    join(home, 'config/sqlq/.sqlqrc'),
    JSON.stringify({ profile: 'mine', profiles: { mine }, cache: false, ...more }),
    { mode: 0o600 },
  );
}
const both = (): readonly string[] => [one.baseUrl, two.baseUrl];
const ask = (...argv: readonly string[]) =>
  runProgram(['ask', '--db', 'sample', '--yes', '--no-doubts', ...argv, 'how many customers are there?'], {
    folder: home,
    environment,
  });
const report = () => JSON.parse(readFileSync(join(home, 'r.json'), 'utf8'));

/** A door that is dead: it takes a connection and ends it; counts who knocks. */
async function deadDoor(): Promise<{ url: string; knocks: () => number; server: Server }> {
  let knocks = 0;
  const server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, knocks: () => knocks, server };
}

describe('a profile with endpoints', () => {
  it.each([
    ['a failure', fails(500, { error: { message: 'out of memory' } })],
    ['a rate limit', fails(429, { error: { message: 'slow down' } }, { 'retry-after': '60' })],
    ['a key that is refused', fails(401, { error: { message: 'no' } })],
    ['a model that it has not', fails(404, { error: { message: 'model m not found' } })],
  ])('goes on to the next one after %s', async (_what, failure) => {
    settings({ endpoints: both() });
    one.models(['m']);
    one.scriptAll(failure);
    two.scriptAll(count);
    expect(await ask('--report', 'r.json')).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect([one.requests.length, two.requests.length]).toEqual([1, 1]);
    expect(report()).toMatchObject({
      provider: 'mine',
      answeredBy: { provider: 'mine', model: 'm', host: hostOf(two), instead: null },
    });
  });

  it('asks nobody else about what no other server would answer better', async () => {
    settings({ endpoints: both() });
    one.script(says('I do not know.'), says('I do not know.'), says('I do not know.'));
    const ended = await ask();
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('gave no usable answer') });
    expect(two.requests).toEqual([]);
  });

  it('shares single questions of several runs, and the model names and keys of each stay its own', async () => {
    settings({
      endpoints: [
        { url: one.baseUrl, apiKey: 'of-one', model: 'm-one' },
        { url: two.baseUrl, apiKey: '${KEY_OF_TWO}', headers: { 'x-team': 'data' } },
      ],
    });
    environment = { ...environment, KEY_OF_TWO: 'of-two', SQLQ_API_KEY: 'of-nobody' };
    one.scriptAll(count);
    two.scriptAll(count);
    for (let time = 0; time < 4; time++) {
      expect((await ask()).code).toBe(0);
    }
    expect(one.requests.map(({ headers, body }) => [headers.authorization, body.model])).toEqual(
      Array(2).fill(['Bearer of-one', 'm-one']),
    );
    expect(
      two.requests.map(({ headers, body }) => [headers.authorization, body.model, headers['x-team']]),
    ).toEqual(Array(2).fill(['Bearer of-two', 'm', 'data']));
  });

  it('no key goes to a server beside which it does not stand', async () => {
    environment = { ...environment, SQLQ_API_KEY: 'canary', OPENAI_API_KEY: 'canary', MINE: 'canary' };
    settings({ endpoints: [one.baseUrl] });
    one.script(count);
    expect((await ask()).code).toBe(0);
    expect(one.requests[0]?.headers.authorization).toBeUndefined();
    settings({ endpoints: both(), apiKey: '${MINE}' });
    expect(await ask()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Give each endpoint its own'),
    });
    // What was found in the folder moves the profile, and gets no key and no variable.
    settings({ baseUrl: two.baseUrl, apiKey: '${MINE}' });
    const found = (endpoints: readonly unknown[]) =>
      writeFileSync(join(home, '.sqlqrc'), JSON.stringify({ profiles: { mine: { model: 'm', endpoints } } }));
    found([one.baseUrl]);
    one.script(count);
    expect((await ask()).code).toBe(0);
    expect(one.requests[1]?.headers.authorization).toBeUndefined();
    found([{ url: one.baseUrl, apiKey: '${MINE}' }]);
    expect(await ask()).toMatchObject({ code: 2, stderr: expect.stringContaining('is not trusted with it') });
    expect(two.requests).toEqual([]);
  });

  it('a dead door is knocked at once in a while, by all runs together', async () => {
    const dead = await deadDoor();
    settings({ endpoints: [dead.url, one.baseUrl] });
    one.scriptAll(count);
    const ended = [];
    for (let time = 0; time < 6; time++) {
      ended.push(...(await Promise.all([ask(), ask(), ask()])));
    }
    expect(ended.map(({ code }) => code)).toEqual(Array(18).fill(0));
    expect(one.requests).toHaveLength(18);
    // Of the first three at once each may come before the others know; a window is asked for as well. Then the backoff holds.
    expect(dead.knocks()).toBeGreaterThan(0);
    expect(dead.knocks()).toBeLessThan(25);
    const before = dead.knocks();
    const wait = await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(wait.map(({ code }) => code)).toEqual(Array(6).fill(0));
    expect(dead.knocks() - before).toBeLessThan(6);
    dead.server.close();
  });

  it('a second one is asked where the first takes longer than usual, and the first answer counts', async () => {
    settings({ endpoints: both(), hedge: true, strategy: 'sticky' });
    one.scriptAll(count);
    two.scriptAll(count);
    writeFileSync(join(home, 'q.txt'), 'how many?\n'.repeat(24));
    const batch = ['ask', '--db', 'sample', '--batch', 'q.txt', '--no-doubts', '--jobs', '2'];
    expect((await runProgram(batch, { folder: home, environment })).code).toBe(0);
    const [usual, other] = one.requests.length > two.requests.length ? [one, two] : [two, one];
    const asked = other.requests.length;
    let hasEnded = false;
    usual.scriptAll((_request, response) => {
      response.on('close', () => {
        hasEnded = true;
      });
    });
    expect(await ask('--report', 'r.json')).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(report().answeredBy.host).toBe(hostOf(other));
    expect(other.requests.length).toBe(asked + 1);
    await expect.poll(() => hasEnded).toBe(true);
  });

  it('waits in order for room, and holds requests at once', async () => {
    let active = 0;
    let most = 0;
    const seen: string[] = [];
    one.scriptAll(async (request, response) => {
      active += 1;
      most = Math.max(most, active);
      seen.push(/Question: q (\d+)/u.exec(request.body.messages[1].content)?.[1] ?? '');
      await new Promise((done) => setTimeout(done, 30));
      active -= 1;
      await count(request, response);
    });
    settings({ endpoints: [{ url: one.baseUrl, requestsAtOnce: 2 }] });
    const numbers = Array.from({ length: 12 }, (_, index) => String(index + 10));
    writeFileSync(join(home, 'q.txt'), numbers.map((number) => `q ${number}?\n`).join(''));
    const batch = ['ask', '--db', 'sample', '--batch', 'q.txt', '--no-doubts', '--jobs', '6'];
    const ended = await runProgram(batch, { folder: home, environment });
    expect(ended.code).toBe(0);
    expect(most).toBe(2);
    expect([...seen].sort()).toEqual(numbers);
  });
});

describe('a fallback', () => {
  it('stands in where none answers, which is said each time, and kept from the cache', async () => {
    const dead = await deadDoor();
    settings({ endpoints: [dead.url], fallback: ['offline'] }, { cache: true });
    for (let time = 0; time < 2; time++) {
      const ended = await ask('--report', 'r.json', '--log-json', 'log.jsonl');
      expect(ended).toMatchObject({ code: 0, stdout: 'number of customers\n60\n' });
      expect(ended.stderr).toContain('Asking offline instead.');
      expect(ended.stderr).not.toContain('Using the answer of');
      expect(report()).toMatchObject({
        provider: 'offline',
        answeredBy: {
          provider: 'offline',
          host: null,
          instead: expect.stringContaining('dropped the connection'),
        },
        warnings: [expect.stringContaining('offline was asked instead')],
      });
    }
    const last = readFileSync(join(home, 'log.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ event: 'end', provider: 'offline', isFallback: true });
    dead.server.close();
  });

  it('may be another profile, which hears no more than both may', async () => {
    one.scriptAll(fails(500, { error: { message: 'no' } }));
    two.scriptAll(count);
    settings(
      { baseUrl: one.baseUrl, fallback: ['second'] },
      {
        profiles: {
          mine: {
            model: 'm',
            retries: 0,
            baseUrl: one.baseUrl,
            fallback: ['second'],
            send: ['comments', 'samples'],
          },
          second: { model: 'other', baseUrl: two.baseUrl, send: [] },
        },
      },
    );
    const ended = await ask('--report', 'r.json');
    expect(ended).toMatchObject({ code: 0, stdout: 'n\n60\n' });
    expect(ended.stderr).toContain(`Asking second, other at ${hostOf(two)} instead.`);
    expect(report().answeredBy).toMatchObject({ provider: 'second', model: 'other', host: hostOf(two) });
    const told = (server: ModelServerFake): string => server.requests[0]?.body.messages[0].content;
    expect(told(one)).toBe(told(two));
    settings({ baseUrl: one.baseUrl, fallback: ['secnod'] });
    expect(await ask()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no profile "secnod"'),
    });
  });
});

describe('a budget', () => {
  it('is said before, stops with 5 before what would pass it, and is shown by usage, report and session', async () => {
    settings({ baseUrl: one.baseUrl, prices: { m: price } }, { dayBudget: '4000 tokens, $1' });
    one.scriptAll(count);
    const first = await ask('--report', 'r.json');
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('Budget: 0 of 4,000 tokens and $0.00 of $1.00 today.');
    expect(report()).toMatchObject({
      dollars: 0.00014,
      budgets: ['120 of 4,000 tokens and $0.000140 of $1.00 today'],
    });
    const session = await runProgram(['repl', '--db', 'sample', '--yes', '--no-doubts'], {
      folder: home,
      environment,
      input: 'how many customers?\n.cost\n',
    });
    expect(session.stdout).toContain('money     $0.000140\nbudget    240 of 4,000 tokens');
    environment = { ...environment, SQLQ_DAY_BUDGET: '700 tokens' };
    const stopped = await ask();
    expect(stopped).toMatchObject({ code: 5, stdout: '' });
    expect(stopped.stderr).toContain(
      'The budget is used up: 240 of 700 tokens today, and the next request takes',
    );
    expect(one.requests).toHaveLength(2);
    const usage = await runProgram(['usage', '--json'], { folder: home, environment });
    expect(JSON.parse(usage.stdout)).toMatchObject({
      entries: [
        {
          profile: 'mine',
          model: 'm',
          host: hostOf(one),
          requests: 2,
          promptTokens: 200,
          completionTokens: 40,
        },
      ],
      total: { requests: 2, dollars: 0.00028 },
      budgets: ['240 of 700 tokens today'],
    });
    expect((await runProgram(['usage'], { folder: home, environment })).stdout).toMatch(
      /day +profile +model +server +requests .*\n.*mine +m +127\.0\.0\.1:\d+ +2 +200 +0 +40 +\$0\.000280\ntotal/u,
    );
  });

  it('of a question holds over its repairs', async () => {
    settings({ baseUrl: one.baseUrl, maxTokens: 300 });
    one.scriptAll((request, response) =>
      says(JSON.stringify({ sql: 'SELECT nothing FROM nowhere' }), {
        usage: { prompt_tokens: 2_000, completion_tokens: 100 },
      })(request, response),
    );
    const ended = await ask('--budget', '3000 tokens');
    expect(ended).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('2,100 of 3,000 tokens for this question'),
    });
    expect(one.requests).toHaveLength(1);
  });

  it('cannot be widened by a file that was found', async () => {
    settings({ baseUrl: one.baseUrl }, { dayBudget: '100 tokens' });
    writeFileSync(join(home, '.sqlqrc'), JSON.stringify({ dayBudget: '1M tokens' }));
    expect(await ask()).toMatchObject({ code: 5 });
    expect(one.requests).toEqual([]);
  });
});

describe('what is used', () => {
  it('is written down for a usual profile too, and nothing of the question', async () => {
    one.script(count);
    settings({ baseUrl: one.baseUrl });
    expect((await ask()).code).toBe(0);
    const file = join(home, 'state/sqlq/models.sqlite');
    const bytes = readdirSync(join(home, 'state/sqlq'))
      .filter((name) => name.startsWith('models.sqlite'))
      .map((name) => readFileSync(join(home, 'state/sqlq', name), 'latin1'))
      .join('');
    expect(bytes).toContain(hostOf(one));
    expect(bytes).not.toContain('customers');
    writeFileSync(file, 'no database '.repeat(100));
    one.script(count);
    const spoiled = await ask();
    expect(spoiled).toMatchObject({
      code: 0,
      stdout: 'n\n60\n',
      stderr: expect.stringContaining('could not be read'),
    });
  });
});

describe('what is used of a server that does not say', () => {
  it('is written down by estimate, once a question', async () => {
    const content = '{"sql":"SELECT count(*) AS n FROM customers"}';
    const silent = `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: 'stop' }] })}\n\n`;
    one.script(sends(silent, 'text/event-stream'), sends(silent, 'text/event-stream'));
    settings({ baseUrl: one.baseUrl, prices: { m: price } });
    expect([(await ask()).code, (await ask()).code]).toEqual([0, 0]);
    const usage = await runProgram(['usage', '--json'], { folder: home, environment });
    const { total } = JSON.parse(usage.stdout);
    expect(total.requests).toBe(2);
    const characters = JSON.stringify(one.requests[0]?.body.messages).length;
    expect(total.promptTokens / 2).toBeGreaterThan(characters / 6);
    expect(total.promptTokens / 2).toBeLessThan(characters);
    expect(total.completionTokens / 2).toBeGreaterThan(content.length / 6);
    expect(total.dollars).toBeGreaterThan(0);
  });
});

describe('doctor and models', () => {
  it('say of each endpoint in a line what it can, or what ails it', async () => {
    const silent = await startEndpointServer();
    silent.signal('SIGSTOP');
    const loading = await startModelServer();
    const busy = await startModelServer();
    const unavailable = { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } };
    loading.path('/v1/models', fails(503, unavailable));
    loading.scriptAll(fails(503, unavailable));
    busy.models(['m']);
    busy.scriptAll(fails(429, { error: { message: 'slow down' } }, { 'retry-after': '7' }));
    one.models(['m']);
    one.scriptAll(count);
    two.path('/v1/models', fails(401, { error: { message: 'no' } }));
    two.scriptAll(fails(401, { error: { message: 'no' } }));
    const nobody = `127.0.0.1:${await freePort()}`;
    settings({
      endpoints: [
        { url: one.baseUrl, weight: 3 },
        { url: two.baseUrl, apiKey: 'sk-canary' },
        `http://${nobody}/v1`,
        'http://no-such-host.invalid/v1',
        silent.baseUrl,
        loading.baseUrl,
        busy.baseUrl,
      ],
      fallback: ['offline'],
    });
    const ended = await runProgram(['doctor', '--db', 'sample'], { folder: home, environment });
    expect(ended.code).toBe(1);
    const lines = ended.stdout.split('\n').filter((line) => /^ {2}(?:ok|FAIL)/u.test(line));
    const of = (text: string): string | undefined => lines.find((line) => line.includes(text));
    expect(of(`${hostOf(one)}: m, weight 3`)).toContain('answers in shape by json_schema');
    expect(of(`mine at ${hostOf(two)} refused the API key (401)`)).toBeDefined();
    expect(of(`No server answers for mine at ${nobody} (ECONNREFUSED)`)).toBeDefined();
    expect(of('No server of the name no-such-host.invalid')).toBeDefined();
    expect(of(`${hostOf(silent)}: It takes connections and says nothing`)).toBeDefined();
    expect(of(`mine at ${hostOf(loading)} has not loaded the model m (503)`)).toBeDefined();
    expect(of(`mine at ${hostOf(busy)} limits the rate of requests (429)`)).toBeDefined();
    expect(of('where none answers: offline')).toBeDefined();
    expect(ended.stdout).not.toContain('canary');
    await Promise.all([silent.end(), loading.close(), busy.close()]);
  });

  it('say until when nobody asks one that is down, and ask it again when it is well', async () => {
    settings({ endpoints: both() });
    one.scriptAll(fails(500, { error: { message: 'out of memory' } }));
    two.scriptAll(count);
    one.models(['m', 'other']);
    expect((await ask()).code).toBe(0);
    const doctor = () => runProgram(['doctor', '--db', 'sample'], { folder: home, environment });
    expect((await doctor()).stdout).toContain(`mine at ${hostOf(one)} failed (500): out of memory`);
    one.scriptAll(count);
    expect((await doctor()).stdout).toContain('well again, and asked again from now on');
    two.path('/v1/models', fails(500, { error: { message: 'out of memory' } }));
    const { code, stdout, stderr } = await runProgram(['models'], { folder: home, environment });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${hostOf(one)}  m\n${hostOf(one)}  other\n` });
    expect(stderr).toContain(`mine at ${hostOf(two)} failed (500): out of memory`);
  });
});

it('a start without endpoints loads nothing of them', async () => {
  const loaded = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    `import { readdirSync, readFileSync } from 'node:fs';
       const files = readdirSync('dist').filter((name) => name.endsWith('.cjs'));
       console.log(files.filter((name) => /CircuitBreakerPolicy/.test(readFileSync('dist/' + name, 'utf8'))).join());`,
  ]);
  const chunks = loaded.stdout.trim().split(',');
  expect(chunks).toHaveLength(1);
  expect(chunks[0]).not.toMatch(/^(?:main|start|loader|child|database)/u);
});
