import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type EndpointServer, startEndpointServer } from '../../support/endpoint-server.ts';
import { emptyEnvironment, runProgram } from '../../support/program.ts';

const running: EndpointServer[] = [];
async function start(...modes: readonly ('ok' | 'busy' | 'loading')[]): Promise<readonly EndpointServer[]> {
  const started = await Promise.all(modes.map((mode) => startEndpointServer(mode)));
  running.push(...started);
  return started;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.end()));
});

const numbers = Array.from({ length: 200 }, (_, index) => index + 1);

/** Asks 200 questions at once, and gives back each answer's number, in the order in which they came. */
async function askBatch(endpoints: readonly object[], more: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-endpoints-'));
  const environment = emptyEnvironment(folder);
  mkdirSync(join(folder, 'config/sqlq'), { recursive: true });
  const profiles = { mine: { model: 'm', endpoints, probeAfter: '300ms', timeout: '20s', ...more } };
  writeFileSync(join(folder, 'config/sqlq/.sqlqrc'), JSON.stringify({ profiles }));
  writeFileSync(join(folder, 'questions.txt'), numbers.map((number) => `q ${number}?\n`).join(''));
  const argv = [
    '--db',
    'sample',
    '--profile',
    'mine',
    '--batch',
    'questions.txt',
    '--jobs',
    '8',
    '--no-doubts',
  ];
  const ended = await runProgram(['ask', ...argv], { folder, environment });
  const lines = ended.stdout
    .trimEnd()
    .split('\n')
    .map((line): { question: string; rows: { n: number }[] | null; error: string | null } =>
      JSON.parse(line),
    );
  return { ended, lines };
}

const wantedLines = numbers.map((n) => ({ question: `q ${n}?`, rows: [{ n }], error: null }));

it('a batch in which servers die, stop, are busy and load loses nothing, and asks nobody twice who has answered', async () => {
  const [one, two, dies, stops, busy, loads] = await start('ok', 'ok', 'ok', 'ok', 'busy', 'loading');
  if (!one || !two || !dies || !stops || !busy || !loads) {
    throw new Error('six servers');
  }
  dies.after(8, () => dies.signal('SIGKILL'));
  stops.after(8, () => stops.signal('SIGSTOP'));
  const { ended, lines } = await askBatch([
    { url: one.baseUrl },
    { url: two.baseUrl, weight: 2 },
    { url: dies.baseUrl },
    { url: stops.baseUrl },
    { url: busy.baseUrl },
    { url: loads.baseUrl },
  ]);
  expect(ended).toMatchObject({ code: 0 });
  expect(lines).toMatchObject(wantedLines);
  const answered = [one, two, busy, loads].flatMap((server) => server.answered);
  // What those that went away had answered last may never have arrived.
  const gone = [dies, stops].flatMap((server) => server.answered);
  expect(new Set(answered).size).toBe(answered.length);
  expect(new Set([...answered, ...gone]).size).toBe(200);
  expect(gone.filter((question) => answered.includes(question)).length).toBeLessThan(10);
  // Those that were well all the time share by weight.
  expect(two.answered.length / one.answered.length).toBeGreaterThan(1.8);
  expect(two.answered.length / one.answered.length).toBeLessThan(2.2);
  // A dead one, a silent one and a loading one are left alone.
  expect(dies.asked.length).toBeLessThan(20);
  expect(stops.asked.length).toBeLessThan(20);
  expect(loads.asked.length - loads.answered.length).toBeLessThan(20);
  expect(loads.answered.length).toBeGreaterThan(0);
  expect(busy.answered.length).toBeGreaterThan(0);
});

it('servers that are well share a batch by their weights', async () => {
  const servers = await start('ok', 'ok', 'ok');
  const weights = [1, 2, 2];
  const { lines } = await askBatch(
    servers.map(({ baseUrl }, index) => ({ url: baseUrl, weight: weights[index] })),
  );
  expect(lines).toMatchObject(wantedLines);
  const counts = servers.map(({ answered }) => answered.length);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200);
  for (const [index, count] of counts.entries()) {
    const share = (200 * (weights[index] ?? 0)) / 5;
    expect(Math.abs(count - share)).toBeLessThanOrEqual(share * 0.1);
  }
});
