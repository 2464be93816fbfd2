import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { emptyEnvironment, programFile } from '../support/program.ts';

const frame = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  method: z.string().optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

type Frame = z.infer<typeof frame>;

/** A server whose client is this test, with every freedom. */
interface Raw {
  readonly process: ChildProcess;
  write(...messages: readonly unknown[]): void;
  writeText(text: string): void;
  /** All that came on stdout, as frames; throws where a line is none. */
  frames(): readonly Frame[];
  answerTo(id: number | string): Promise<Frame>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  stderr(): string;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
  }
});

function start(...args: readonly string[]): Raw {
  const child = spawn(process.execPath, [programFile, 'mcp', '--db', 'sample', ...args], {
    cwd: mkdtempSync(join(tmpdir(), 'sqlq-mcp-')),
    env: emptyEnvironment(),
  });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  const frames = (): readonly Frame[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => frame.parse(JSON.parse(line)));
  const writeText = (text: string): void => void child.stdin.write(text);
  return {
    process: child,
    writeText,
    write: (...messages) => writeText(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    frames,
    async answerTo(id) {
      await expect.poll(() => frames().some((each) => each.id === id), { timeout: 20_000 }).toBe(true);
      return frames().find((each) => each.id === id) ?? { jsonrpc: '2.0' };
    },
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
    stderr: () => stderr,
  };
}

const initialize = (protocolVersion = '2025-11-25', capabilities = {}) => ({
  jsonrpc: '2.0',
  id: 'init',
  method: 'initialize',
  params: { protocolVersion, capabilities, clientInfo: { name: 'raw', version: '1' } },
});
const call = (id: number | string, name: string, args: unknown, meta: unknown = undefined) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, _meta: meta },
});
const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';

