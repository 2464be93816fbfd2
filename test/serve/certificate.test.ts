import { mkdtemp, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { runProgram } from '../support/program.ts';
import { startServe } from '../support/serve.ts';

const sample = ['--db', 'sample', '--profile', 'offline'];
let certificates: Certificates;
let junk: string;

beforeAll(async () => {
  certificates = await makeCertificates();
  junk = join(await mkdtemp(join(tmpdir(), 'sqlq-junk-')), 'junk.pem');
  await writeFile(junk, 'nothing of the kind\n');
});

/** What a server says that is started with two files, and ends at once. */
async function refusal(cert: string, key: string): Promise<string> {
  const { code, stderr } = await runProgram([
    'serve',
    ...['--port', '0', '--tls-cert', cert, '--tls-key', key],
    ...sample,
  ]);
  expect(code, stderr).toBe(2);
  expect(stderr).not.toContain('bug');
  return stderr.trim();
}

describe('the certificate of a server', () => {
  it('is refused in a sentence where it can not be spoken with', async () => {
    const { good, wrongHost } = certificates.kinds;
    expect(await refusal(good.certificate, wrongHost.key)).toBe(
      `sqlq: The key in ${wrongHost.key} is not that of the certificate in ${good.certificate}.`,
    );
    expect(await refusal(good.key, good.certificate)).toBe(
      `sqlq: --tls-cert is to be a certificate in PEM, and ${good.key} is a private key.`,
    );
    expect(await refusal(good.certificate, good.certificate)).toBe(
      `sqlq: --tls-key is to be a private key in PEM, and ${good.certificate} is a certificate.`,
    );
    expect(await refusal(junk, good.key)).toBe(
      `sqlq: --tls-cert is to be a certificate in PEM, and ${junk} is something else.`,
    );
    expect(await refusal(good.certificate, junk)).toBe(
      `sqlq: --tls-key is to be a private key in PEM, and ${junk} is something else.`,
    );
  }, 120_000);

  it('is shown, and the log says so', async () => {
    const { certificate, key } = certificates.kinds.good;
    const server = await startServe(['--tls-cert', certificate, '--tls-key', key, ...sample]);
    try {
      const status = await new Promise((resolve, reject) => {
        request(`${server.url}/health`, { ca: certificates.ca }, (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        })
          .once('error', reject)
          .end();
      });
      expect(status).toBe(200);
      expect(server.stdout()).toContain('Server listening at https://');
      expect(server.stdout()).not.toContain('http://');
    } finally {
      await server.stop();
    }
  });
});
