import { messageOf, SqlqError } from '../../errors.ts';
import { isPrivate } from '../address.ts';
import type { ModelServer } from '../server.ts';
import { failed, keyHint, placeOf } from './explain.ts';
import { quirksOf } from './quirks.ts';

/** Header names that carry secrets. */
const secretHeader = /auth|key|token|secret|cookie|password/i;

/** Refuses settings that no request may leave with: a broken URL, a secret in it, a key over plain http. */
export function checkAddress(server: ModelServer): void {
  const url = URL.parse(server.baseUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SqlqError('usage', `The base URL of ${server.provider} is not an http or https URL.`, {
      hint: 'It looks like http://localhost:12434/engines/v1.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new SqlqError('usage', `The base URL of ${server.provider} holds a user name or a password.`, {
      hint: 'Give the key as apiKey, or as a header of the profile.',
    });
  }
  const carriesSecret =
    server.apiKey !== null || Object.keys(server.headers).some((name) => secretHeader.test(name));
  if (!carriesSecret && quirksOf(server).needsKey) {
    throw new SqlqError('usage', `${placeOf(server)} asks for an API key, and none is set.`, {
      hint: keyHint(server),
    });
  }
  if (url.protocol === 'http:' && carriesSecret && !isPrivate(url)) {
    throw new SqlqError('usage', `The API key would go to ${url.host} unencrypted, over plain http.`, {
      hint: `Use https://${url.host}${url.pathname}, or take the key out of the profile.`,
    });
  }
}

/** The one text for a request that no response came to, with its mend. */
export function explainConnection(error: unknown, server: ModelServer): SqlqError {
  const at = placeOf(server);
  const code = codeOf(error) ?? '';
  if (tlsCodes.test(code)) {
    return failed(`${at} can't be trusted: its TLS certificate is refused (${code})`, tlsHint(code), error);
  }
  if (/SSL|EPROTO/.test(code)) {
    return failed(
      `${at} does not speak TLS (${code})`,
      'Check whether the base URL should begin with http://.',
      error,
    );
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) {
    return failed(
      `No server of the name ${new URL(server.baseUrl).hostname} (${code})`,
      'Check the base URL and the network.',
      error,
    );
  }
  if (isDropped(error)) {
    return failed(
      `${at} dropped the connection (${code})`,
      "Ask again; the server's own log says why.",
      error,
    );
  }
  if (/HEADERS_TIMEOUT|BODY_TIMEOUT/.test(code)) {
    return failed(
      `${at} was silent for five minutes`,
      'Take a smaller --model, or send fewer tables with --include.',
      error,
    );
  }
  const start = quirksOf(server).start ?? 'Check the base URL, and that the server runs there.';
  return failed(`No server answers for ${at} (${code})`, start, error);
}

/** Whether a connection broke that had been made. */
export function isDropped(error: unknown): boolean {
  return /ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES/.test(codeOf(error) ?? '');
}

/** The text of a passed deadline; `tokens` had come by then. */
export function explainDeadline(server: ModelServer, tokens: number): SqlqError {
  const seconds = server.timeoutMilliseconds / 1000;
  return failed(
    tokens === 0
      ? `${placeOf(server)} did not answer within ${seconds} s`
      : `${placeOf(server)} was still answering after ${seconds} s and ${tokens} token${tokens === 1 ? '' : 's'}`,
    server.isLocal && tokens === 0
      ? "A model that is loading takes its time: ask again, raise the profile's timeout, or take a smaller --model."
      : "Ask again, or raise the profile's timeout.",
  );
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

/** The system's or Node's code below whatever `fetch` threw; null where there is none, which is no failure of a network. */
export function codeOf(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') {
      return current.code;
    }
    if (current instanceof AggregateError && current.errors.length > 0) {
      return codeOf(current.errors[0]);
    }
  }
  return error instanceof TypeError && error.message === 'fetch failed' ? messageOf(error.cause) : null;
}
