import { connect, isIP, type Socket } from 'node:net';
import type { SslOptions } from 'mysql2';
import type { ServerTarget } from '../../target.ts';

/** The socket of a connection, not yet encrypted. */
export function socketTo(target: ServerTarget): Socket {
  if (target.socket !== null) {
    return connect(target.socket);
  }
  const socket = connect(target.port, target.host);
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  // node:tls compares the certificate with `_host` of a socket that it is handed, else with `localhost`; node:net
  // sets it for names only, so a certificate for an address would be refused and one for localhost taken.
  if (isIP(target.host)) {
    Object.assign(socket, { _host: target.host });
  }
  return socket;
}

/** The driver's `ssl` option; none where the target says plain text or the server is behind a unix socket. */
export function tlsOptions(target: ServerTarget): { ssl?: SslOptions } {
  const { mode, ca, certificate, key } = target.tls;
  if (mode === 'disable' || target.socket !== null) {
    return {};
  }
  return {
    ssl: {
      rejectUnauthorized: mode !== 'require',
      verifyIdentity: mode === 'verify-full',
      minVersion: 'TLSv1.2',
      ...(ca === null ? {} : { ca }),
      ...(certificate === null ? {} : { cert: certificate }),
      ...(key === null ? {} : { key }),
    },
  };
}

/** Nobody between here and the server can listen in or change what is said. */
export function isPrivate(target: ServerTarget): boolean {
  return (
    target.socket !== null ||
    target.tls.mode !== 'disable' ||
    target.host === 'localhost' ||
    target.host === '::1' ||
    (isIP(target.host) === 4 && target.host.startsWith('127.'))
  );
}
