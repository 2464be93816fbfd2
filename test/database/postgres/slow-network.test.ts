import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgres } from '../../../src/database/postgres/connect.ts';
import type { ServerTarget } from '../../../src/database/target.ts';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';
import { postgresTarget, runPostgres, uniquePostgresName } from '../../support/postgres-engine.ts';
import { ownAsServer, startPostgres, type TestServer } from '../../support/postgres-server.ts';
import { startSlowProxy } from '../../support/slow-proxy.ts';
import { beginWrite, planOf, query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;

/** What a session does, from the handshake to the goodbye, over a network that hands on so many bytes at a time. */
async function session(server: ServerTarget, database: string, bytes: number): Promise<unknown> {
  const proxy = await startSlowProxy(server, bytes);
  try {
    const target = { ...server, database, port: proxy.port };
    const opened = await postgres.open(
      target,
      { access: 'write', timeoutMilliseconds: 60_000, hide: [] },
      never,
    );
    const { role } = await opened.facts(never);
    const schema = await opened.introspect({ schemas: [], include: [], exclude: [] }, never);
    const rows: unknown[] = [];
    const result = await query(opened, 'SELECT id, name FROM pieces ORDER BY id', { signal: never });
    for await (const batch of result.batches) {
      rows.push(...batch);
    }
    const csv: string[] = [];
    const lines = await queryCsv(opened, 'SELECT id, name FROM pieces ORDER BY id', { signal: never });
    for await (const { bytes: part } of lines?.chunks ?? []) {
      csv.push(part.toString());
    }
    await expect(planOf(opened, 'SELECT nme FROM pieces', never)).rejects.toThrow(/"nme" does not exist/);
    const pending = await beginWrite(opened, "UPDATE pieces SET name = 'other' WHERE id > 10", never);
    await pending.rollback();
    await opened.close();
    return {
      role,
      tables: schema.tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
      rows,
      csv: csv.join(''),
      changes: pending.changes,
    };
  } finally {
    await proxy.close();
  }
}

function expected(role: string): unknown {
  const rows = Array.from({ length: 40 }, (_, index) => [
    index + 1,
    `piece ${index + 1} ${'ä'.repeat(index)}`,
  ]);
  return {
    role,
    tables: [['pieces', ['id', 'name']]],
    rows,
    csv: rows.map(([id, name]) => `${id},${name}\n`).join(''),
    changes: [{ table: 'pieces', rows: 30 }],
  };
}

const table = [
  'CREATE TABLE pieces (id integer PRIMARY KEY, name text NOT NULL)',
  "INSERT INTO pieces SELECT i, 'piece ' || i || ' ' || repeat('ä', i - 1) FROM generate_series(1, 40) AS i",
];

describe('PostgreSQL over a network that brings messages in pieces', () => {
  const database = uniquePostgresName('pieces');
  const server = postgresTarget(inject('postgresUrl') ?? '');
  beforeAll(async () => {
    await runPostgres(server, [`CREATE DATABASE ${database}`]);
    await runPostgres({ ...server, database }, table);
  });
  afterAll(() => runPostgres(server, [`DROP DATABASE ${database} WITH (FORCE)`]));

  it.each([400, 10, 1])('works with %i bytes at a time', async (bytes) => {
    expect(await session(server, database, bytes)).toEqual(expected(server.user));
  });
});

describe('PostgreSQL over TLS in pieces', () => {
  let certificates: Certificates;
  let server: TestServer;
  let target: ServerTarget;
  beforeAll(async () => {
    certificates = await makeCertificates();
    const { certificate, key } = certificates.kinds.good;
    server = await startPostgres({
      settings: ['ssl=on'],
      async prepare(folder) {
        await copyFile(certificate, join(folder, 'server.crt'));
        await copyFile(key, join(folder, 'server.key'));
        await ownAsServer(folder, ['server.crt', 'server.key']);
      },
    });
    target = postgresTarget(server.url, {
      tls: { mode: 'verify-full', ca: certificates.ca, certificate: null, key: null },
    });
    await runPostgres(target, table);
  });
  afterAll(async () => {
    await server?.stop();
    await rm(certificates.folder, { recursive: true, force: true });
  });

  it.each([400, 10, 1])('works with %i bytes at a time', async (bytes) => {
    expect(await session(target, 'postgres', bytes)).toEqual(expected(target.user));
  });
});
