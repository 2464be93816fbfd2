import { SqlqError } from '../../errors.ts';
import type { ServerTarget } from '../target.ts';
import type { Answer } from './wire/http.ts';
import type { ReplyError } from './wire/reply.ts';

const caHint = 'Name its CA with ?sslrootcert=FILE';

const tlsWords: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is self-signed', caHint],
  SELF_SIGNED_CERT_IN_CHAIN: ['is signed by a CA that is not trusted', caHint],
  UNABLE_TO_GET_ISSUER_CERT: ['is signed by a CA that is not known', caHint],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['is signed by a CA that is not trusted', caHint],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['is signed by a CA that is not trusted', caHint],
  CERT_HAS_EXPIRED: ['has expired', 'Renew the certificate on the server'],
  CERT_NOT_YET_VALID: ['is not valid yet', 'Compare the clocks of this machine and the server'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['is for another host', 'Connect by the name that the certificate is for'],
};

const networkWords: Readonly<Record<string, readonly [message: (place: string) => string, hint: string]>> = {
  ENOTFOUND: [(place) => `The host of ${place} is not known`, 'Check the host name in the URL.'],
  EAI_AGAIN: [(place) => `The host of ${place} is not known`, 'Check the host name in the URL.'],
  ECONNREFUSED: [
    (place) => `Nothing listens at ${place}`,
    'Is the server running, and is the port right? Trino uses 8080, with TLS often 443 or 8443.',
  ],
  ETIMEDOUT: [(place) => `${place} does not answer`, 'Check host, port, firewall and VPN.'],
  EHOSTUNREACH: [(place) => `${place} does not answer`, 'Check host, port, firewall and VPN.'],
  ENETUNREACH: [(place) => `${place} does not answer`, 'Check host, port, firewall and VPN.'],
  EPROTO: [
    (place) => `${place} does not speak TLS`,
    'Is this its port for https? Without TLS: ?sslmode=disable.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    (place) => `${place} does not speak TLS`,
    'Is this its port for https? Without TLS: ?sslmode=disable.',
  ],
  ECONNRESET: [
    (place) => `${place} closed the connection`,
    'Does Trino listen there, and with TLS or without?',
  ],
  EPIPE: [(place) => `${place} closed the connection`, 'Does Trino listen there, and with TLS or without?'],
};

/** What went wrong on the way to the server, in words that say the next step. */
export function failureOf(thrown: unknown, place: string): SqlqError {
  if (thrown instanceof SqlqError) {
    return thrown;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const tls = tlsWords[code];
  if (tls !== undefined) {
    return new SqlqError('failed', `The certificate of ${place} ${tls[0]}: ${message}`, {
      hint: `${tls[1]}, or trust the network with ?sslmode=require (encrypted, unchecked).`,
      cause: thrown,
    });
  }
  const words = networkWords[code];
  return words === undefined
    ? new SqlqError('failed', `Can't reach ${place}: ${message}`, {
        hint: 'sqlq doctor checks the settings.',
        cause: thrown,
      })
    : new SqlqError('failed', words[0](place), { hint: words[1], cause: thrown });
}

/** What is said of an answer that is no page of a result. */
export function unreadable({ status, headers, text }: Answer, place: string): SqlqError {
  const failed = (message: string, hint: string): SqlqError =>
    new SqlqError('failed', message, { hint, engineCode: `HTTP ${status}` });
  if (status >= 300 && status < 400) {
    const to = /^https?:\/\/[^/?#@\s]+/iu.exec(headers.location ?? '')?.[0] ?? 'elsewhere';
    return failed(
      `${place} sends its callers to ${to}, and sqlq does not follow`,
      'Give that address with --db, or SSL=true where it is the same host with TLS.',
    );
  }
  if (status === 401) {
    return failed(
      `${place} refused the login`,
      'Check user and password in the URL, or set TRINO_PASSWORD; a JWT stands there as a password.',
    );
  }
  if (status === 403) {
    const said = /^[\w .,'":-]{1,200}$/u.exec(text.trim())?.[0];
    return failed(
      `${place} does not let this user in${said === undefined ? '' : `: ${said}`}`,
      'Ask the administrator, or connect as another user.',
    );
  }
  if (status === 429 || status >= 502) {
    return failed(`${place} is busy or not ready (HTTP ${status})`, 'Try again later.');
  }
  return failed(
    `${place} does not answer as Trino does (HTTP ${status})`,
    'Check host and port: is this the coordinator of Trino, and no other program?',
  );
}

/** Limits of the server or of the cluster, and what to do about each. */
const limits: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  EXCEEDED_TIME_LIMIT: ['it ran longer than allowed', 'Ask for less, or give it more time: --timeout 2m.'],
  EXCEEDED_CPU_LIMIT: ['it took more CPU time than its administrator allows', 'Ask for less.'],
  EXCEEDED_SCAN_LIMIT: [
    'it read more than its administrator allows',
    'Ask for less, such as a shorter period.',
  ],
  EXCEEDED_GLOBAL_MEMORY_LIMIT: [
    'it took more memory than a query may',
    'Ask for less, or for fewer groups.',
  ],
  EXCEEDED_LOCAL_MEMORY_LIMIT: ['it took more memory than a query may', 'Ask for less, or for fewer groups.'],
  EXCEEDED_SPILL_LIMIT: ['it took more disk than a query may', 'Ask for less.'],
  CLUSTER_OUT_OF_MEMORY: ['the cluster has no memory left', 'Try again later, or ask for less.'],
  QUERY_QUEUE_FULL: ['too many queries wait already', 'Try again later.'],
  EXCEEDED_FUNCTION_MEMORY_LIMIT: ['a function took too much memory', 'Ask for less in one value.'],
};

/** What the server said of a statement, in its own words. */
export function statementFailure({ message, errorName }: ReplyError): SqlqError {
  const words = message ?? errorName;
  const limit = limits[errorName];
  if (limit !== undefined) {
    return new SqlqError('limit', `The server stopped the statement: ${limit[0]}`, {
      hint: limit[1],
      cause: new Error(words),
      engineCode: errorName,
    });
  }
  return new SqlqError('failed', words, { engineCode: errorName });
}

/** Names of errors by which Trino says that a transaction does not let a write through. */
export const readOnlyViolation = 'READ_ONLY_VIOLATION';

/** A password goes over a network encrypted or not at all. Throws a SqlqError `usage`. */
export function requirePrivacy({ password, tls, host, port }: ServerTarget): void {
  const isHere = host === 'localhost' || host === '::1' || /^127\./u.test(host);
  if (password !== null && tls.mode === 'disable' && !isHere) {
    throw new SqlqError('usage', `The password would go to ${host}:${port} without encryption`, {
      hint: 'Add SSL=true to the URL.',
    });
  }
}
