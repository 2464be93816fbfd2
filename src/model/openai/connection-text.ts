import { OutageError } from '../outage.ts';
import type { ModelServer } from '../server.ts';
import { codeOf, isDropped } from './errors/failure.ts';
import { placeOf } from './place.ts';
import { quirksOf } from './quirks.ts';

/** The one text for a request that no response came to, with its hint. */
export function connectionText(error: unknown, server: ModelServer): OutageError {
  const at = placeOf(server);
  const code = codeOf(error) ?? '';
  const refused = server.proxy === null ? null : refusedTunnel(error);
  if (server.proxy !== null && refused !== null) {
    const { host } = new URL(server.proxy.url);
    return refused === 407
      ? unreachable(
          `The proxy ${host} wants a user and a password (407)`,
          `Put them into ${server.proxy.variable}, before the host: the user, a colon, the password, and an @.`,
          error,
        )
      : unreachable(
          `The proxy ${host} does not connect to ${new URL(server.baseUrl).host} (${refused})`,
          `Ask whoever runs it, or check ${server.proxy.variable}; hosts that NO_PROXY names are asked directly.`,
          error,
        );
  }
  if (server.proxy !== null && !tlsCodes.test(code)) {
    return unreachable(
      `${at} can't be reached through the proxy ${new URL(server.proxy.url).host} (${code})`,
      `Check ${server.proxy.variable}; hosts that NO_PROXY names are asked directly.`,
      error,
    );
  }
  if (tlsCodes.test(code)) {
    return unreachable(
      `${at} can't be trusted: its TLS certificate is refused (${code})`,
      tlsHint(code),
      error,
    );
  }
  if (/SSL|EPROTO/.test(code)) {
    return unreachable(
      `${at} does not speak TLS (${code})`,
      'Check whether the base URL should begin with http://.',
      error,
    );
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) {
    return unreachable(
      `No server of the name ${new URL(server.baseUrl).hostname} (${code})`,
      'Check the base URL and the network.',
      error,
    );
  }
  if (isDropped(error)) {
    return new OutageError(
      'dropped',
      `${at} dropped the connection (${code})`,
      "Ask again; the server's own log says why.",
      { cause: error },
    );
  }
  if (/HEADERS_TIMEOUT|BODY_TIMEOUT/.test(code)) {
    return new OutageError(
      'silent',
      `${at} was silent for five minutes`,
      'Take a smaller --model, or send fewer tables with --include.',
      { cause: error },
    );
  }
  const start = quirksOf(server).start ?? 'Check the base URL, and that the server runs there.';
  return unreachable(`No server answers for ${at} (${code})`, start, error);
}

/** The status that a proxy answered a CONNECT with, which undici says in words alone; null where it is none. */
function refusedTunnel(error: unknown): number | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const status = /^Proxy response \((\d+)\)/u.exec(at.message)?.[1];
    if (status !== undefined) {
      return Number(status);
    }
  }
  return null;
}

function unreachable(message: string, hint: string, cause: unknown): OutageError {
  return new OutageError('unreachable', message, hint, { cause });
}

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

function tlsHint(code: string): string {
  if (/EXPIRED/.test(code)) {
    return "The certificate has expired: renew it on the server, and check this machine's clock.";
  }
  return /ALTNAME/.test(code)
    ? 'The certificate is for another host: check the name in the base URL.'
    : 'Give Node the authority that signed it: NODE_EXTRA_CA_CERTS=/path/to/authority.pem.';
}
