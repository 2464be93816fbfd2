import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { ServerTarget } from '../../target.ts';

/** How TLS is spoken to a server; false where it is not. */
export function tlsOptions({ tls, host, socket }: ServerTarget): ConnectionOptions | false {
  if (tls.mode === 'disable' || socket !== null) {
    return false;
  }
  return {
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.certificate === null ? {} : { cert: tls.certificate }),
    ...(tls.key === null ? {} : { key: tls.key }),
    rejectUnauthorized: tls.mode !== 'require',
    checkServerIdentity: (_name, certificate) =>
      tls.mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
  };
}