/** The processes that a process has started and that live. */
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/status`, 'utf8').includes(`\nPPid:\t${parent}\n`);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

const lives = (pid: number): boolean => readdirSync('/proc').includes(String(pid));

describe('a client that misbehaves', () => {
  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
    'may speak the protocol of %s',
    async (version) => {
      const server = start();
      server.write(initialize(version), { jsonrpc: '2.0', method: 'notifications/initialized' });
      expect((await server.answerTo('init')).result).toMatchObject({ protocolVersion: version });
      server.write(call(1, 'query', { sql: 'SELECT count(*) FROM customers' }));
      expect((await server.answerTo(1)).result).toMatchObject({ structuredContent: { rows: [[60]] } });
    },
  );

  it('sends frames that are none, and is served all the same', async () => {
    const server = start();
    server.writeText('{"jsonrpc": "2.0", "id": 1, "method":\n\n\u0000\u0001\n[]\n[1,2]\nnull\n"x"\n42\n{}\n');
    server.writeText(
      '{"id":7}\n{"jsonrpc":"1.0","id":8,"method":"ping"}\n{"jsonrpc":"2.0","id":{},"method":"ping"}\n',
    );
    server.process.stdin?.write(Buffer.from([0xff, 0xfe, 0xc3, 0x0a]));
    server.write(initialize());
    expect((await server.answerTo('init')).result).toBeDefined();
    const broken = server.frames().filter(({ id }) => id === null);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.every(({ error }) => error?.code === -32700)).toBe(true);
    server.write(
      { jsonrpc: '2.0', id: 2, method: 'no/such' },
      { jsonrpc: '2.0', method: 'notifications/no-such', params: [1] },
      { jsonrpc: '2.0', id: 3, result: { stray: true } },
      call(4, 'no_such_tool', {}),
      call(5, 'query', { sql: 12 }),
      call(6, 'query', {}),
      call(7, 'query', { sql: 'SELECT 1', cursor: 'r1:0' }),
      call(8, 'query', { cursor: "r1:0'; DROP TABLE customers" }),
      call(9, 'query', { sql: 'SELECT 1', limit: -1 }),
      call(12, 'query', { sql: 'SELECT 1', timeout: 5 }),
      { jsonrpc: '2.0', id: 10, method: 'tools/call' },
      { jsonrpc: '2.0', id: 11, method: 'ping' },
    );
    expect((await server.answerTo(2)).error).toMatchObject({ code: -32601 });
    expect((await server.answerTo(4)).error).toMatchObject({ code: -32602 });
    for (const id of [5, 6, 7, 8, 9, 12]) {
      expect((await server.answerTo(id)).result, String(id)).toMatchObject({ isError: true });
    }
    expect((await server.answerTo(10)).error).toBeDefined();
    expect((await server.answerTo(11)).result).toBeDefined();
  });

  it('calls before it has said who it is, and uses an id twice', async () => {
    const server = start();
    server.write(call(1, 'query', { sql: 'SELECT 7' }), call(1, 'query', { sql: 'SELECT 8' }));
    await expect
      .poll(() => server.frames().filter(({ id }) => id === 1).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    server.write(initialize());
    await server.answerTo('init');
    server.write(call(2, 'query', { sql: 'SELECT 9' }));
    expect((await server.answerTo(2)).result).toMatchObject({ structuredContent: { rows: [[9]] } });
  });

  it('sends a frame without an end: it is let go, not read for ever', async () => {
    const server = start();
    server.write(initialize());
    await server.answerTo('init');
    const piece = 'x'.repeat(1 << 20);
    for (let sent = 0; sent < 24; sent += 1) {
      server.writeText(piece);
    }
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toMatch(/buffer|exceed/iu);
  });

  it('calls ten thousand times without reading an answer', async () => {
    const server = start();
    server.write(initialize());
    await server.answerTo('init');
    server.write(call('first', 'query', { sql: 'SELECT id, name FROM customers' }));
    await server.answerTo('first');
    server.process.stdout?.pause();
    const calls = Array.from({ length: 10_000 }, (_, index) =>
      index % 500 === 0
        ? call(index, 'query', { sql: `SELECT ${index}` })
        : call(index, 'query', { cursor: 'r1:0', limit: 2 }),
    );
    server.write(...calls);
    const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
    expect(Number(/^VmRSS:\s+(\d+)/mu.exec(status)?.[1])).toBeLessThan(600_000);
    server.process.stdout?.resume();
    await expect
      .poll(() => server.frames().filter(({ id }) => typeof id === 'number').length, {
        timeout: 60_000,
        interval: 1000,
      })
      .toBe(10_000);
    expect(server.frames().find(({ id }) => id === 500)?.result).toMatchObject({
      structuredContent: { rows: [[500]] },
    });
  }, 90_000);

  it('cancels in each state: waiting, running, answered, never asked, and twice', async () => {
    const server = start();
    server.write(initialize());
    await server.answerTo('init');
    const cancel = (requestId: unknown) => ({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId, reason: 'enough' },
    });
    server.write(call(1, 'query', { sql: endless }, { progressToken: 'p' }));
    await expect
      .poll(() => JSON.stringify(server.frames()).includes('Running the query'), { timeout: 20_000 })
      .toBe(true);
    server.write(
      call(2, 'query', { sql: 'SELECT 2' }),
      cancel(2),
      cancel(1),
      cancel(1),
      cancel(99),
      cancel({ no: 'id' }),
      cancel(null),
    );
    server.write(call(3, 'query', { sql: 'SELECT 3' }), cancel('init'));
    expect((await server.answerTo(3)).result).toMatchObject({ structuredContent: { rows: [[3]] } });
    server.write(cancel(3), call(4, 'query', { sql: 'SELECT 4' }), cancel(4));
    server.write(call(5, 'query', { sql: 'SELECT 5' }));
    expect((await server.answerTo(5)).result).toMatchObject({ structuredContent: { rows: [[5]] } });
    expect(server.frames().filter(({ id }) => id === 1 || id === 2)).toEqual([]);
  });

  it.each([
    ['closes the input', (child: ChildProcess): void => void child.stdin?.end()],
    [
      'closes both ends',
      (child: ChildProcess): void => {
        child.stdout?.destroy();
        child.stdin?.destroy();
      },
    ],
  ] as const)('%s while a query runs: nothing goes on', async (_what, leave) => {
    const server = start();
    server.write(initialize(), call(1, 'query', { sql: endless }, { progressToken: 'p' }));
    await expect
      .poll(() => JSON.stringify(server.frames()).includes('Running the query'), { timeout: 20_000 })
      .toBe(true);
    const children = childrenOf(server.process.pid ?? 0);
    expect(children).not.toEqual([]);
    leave(server.process);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await expect.poll(() => children.filter(lives), { timeout: 10_000 }).toEqual([]);
    expect(server.stderr()).not.toMatch(/bug|Error|at file/u);
  });

  it('says all at once and closes its side: it is answered, and the session ends', async () => {
    const server = start();
    server.write(initialize(), call(1, 'query', { sql: 'SELECT count(*) FROM customers' }));
    server.process.stdin?.end();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect((await server.answerTo(1)).result).toMatchObject({ structuredContent: { rows: [[60]] } });
  });

  it('stops reading: what can not be written ends the session', async () => {
    const server = start();
    server.write(initialize());
    await server.answerTo('init');
    server.process.stdout?.destroy();
    server.write(call(1, 'search_schema', {}), call(2, 'search_schema', {}), call(3, 'search_schema', {}));
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('asks it to end with SIGTERM, and is left with nothing behind', async () => {
    const server = start();
    server.write(initialize(), call(1, 'query', { sql: endless }, { progressToken: 'p' }));
    await expect
      .poll(() => JSON.stringify(server.frames()).includes('Running the query'), { timeout: 20_000 })
      .toBe(true);
    const children = childrenOf(server.process.pid ?? 0);
    server.process.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 143, signal: null });
    await expect.poll(() => children.filter(lives), { timeout: 10_000 }).toEqual([]);
    expect(server.frames().every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
  });

  it('answers a question to the user that nobody has asked', async () => {
    const server = start('--write');
    server.write(initialize('2025-11-25', { elicitation: {} }));
    await server.answerTo('init');
    server.write({
      ...call(1, 'query', { sql: 'DELETE FROM reviews' }),
      params: {
        name: 'query',
        arguments: { sql: 'DELETE FROM reviews' },
        inputResponses: { change: { action: 'accept', content: { keep: true } } },
        requestState: 'forged',
      },
    });
    await server.answerTo(1);
    server.write(call(2, 'query', { sql: 'SELECT count(*) FROM reviews' }));
    expect((await server.answerTo(2)).result).toMatchObject({ structuredContent: { rows: [[150]] } });
  });
});
