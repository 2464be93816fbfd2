import { Agent, type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as encryptedRequest, Agent as TlsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ServerTarget } from '../../target.ts';

const inflate = promisify(gunzip);

/** What the server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the slash on: there is no other server than the target. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Speaks HTTP to one server alone, over connections that are kept. */
export interface HttpClient {
  /** Rejects with Node's error where the server can't be reached, and with the signal's reason. */
  send(call: Call, signal: AbortSignal): Promise<Answer>;
  /** `TLSv1.3` and the like, of the last answer; `none` for plain text. */
  encryption(): string;
  close(): void;
}

/** A server, or what stands before it, is busy or starts anew: the same call may go well a moment later. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Waits in milliseconds before a call is made again, 5 s in all. */
const pauses: readonly number[] = [50, 150, 400, 900, 1500, 2000];

/** Makes a client. Redirects are never followed, so that what the headers hold goes to the target alone. */
export function httpClient(target: ServerTarget): HttpClient {
  const { host, port, tls } = target;
  const isPlain = tls.mode === 'disable';
  const agent = isPlain
    ? new Agent({ keepAlive: true })
    : new TlsAgent({
        keepAlive: true,
        minVersion: 'TLSv1.2',
        rejectUnauthorized: tls.mode !== 'require',
        checkServerIdentity: (_name, certificate) =>
          tls.mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
        ...(tls.ca === null ? {} : { ca: tls.ca }),
        ...(tls.certificate === null ? {} : { cert: tls.certificate }),
        ...(tls.key === null ? {} : { key: tls.key }),
      });
  const request = isPlain ? plainRequest : encryptedRequest;
  const authorization = authorizationOf(target);
  let encryption = 'none';

  const sendOnce = ({ method, path, headers, body }: Call, signal: AbortSignal): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request({
        agent,
        host,
        port,
        method,
        path,
        signal,
        headers: {
          ...headers,
          ...authorization,
          'Accept-Encoding': 'gzip',
          ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const { socket } = incoming;
        encryption = socket instanceof TLSSocket ? (socket.getProtocol() ?? 'TLS') : 'none';
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const isZipped = incoming.headers['content-encoding'] === 'gzip';
          (isZipped ? inflate(bytes) : Promise.resolve(bytes)).then((whole) => {
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: whole.toString('utf8'),
            });
          }, reject);
        });
      });
      outgoing.end(body);
    });

  return {
    async send(call, signal) {
      for (let attempt = 0; ; attempt += 1) {
        signal.throwIfAborted();
        try {
          const answer = await sendOnce(call, signal);
          if (!passing.has(answer.status) || attempt >= pauses.length) {
            return answer;
          }
        } catch (error) {
          signal.throwIfAborted();
          // A kept connection that the server has closed meanwhile; a page can be asked for again.
          if (call.method === 'POST' || attempt > 0 || !isReset(error)) {
            throw error;
          }
        }
        await sleep(pauses[attempt] ?? 0, null, { signal }).catch(() => signal.throwIfAborted());
      }
    },
    encryption: () => encryption,
    close: () => agent.destroy(),
  };
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:ECONNRESET|EPIPE)$/u.test(String(error.code));
}

/** A token as RFC 7519 writes it. */
const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/u;

/** How the password is shown: a JWT as a token, any other with the user's name. */
function authorizationOf({ user, password }: ServerTarget): Readonly<Record<string, string>> {
  if (password === null) {
    return {};
  }
  return jwt.test(password)
    ? { Authorization: `Bearer ${password}` }
    : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
