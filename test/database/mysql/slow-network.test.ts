import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysql } from '../../../src/database/mysql/connect.ts';
import type { ServerTarget, Tls } from '../../../src/database/target.ts';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';
import { startSlowProxy } from '../../support/slow-proxy.ts';
import { beginWrite, planOf, query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;

/** What a session does, from the handshake to the goodbye, over a network that hands on so many bytes at a time. */
async function session(server: ServerTarget, bytes: number, tls: Tls['mode']): Promise<unknown> {
  const proxy = await startSlowProxy(server, bytes);
  try {
    const opened = await mysql.open(
      { ...server, port: proxy.port, tls: { mode: tls, ca: null, certificate: null, key: null } },
      { access: 'write', timeoutMilliseconds: 60_000, hide: [] },
      never,
    );
    const schema = await opened.introspect({ schemas: [], include: ['pieces'], exclude: [] }, never);
    const rows: unknown[] = [];
    const result = await query(opened, 'SELECT id, name FROM pieces ORDER BY id', { signal: never });
    for await (const batch of result.batches) {
      rows.push(...batch);
    }
    const bound = await query(opened, 'SELECT :p AS a', { signal: never }, [
      { name: 'p', value: 'ä\\\'"', type: 'text' },
    ]);
    for await (const batch of bound.batches) {
      rows.push(...batch);
    }
    const csv: string[] = [];
    const lines = await queryCsv(opened, 'SELECT id, name FROM pieces ORDER BY id', { signal: never });
    for await (const { bytes: part } of lines?.chunks ?? []) {
      csv.push(part.toString());
    }
    await expect(planOf(opened, 'SELECT nme FROM pieces', never)).rejects.toThrow(/Unknown column 'nme'/);
    const pending = await beginWrite(opened, "UPDATE pieces SET name = 'other' WHERE id > 10", never);
    await pending.rollback();
    await opened.close();
    return {
      tables: schema.tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
      rows,
      csv: csv.join(''),
      changes: pending.changes,
    };
  } finally {
    await proxy.close();
  }
}

const pieces = Array.from({ length: 40 }, (_, index) => [
  index + 1,
  `piece ${index + 1} ${'ä'.repeat(index)}`,
]);
const expected = {
  tables: [['pieces', ['id', 'name']]],
  rows: [...pieces, ['ä\\\'"']],
  csv: pieces.map(([id, name]) => `${id},${name}\n`).join(''),
  changes: [{ table: 'pieces', rows: 30 }],
};

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: a network in pieces`, () => {
    const name = uniqueName('slow');
    const server = { ...mysqlTarget(url ?? 'mysql://u:p@localhost:1'), database: name };

    beforeAll(() =>
      runAsOwner(mysqlTarget(url ?? ''), [
        `CREATE DATABASE ${name} CHARACTER SET utf8mb4`,
        `CREATE TABLE ${name}.pieces (id INT PRIMARY KEY, name VARCHAR(100))`,
        `INSERT INTO ${name}.pieces VALUES ${pieces.map(([id, text]) => `(${id}, '${text}')`).join(', ')}`,
      ]),
    );
    afterAll(() => runAsOwner(mysqlTarget(url ?? ''), [`DROP DATABASE ${name}`]));

    // MySQL makes its own certificate; MariaDB of this age has none unless told.
    const modes = product === 'MySQL' ? (['disable', 'require'] as const) : (['disable'] as const);
    it.each(modes.flatMap((mode) => [400, 10, 1].map((bytes) => [bytes, mode] as const)))(
      '%i bytes at a time, TLS %s',
      { timeout: 60_000 },
      async (bytes, mode) => {
        expect(await session(server, bytes, mode)).toEqual(expected);
      },
    );
  });
}
