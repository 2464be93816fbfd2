import { SqlqError } from '../../errors.ts';
import { describeTarget, type ServerTarget } from '../target.ts';
import { ProtocolError } from './wire/tap.ts';

/** What a failed connection means to its user: what was tried, what came back, what to do next. */
export function connectionError(error: unknown, target: ServerTarget): SqlqError {
  if (error instanceof SqlqError) {
    return error;
  }
  if (error instanceof ProtocolError) {
    return new SqlqError(
      'failed',
      `What answers at ${target.host}:${target.port} does not speak PostgreSQL's protocol.`,
      {
        hint: 'Check host and port: another program may listen there.',
        cause: error,
      },
    );
  }
  const [message, hint] = explain(codeOf(error), textOf(error), target);
  return new SqlqError('failed', message, {
    hint,
    cause: error,
    engineCode: codeOf(error) || undefined,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map(textOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

function explain(code: string, text: string, target: ServerTarget): [message: string, hint: string] {
  const place = target.socket ?? `${target.host}:${target.port}`;
  const database = target.database ?? target.user;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`The host ${target.host} is not known.`, 'Check the host in the database URL.'];
    case 'ECONNREFUSED':
      return [
        `No server answers at ${place}.`,
        'Check host and port, and that PostgreSQL is running and listens there.',
      ];
    case 'ENOENT':
    case 'ENOTSOCK':
      return [
        `There is no PostgreSQL socket in ${place} for port ${target.port}.`,
        'Check the folder and the port, and that PostgreSQL is running.',
      ];
    case 'EACCES':
      return [`The socket in ${place} may not be opened by this user.`, 'Check its permissions.'];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return [`The host ${target.host} can't be reached.`, 'Check the network, a VPN or a firewall.'];
    case 'ECONNRESET':
    case 'EPIPE':
      return [`The server at ${place} closed the connection.`, 'Check that PostgreSQL listens on that port.'];
    case '28P01':
      return target.password === null
        ? noPassword(target)
        : [
            `The server did not accept the password of role ${target.user}.`,
            'Check role and password. In a URL, write special characters as %-codes.',
          ];
    case '28000':
      return authorization(text, target);
    case '3D000':
      return [
        `There is no database ${database} on ${place}.`,
        'Name it at the end of the URL; `psql -l` lists the databases.',
      ];
    case '42501':
      return [
        `Role ${target.user} may not connect to database ${database}: ${text}.`,
        `Its owner can GRANT CONNECT.`,
      ];
    case '53300':
      return ['The server has no connection left.', 'Try again later, or close other connections.'];
    case '57P03':
      return [
        `The server is not ready: ${text}.`,
        'Try again in a moment; it is starting, stopping or recovering.',
      ];
    case '08P01':
      if (/statement pooling mode/.test(text)) {
        return [
          `The pooler at ${place} lends a connection for one statement at a time (statement pooling), and without a transaction nothing holds a query in check.`,
          'Connect to the server itself, or to a pool with pool_mode = transaction or session.',
        ];
      }
      break;
    case '57P01':
    case '57P02':
      return [`The server ended the connection: ${text}.`, 'Try again in a moment.'];
  }
  return tlsProblem(code, text, target) ?? generalProblem(text, target);
}

function noPassword(target: ServerTarget): [string, string] {
  return [
    `The server wants a password for role ${target.user} and none was given.`,
    'Put it in ~/.pgpass, PGPASSWORD or the URL.',
  ];
}

function authorization(text: string, target: ServerTarget): [string, string] {
  if (/role ".*" does not exist/.test(text)) {
    return [`There is no role ${target.user} on the server.`, 'Check the user in the database URL.'];
  }
  if (/role ".*" is not permitted to log in/.test(text)) {
    return [`Role ${target.user} may not log in.`, 'Use another role, or ALTER ROLE … LOGIN.'];
  }
  if (/no encryption|SSL off/.test(text)) {
    return [
      `The server takes no unencrypted connection from here: ${text}.`,
      'Use ?sslmode=verify-full (or sslmode=require) in the database URL.',
    ];
  }
  return [`The server does not let role ${target.user} in: ${text}.`, 'Its pg_hba.conf decides that.'];
}

function tlsProblem(code: string, text: string, target: ServerTarget): [string, string] | null {
  if (/does not support SSL/.test(text)) {
    return [
      `The server at ${target.host} offers no encryption.`,
      'Turn ssl on there. Where nobody can listen on the way, ?sslmode=disable goes without.',
    ];
  }
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        `The server's certificate is not for ${target.host}: ${text}`,
        'Connect by the name that the certificate has. ?sslmode=verify-ca does not check the name.',
      ];
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return [
        `The certificate of ${target.host} is out of date: ${text}.`,
        'Renew it on the server. ?sslmode=require encrypts without checking it.',
      ];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_UNTRUSTED':
      return [
        `The certificate of ${target.host} is not signed by an authority that is trusted here: ${text}.`,
        'Name the authority with ?sslrootcert=FILE. ?sslmode=require encrypts without checking it.',
      ];
  }
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code) || /establishing an SSL connection/.test(text)) {
    return [`Encryption with ${target.host} failed: ${text}.`, 'Check the TLS settings of both sides.'];
  }
  return null;
}

function generalProblem(text: string, target: ServerTarget): [string, string] {
  if (/timeout expired/.test(text)) {
    return [
      `${target.host}:${target.port} did not answer within 10 seconds.`,
      'Check host and port, a VPN or a firewall.',
    ];
  }
  if (/password must be a (non-empty )?string/.test(text)) {
    return noPassword(target);
  }
  if (/terminated unexpectedly/.test(text)) {
    return [
      `The server at ${target.host}:${target.port} closed the connection.`,
      'Check that PostgreSQL listens on that port.',
    ];
  }
  return [`Can't connect to ${describeTarget(target)}: ${text}`, 'Check the database URL.'];
}
