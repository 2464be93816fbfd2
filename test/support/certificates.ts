import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a server can show, and the CA that signed it, as files. */
export interface Certificates {
  readonly folder: string;
  /** PEM text of the CA that signed all but the self-signed one. */
  readonly ca: string;
  readonly kinds: Readonly<Record<CertificateKind, { readonly certificate: string; readonly key: string }>>;
}

export type CertificateKind = 'good' | 'selfSigned' | 'wrongHost' | 'expired';

/** Makes a CA and four certificates with the `openssl` program, in a new folder that any account may read. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-certificates-'));
  await chmod(folder, 0o755);
  const path = (name: string): string => join(folder, name);
  const openssl = (...options: string[]): Promise<unknown> => run('openssl', options, { cwd: folder });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  const ca = ['-subj', '/CN=sqlq test CA', '-addext', 'basicConstraints=critical,CA:TRUE'];
  await openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', ...ca);

  async function make(kind: CertificateKind, host: string, days: string): Promise<void> {
    const names = host === 'localhost' ? 'DNS:localhost,IP:127.0.0.1' : `DNS:${host}`;
    await writeFile(path(`${kind}.ext`), `subjectAltName=${names}\n`);
    const files = ['-keyout', `${kind}.key`, '-out', `${kind}.csr`, '-subj', `/CN=${host}`];
    await openssl('req', '-new', ...newKey, ...files);
    const signer =
      kind === 'selfSigned'
        ? ['-signkey', `${kind}.key`]
        : ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    const out = ['-in', `${kind}.csr`, '-out', `${kind}.pem`, '-days', days, '-extfile', `${kind}.ext`];
    await openssl('x509', '-req', ...out, ...signer);
    await chmod(path(`${kind}.key`), 0o644);
  }
  await make('good', 'localhost', '2');
  await make('selfSigned', 'localhost', '2');
  await make('wrongHost', 'elsewhere.example', '2');
  await make('expired', 'localhost', '-1');
  const files = (kind: CertificateKind) => ({ certificate: path(`${kind}.pem`), key: path(`${kind}.key`) });
  return {
    folder,
    ca: await readFile(path('ca.pem'), 'utf8'),
    kinds: {
      good: files('good'),
      selfSigned: files('selfSigned'),
      wrongHost: files('wrongHost'),
      expired: files('expired'),
    },
  };
}
