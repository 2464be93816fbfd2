import { resolve } from 'node:path';
import type { Tls } from '../../database/target.ts';
import { messageOf, SqlqError } from '../../errors.ts';

/** The words of libpq's `sslmode`, of Trino's `SSLVerification` and of MySQL's `--ssl-mode`, case folded, `-` for `_`. */
const modes: Readonly<Record<string, Tls['mode'] | 'prefer'>> = {
  disable: 'disable',
  disabled: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  require: 'require',
  required: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
  'verify-identity': 'verify-full',
  verifyca: 'verify-ca',
  verifyfull: 'verify-full',
  // `ssl=true` and the like.
  true: 'verify-full',
  '1': 'verify-full',
  false: 'disable',
  '0': 'disable',
  // What Trino's clients say.
  full: 'verify-full',
  ca: 'verify-ca',
  none: 'require',
  https: 'verify-full',
  http: 'disable',
};

/** What was said of TLS, as text; null where nothing was. */
export interface TlsWords {
  readonly mode: string | null;
  /** Paths of PEM files; `ca` may be `system`. */
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
}

/**
 * The mode that words and host together mean. Nothing said: plain on this machine, everything verified elsewhere.
 * `allow` and `prefer` would settle for plain text where somebody on the way says so; over a network they mean
 * `require` here. `require` with a root certificate verifies it, as in libpq.
 */
export function tlsMode(words: TlsWords, isLocal: boolean): Tls['mode'] {
  const said = words.mode === null ? null : modes[words.mode.toLowerCase().replaceAll('_', '-')];
  if (said === undefined) {
    throw new SqlqError('usage', `The TLS mode "${words.mode}" is not known.`, {
      hint: 'Take disable, require, verify-ca or verify-full.',
    });
  }
  if (said === null) {
    return isLocal && words.ca === null ? 'disable' : 'verify-full';
  }
  if (said === 'prefer') {
    return isLocal ? 'disable' : 'require';
  }
  return said === 'require' && words.ca !== null && words.ca !== 'system' ? 'verify-ca' : said;
}

/** Where PEM files lie, and what reads them. */
export interface PemFiles {
  /** Relative paths begin here. */
  readonly folder: string;
  readonly homeFolder: string;
  readonly readFile: (path: string) => Promise<string>;
}

/** Reads the PEM files. Throws a SqlqError `usage` where one can't be read. */
export async function readTls(words: TlsWords, mode: Tls['mode'], files: PemFiles): Promise<Tls> {
  if (mode === 'disable') {
    return { mode, ca: null, certificate: null, key: null };
  }
  const read = async (path: string | null, what: string): Promise<string | null> => {
    if (path === null) {
      return null;
    }
    const full = resolve(files.folder, path.startsWith('~/') ? files.homeFolder + path.slice(1) : path);
    try {
      return await files.readFile(full);
    } catch (error) {
      throw new SqlqError('usage', `The ${what} ${full} can't be read: ${messageOf(error)}`, {
        hint: 'Check its path in the database URL or in the variable that names it.',
        cause: error,
      });
    }
  };
  const [ca, certificate, key] = await Promise.all([
    read(words.ca === 'system' ? null : words.ca, 'root certificate'),
    read(words.certificate, 'client certificate'),
    read(words.key, "client certificate's key"),
  ]);
  return { mode, ca, certificate, key };
}
