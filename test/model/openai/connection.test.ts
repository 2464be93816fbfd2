import { expect, test } from 'vitest';
import { toUserError } from '../../../src/model/openai/to-user-error.ts';
import { serverAt } from '../../support/served-model.ts';

/** As `fetch` throws what Node's sockets and OpenSSL report. */
function fetchError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** What the user hears of what a request to a server threw. */
function worded(thrown: unknown, baseUrl: string): Promise<unknown> {
  return toUserError(thrown, serverAt(baseUrl), {}, 0, new AbortController().signal);
}

test.each([
  ['CERT_HAS_EXPIRED', /can't be trusted: its TLS certificate is refused/, /has expired/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /can't be trusted/, /NODE_EXTRA_CA_CERTS/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /can't be trusted/, /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /can't be trusted/, /NODE_EXTRA_CA_CERTS/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /can't be trusted/, /for another host/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/, /http:\/\//],
  ['EAI_AGAIN', /^No server of the name api\.example/, /network/],
  ['EHOSTUNREACH', /^No server answers for custom at api\.example \(EHOSTUNREACH\)/, /base URL/],
  ['UND_ERR_CONNECT_TIMEOUT', /^No server answers/, /base URL/],
  ['UND_ERR_HEADERS_TIMEOUT', /silent for five minutes/, /--model/],
  ['ECONNRESET', /dropped the connection/, /log/],
])('%s', async (code, message, hint) => {
  const error = await worded(fetchError(code), 'https://api.example/v1');
  expect(error).toMatchObject({
    code: 'failed',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  expect(error).toHaveProperty('message', expect.stringContaining('api.example'));
});

test('of the two addresses of a name, the first tells', async () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const error = new TypeError('fetch failed', { cause: new AggregateError([refused, refused]) });
  expect(await worded(error, 'http://localhost:1/v1')).toHaveProperty(
    'message',
    expect.stringContaining('(ECONNREFUSED)'),
  );
});
