import { type Connection, createServer } from 'mysql2';
import { afterEach, expect, it } from 'vitest';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { freePort } from '../../support/free-port.ts';
import { mysqlTarget } from '../../support/mysql-engine.ts';

/** What a server says of itself, and what it does with writes in a session that it calls read-only. */
interface Script {
  readonly version: string;
  readonly comment: string;
  /** What it greets with, where that is not its version. */
  readonly greeting?: string;
  /** The milliseconds that a statement may take, whatever is set; 5000 where it is left out. */
  readonly limit?: string;
  readonly onWrite: (sql: string) => { readonly code: number; readonly message: string } | null;
  /** How it refuses all that is set; nothing where it takes it. */
  readonly onSet?: { readonly code: number; readonly message: string };
}

let close: (() => void) | null = null;
afterEach(() => close?.());

/** A server that takes every SET, says that the session is read-only and answers nothing else. */
async function serve({
  version,
  comment,
  greeting = version,
  limit = '5000',
  onWrite,
  onSet,
}: Script): Promise<{ port: number; writes: string[] }> {
  const port = await freePort();
  const writes: string[] = [];
  const answer = (connection: Connection, sql: string): void => {
    const row = (...values: readonly string[]): void =>
      connection.writeTextResult(
        [Object.fromEntries(values.map((value, index) => [`c${index}`, value]))],
        values.map((_, index) => textColumn(`c${index}`)),
      );
    if (/^SELECT VERSION/.test(sql)) {
      row(version, '7', 'd', 'u@%', '0', 'STRICT_TRANS_TABLES', comment, '18446744073709551615');
    } else if (/^SELECT @@sql_mode/.test(sql)) {
      row('STRICT_TRANS_TABLES', 'utf8mb4', 'utf8mb4');
    } else if (/^SELECT @@(?:transaction|tx)_read_only/.test(sql)) {
      row('1');
    } else if (/^SELECT @@max_(?:execution|statement)_time/.test(sql)) {
      row(limit);
    } else if (onSet !== undefined && sql.startsWith('SET')) {
      connection.writeError(onSet);
    } else if (/^(?:DELETE|CREATE)/.test(sql)) {
      writes.push(sql);
      const error = onWrite(sql);
      if (error === null) {
        connection.writeOk({ affectedRows: 0 });
      } else {
        connection.writeError(error);
      }
    } else {
      connection.writeOk();
    }
    // Each command counts its packets anew.
    connection.sequenceId = 0;
  };
  const server = createServer((connection: Connection) => {
    connection.on('error', () => {});
    connection.on('query', (sql: string) => answer(connection, sql));
    // What the driver's server takes for a statement to prepare: SET.
    connection.on('stmt_prepare', (sql: string) => answer(connection, sql));
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: greeting,
      connectionId: 12,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xffffff & ~(1 << 11),
      authCallback(_: unknown, letIn: (error: null) => void) {
        letIn(null);
        connection.sequenceId = 0;
      },
    });
  });
  server.listen(port);
  close = () => {
    for (const connection of server.connections) {
      connection.destroy();
    }
    server.close(() => {});
  };
  return { port, writes };
}

function textColumn(name: string) {
  return {
    catalog: 'def',
    schema: '',
    table: '',
    orgTable: '',
    name,
    orgName: name,
    characterSet: 45,
    columnLength: 200,
    columnType: 253,
    flags: 0,
    decimals: 0,
  };
}

const open = (port: number, trustGuard = false) =>
  mysql.open(
    mysqlTarget(`mysql://u:p@127.0.0.1:${port}`, { database: 'd' }),
    { access: 'read', timeoutMilliseconds: 5000, hide: [], trustGuard },
    new AbortController().signal,
  );
const readOnly = { code: 1792, message: 'Cannot execute statement in a READ ONLY transaction.' };
const lax = { version: '8.0.23', comment: 'Dolt' };

it.each([
  ['all writes', () => null],
  ['a temporary table', (sql: string) => (sql.startsWith('DELETE') ? readOnly : null)],
  ['a write that fails by the table alone', () => ({ code: 1146, message: "Table 'd.x' doesn't exist" })],
])('a server that takes READ ONLY and %s is refused', async (_, onWrite) => {
  const { port, writes } = await serve({ ...lax, onWrite });
  await expect(open(port)).rejects.toMatchObject({
    name: 'SqlqError',
    code: 'refused',
    message: expect.stringMatching(
      /^This server \(Dolt 8\.0\.23\) takes READ ONLY and does not hold to it: (?:it was done|.*doesn't exist)/,
    ),
    hint: expect.stringContaining('Connect to MySQL or MariaDB themselves'),
  });
  expect(writes[0]).toMatch(/^DELETE FROM sqlq_\w+ WHERE 1 = 0$/);
});

it('one that does not hold to it is read where the guard is trusted, and that is said', async () => {
  const { port, writes } = await serve({ ...lax, onWrite: () => null });
  const opened = await open(port, true);
  expect(opened.warnings).toEqual([
    expect.stringMatching(/^This server \(Dolt 8\.0\.23\) takes READ ONLY and .* the guard alone stands/),
  ]);
  expect(opened.dialect.product).toBe('Dolt');
  expect(writes).toHaveLength(1);
  await opened.close();
});

it('a gate is known by its greeting and its own number of the connection, and need not limit a statement', async () => {
  const { port } = await serve({
    version: '9.7.4-2',
    comment: '(Debian)',
    greeting: '8.4.6-Vitess',
    limit: '0',
    onWrite: () => null,
  });
  await expect(open(port)).rejects.toMatchObject({ hint: expect.stringContaining('--trust-guard') });
  const opened = await open(port, true);
  expect(opened.dialect).toEqual({ engine: 'mysql', product: 'Vitess', version: '8.4.6' });
  expect(opened.session).toBe('12');
  await opened.close();
});

it('one that refuses each write is read', async () => {
  const { port, writes } = await serve({ ...lax, onWrite: () => readOnly });
  const opened = await open(port);
  expect(writes).toEqual([expect.stringMatching(/^DELETE/), expect.stringMatching(/^CREATE TEMPORARY/)]);
  expect(opened.warnings).toEqual([]);
  await opened.close();
});

it('one that only calls itself by a version of MySQL is tried too', async () => {
  const { port, writes } = await serve({ version: '8.4.0', comment: 'some proxy', onWrite: () => null });
  await expect(open(port)).rejects.toMatchObject({ code: 'refused' });
  expect(writes).toHaveLength(1);
});

it('MySQL itself is not asked to write', async () => {
  const { port, writes } = await serve({
    version: '8.4.0',
    comment: 'MySQL Community Server - GPL',
    onWrite: () => null,
  });
  const opened = await open(port);
  expect(writes).toEqual([]);
  await opened.close();
});

it('a node of Galera that is outside of its cluster says so', async () => {
  const { port } = await serve({
    version: '10.11.19-MariaDB-0+deb12u1',
    comment: 'Debian 12',
    onWrite: () => null,
    onSet: { code: 1047, message: 'WSREP has not yet prepared node for application use' },
  });
  await expect(open(port)).rejects.toMatchObject({
    code: 'failed',
    message: 'WSREP has not yet prepared node for application use (error 1047)',
    hint: expect.stringContaining('connect to another one'),
  });
});
