import { connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { postgresTarget } from '../../support/postgres-engine.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
const server = postgresTarget(inject('postgresUrl') ?? '');
let pooler: Server;
let port: number;

/** An ErrorResponse as PgBouncer sends it to a client that gives start-up options. */
function refusal(): Buffer {
  const fields = 'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0';
  const message = Buffer.alloc(5 + fields.length);
  message.write('E');
  message.writeInt32BE(4 + fields.length, 1);
  message.write(fields, 5, 'latin1');
  return message;
}

beforeAll(async () => {
  pooler = createServer((client) => {
    client.on('error', () => {});
    client.once('data', (startUp) => {
      if (startUp.includes('\0options\0')) {
        client.end(refusal());
        return;
      }
      const upstream = connect(server.port, server.host);
      upstream.on('error', () => client.destroy());
      upstream.write(startUp);
      client.pipe(upstream).pipe(client);
    });
  });
  await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
  const address = pooler.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});
afterAll(() => new Promise((resolve) => pooler.close(resolve)));

it('sets the session up by statements where a pooler takes no start-up options', async () => {
  const opened = await postgres.open(
    { ...server, port },
    { access: 'read', timeoutMilliseconds: 7_000, hide: [] },
    never,
  );
  const shown: unknown[] = [];
  for (const name of ['default_transaction_read_only', 'statement_timeout', 'standard_conforming_strings'])
    for await (const batch of (await query(opened, `SHOW ${name}`, { signal: never })).batches)
      shown.push(...batch.flat());
  expect(shown).toEqual(['on', '7s', 'on']);
  expect((await verdictOf(opened, 'SELECT pg_sleep(1)', never)).kind).toBe('forbidden');
  await opened.close();
});
