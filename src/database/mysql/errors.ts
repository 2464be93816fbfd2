import { SqlqError } from '../../errors.ts';
import { describeTarget, type ServerTarget } from '../target.ts';
import { needsEncryption } from './wire/authentication.ts';

/** The fields of what the driver throws that are of use; the driver types none of them. */
interface DriverError {
  readonly message: string;
  readonly code: string;
  readonly number: number;
}

function read(thrown: unknown): DriverError {
  const field = (name: string): unknown =>
    typeof thrown === 'object' && thrown !== null && name in thrown ? Reflect.get(thrown, name) : undefined;
  const message = field('sqlMessage') ?? field('message');
  const code = field('code');
  const number = field('errno');
  return {
    message: typeof message === 'string' ? message : String(thrown),
    code: typeof code === 'string' ? code : '',
    number: typeof number === 'number' ? number : 0,
  };
}

const tlsWords: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is self-signed', 'Name its CA with ?sslrootcert=FILE'],
  SELF_SIGNED_CERT_IN_CHAIN: ['is signed by a CA that is not trusted', 'Name its CA with ?sslrootcert=FILE'],
  UNABLE_TO_GET_ISSUER_CERT: ['is signed by a CA that is not known', 'Name its CA with ?sslrootcert=FILE'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'is signed by a CA that is not trusted',
    'Name its CA with ?sslrootcert=FILE',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'is signed by a CA that is not trusted',
    'Name its CA with ?sslrootcert=FILE',
  ],
  CERT_HAS_EXPIRED: ['has expired', 'Renew the certificate on the server'],
  CERT_NOT_YET_VALID: ['is not valid yet', 'Compare the clocks of this machine and the server'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['is for another host', 'Connect by the name that the certificate is for'],
};

/** What went wrong while connecting, in words that say the next step. */
export function connectFailure(thrown: unknown, target: ServerTarget): SqlqError {
  const { message, code, number } = read(thrown);
  const place = describeTarget(target);
  const where = target.socket ?? `${target.host}:${target.port}`;
  const failed = (text: string, hint: string): SqlqError =>
    new SqlqError('failed', text, { hint, cause: thrown });
  const cause =
    typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? read(thrown.cause).code : '';
  const tls = tlsWords[code] ?? tlsWords[cause] ?? tlsWords[tlsCode(message)];
  if (tls) {
    return failed(
      `The certificate of ${where} ${tls[0]}: ${message}`,
      `${tls[1]}, or trust the network with ?sslmode=require (encrypted, unchecked).`,
    );
  }
  switch (number) {
    case 1045:
    case 1698:
      return failed(
        target.password === null
          ? `${where} wants a password for user "${target.user}"`
          : `${where} refused user "${target.user}": wrong user or password`,
        target.tls.mode === 'disable' && target.socket === null
          ? 'Check user and password in the URL, or set MYSQL_PWD. An account may want encryption too: ?sslmode=require.'
          : 'Check user and password in the URL, or set MYSQL_PWD.',
      );
    case 1044:
      return failed(
        `User "${target.user}" may not use database "${target.database}"`,
        `Ask for GRANT SELECT ON ${target.database}.* TO this user, or name another database.`,
      );
    case 1049:
      return failed(
        `There is no database "${target.database}" at ${where}`,
        'Check the name after the last slash of the URL.',
      );
    case 1130:
      return failed(
        `${where} lets no user in from this machine: ${message}`,
        'Create the account for this host, or connect through one that is allowed.',
      );
    case 1040:
    case 1203:
    case 1226:
      return new SqlqError('failed', `${where} has too many connections: ${message}`, {
        hint: 'Close some, or try again later.',
        cause: thrown,
        engineCode: String(number),
      });
    case 1129:
      return failed(
        `${where} has blocked this machine: ${message}`,
        'FLUSH HOSTS on the server unblocks it.',
      );
    case 3118:
    case 4151:
      return failed(`The account "${target.user}" is locked`, 'ALTER USER … ACCOUNT UNLOCK opens it.');
    case 1862:
    case 1820:
      return failed(`The password of "${target.user}" has expired`, 'Change it with the mysql client.');
    case 3159:
      return failed(
        `${where} lets in encrypted connections only`,
        'Add ?sslmode=verify-full, or ?sslmode=require.',
      );
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(`Host "${target.host}" is not known`, 'Check the host name in the URL.');
    case 'ECONNREFUSED':
      return failed(
        `Nothing listens at ${where}`,
        'Is the server running, and is the port right? MySQL and MariaDB use 3306.',
      );
    case 'ENOENT':
      return failed(`There is no socket ${where}`, 'Is the server running? SELECT @@socket tells its path.');
    case 'EACCES':
      return failed(`The socket ${where} may not be opened`, 'Check the permissions of its folder.');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failed(`${where} does not answer`, 'Check host, port, firewall and VPN.');
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return failed(
        `${where} does not offer encrypted connections`,
        'Turn TLS on at the server, or trust the network with ?sslmode=disable.',
      );
    case 'HANDSHAKE_SSL_ERROR':
      return failed(`The encrypted connection to ${where} failed: ${message}`, 'Check ?sslmode and the CA.');
    case 'AUTH_SWITCH_PLUGIN_ERROR':
      return unknownPlugin(message) === null
        ? failed(
            `User "${target.user}" can't log in to ${where}: ${message}`,
            'Check the password, or use an account with another authentication plugin.',
          )
        : failed(
            `User "${target.user}" of ${where} logs in with the plugin ${unknownPlugin(message)}, which sqlq does not know`,
            'Use an account with mysql_native_password, caching_sha2_password, sha256_password or ed25519.',
          );
    case needsEncryption:
      return failed(
        `User "${target.user}" can't log in to ${where} this way: ${message}`,
        'Encrypt the connection with ?sslmode=verify-full, or use an account with another authentication plugin.',
      );
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
    case 'EPIPE':
      return failed(`${where} closed the connection`, 'Does a MySQL or MariaDB server listen there?');
  }
  return failed(`Can't connect to ${place}: ${message}`, 'sqlq doctor checks the settings.');
}

