import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mysql } from '../../../src/database/mysql/connect.ts';
import type { ServerTarget, Tls } from '../../../src/database/target.ts';
import { type CertificateKind, type Certificates, makeCertificates } from '../../support/certificates.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { mysqlTarget, runAsOwner } from '../../support/mysql-engine.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { query } from '../../support/statements.ts';

const never = new AbortController().signal;

describe.skipIf(inject('mariadbUrl') === null)('TLS', () => {
  let certificates: Certificates;
  let server: TestServer;

  beforeAll(async () => {
    certificates = await makeCertificates();
    const shown = await show('good', false);
    const started = await startMariadb([`--ssl-cert=${shown.certificate}`, `--ssl-key=${shown.key}`]);
    if (started === null) {
      throw new Error('MariaDB can not be started');
    }
    server = started;
    await runAsOwner(mysqlTarget(server.url), [
      "CREATE USER encrypted@'%' IDENTIFIED BY 'pw' REQUIRE SSL",
      'CREATE DATABASE plain',
      "GRANT SELECT ON plain.* TO encrypted@'%'",
    ]);
  });
  afterAll(async () => {
    await server?.stop();
    await rm(certificates.folder, { recursive: true, force: true });
  });

  /** Puts a certificate where the server reads its own. */
  async function show(kind: CertificateKind, reload = true): Promise<{ certificate: string; key: string }> {
    const shown = {
      certificate: join(certificates.folder, 'shown.pem'),
      key: join(certificates.folder, 'shown.key'),
    };
    await copyFile(certificates.kinds[kind].certificate, shown.certificate);
    await copyFile(certificates.kinds[kind].key, shown.key);
    if (reload) {
      await runAsOwner(mysqlTarget(server.url), ['FLUSH SSL']);
    }
    return shown;
  }

  async function encryption(tls: Partial<Tls>, changes: Partial<ServerTarget> = {}): Promise<string | null> {
    const target = mysqlTarget(server.url, {
      host: 'localhost',
      database: 'plain',
      tls: { mode: 'verify-full', ca: certificates.ca, certificate: null, key: null, ...tls },
      ...changes,
    });
    const database = await mysql.open(
      target,
      { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
      never,
    );
    const facts = await database.facts(never);
    await database.close();
    return facts.encryption;
  }

  it('verifies a good certificate, by name and by address', async () => {
    await show('good');
    expect(await encryption({})).toMatch(/^TLSv1\.[23]$/);
    expect(await encryption({}, { host: '127.0.0.1' })).toMatch(/^TLSv1\.[23]$/);
    expect(await encryption({ mode: 'verify-ca' })).toMatch(/^TLSv1/);
  });

  it('refuses a CA that was not named', async () => {
    await show('good');
    await expect(encryption({ ca: null })).rejects.toThrow(/certificate of localhost:\d+ .*not trusted/);
  });

  it.each([
    ['selfSigned', /is self-signed/],
    ['expired', /has expired/],
    ['wrongHost', /is for another host/],
  ] as const)('refuses a %s certificate, and takes it unchecked with `require`', async (kind, words) => {
    await show(kind);
    await expect(encryption({})).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(words),
      hint: expect.stringContaining('sslmode=require'),
    });
    expect(await encryption({ mode: 'require', ca: null })).toMatch(/^TLSv1/);
  });

  it('compares an address with the certificate too', async () => {
    await show('wrongHost');
    await expect(encryption({}, { host: '127.0.0.1' })).rejects.toThrow(/is for another host/);
  });

  it('checks the chain alone with verify-ca', async () => {
    await show('wrongHost');
    expect(await encryption({ mode: 'verify-ca' })).toMatch(/^TLSv1/);
    await show('selfSigned');
    await expect(encryption({ mode: 'verify-ca' })).rejects.toThrow(/is self-signed/);
  });

  it('streams over an encrypted connection', async () => {
    await show('good');
    const database = await mysql.open(
      mysqlTarget(server.url, {
        host: 'localhost',
        database: 'plain',
        tls: { mode: 'verify-full', ca: certificates.ca, certificate: null, key: null },
      }),
      { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
      never,
    );
    const result = await query(
      database,
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 900) SELECT a.n, b.n FROM t a, t b',
      { signal: never },
    );
    let rows = 0;
    for await (const batch of result.batches) {
      rows += batch.length;
    }
    expect(rows).toBe(810_000);
    await database.close();
  });

  it('says so where an account wants encryption, and the connection is plain', async () => {
    await expect(
      encryption({ mode: 'disable' }, { user: 'encrypted', password: 'pw' }),
    ).rejects.toMatchObject({ code: 'failed' });
  });
});

describe.skipIf(inject('mariadbUrl') === null)('a server without TLS', () => {
  it('is refused where encryption is asked for', async () => {
    const target = mysqlTarget(inject('mariadbUrl') ?? '', {
      database: 'mysql',
      tls: { mode: 'require', ca: null, certificate: null, key: null },
    });
    await expect(
      mysql.open(target, { access: 'read', timeoutMilliseconds: 10_000, hide: [] }, never),
    ).rejects.toThrow(/does not offer encrypted connections/);
  });
});
