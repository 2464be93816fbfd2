import { SqlqError } from '../../errors.ts';
import { isPrivate } from '../address.ts';
import type { ModelServer } from '../server.ts';
import { quirksOf } from './quirks.ts';
import { keyHint, placeOf } from './to-user-error.ts';

/** Header names that carry secrets. */
const secretHeader = /auth|key|token|secret|cookie|password/i;

/** Refuses settings that no request may leave with: a broken URL, a secret in it, a key over plain http. */
export function assertSettings(server: ModelServer): void {
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