/** The plugin that the server asks for and the driver has none of. */
function unknownPlugin(message: string): string | null {
  return /unknown plugin (\w+)/.exec(message)?.[1] ?? null;
}

/** OpenSSL's code where the driver has written its own over it. */
function tlsCode(message: string): string {
  if (/self.signed certificate in certificate chain/i.test(message)) {
    return 'SELF_SIGNED_CERT_IN_CHAIN';
  }
  if (/self.signed certificate/i.test(message)) {
    return 'DEPTH_ZERO_SELF_SIGNED_CERT';
  }
  if (/certificate has expired/i.test(message)) {
    return 'CERT_HAS_EXPIRED';
  }
  if (/not yet valid/i.test(message)) {
    return 'CERT_NOT_YET_VALID';
  }
  if (/does not match certificate/i.test(message)) {
    return 'ERR_TLS_CERT_ALTNAME_INVALID';
  }
  if (/unable to (verify the first|get (local )?issuer) certificate/i.test(message)) {
    return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  }
  return '';
}

// ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT and ER_QUERY_INTERRUPTED of MySQL by max_execution_time.
const timeouts = new Set([1969, 3024]);

/** What the server stops before it takes too much: ER_CTE_MAX_RECURSION_DEPTH, ER_REGEXP_TIME_OUT of MySQL. */
const stopped = new Set([3636, 3699]);

/** How long the server lets a statement run, and whose wish that is. */
interface TimeLimit {
  readonly timeLimitMs: number | null;
  readonly isServersLimit: boolean;
}

/** What the server said of a statement, in its own words. */
export function statementFailure(thrown: unknown, inForce?: TimeLimit): SqlqError {
  if (thrown instanceof SqlqError) {
    return thrown;
  }
  const { message, code, number } = read(thrown);
  if (timeouts.has(number) && inForce?.isServersLimit) {
    return new SqlqError(
      'limit',
      `The server stopped the statement: it lets this account's run ${(inForce.timeLimitMs ?? 0) / 1000} s`,
      {
        hint: 'Ask for less: its administrator has set that limit, and --timeout does not raise it.',
        cause: thrown,
      },
    );
  }
  if (timeouts.has(number)) {
    return new SqlqError('limit', 'The server stopped the statement: it ran longer than --timeout allows', {
      hint: 'Ask for less, or give it more time: --timeout 2m.',
      cause: thrown,
    });
  }
  if (stopped.has(number)) {
    return new SqlqError('limit', `The server stopped the statement: ${message}`, {
      hint: 'Ask for fewer rounds of the recursion, or for a simpler pattern.',
      cause: thrown,
    });
  }
  if (/^(PROTOCOL_CONNECTION_LOST|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code)) {
    return new SqlqError('failed', 'The connection to the server was lost', {
      hint: 'Is the server still running? Rows that were printed before may not be all.',
      cause: thrown,
    });
  }
  return new SqlqError('failed', number === 0 ? message : `${message} (error ${number})`, {
    // ER_UNKNOWN_COM_ERROR, which Galera takes for a node outside of its cluster.
    ...(number === 1047 && message.startsWith('WSREP')
      ? { hint: 'This node has no contact with its cluster: connect to another one, or try again later.' }
      : {}),
    cause: thrown,
    engineCode: String(number),
  });
}

/** The server's number of an error that `statementFailure` made; 0 for all others. */
export function errorNumber(error: unknown): number {
  return error instanceof SqlqError ? read(error.cause).number : 0;
}
