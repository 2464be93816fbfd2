import { SqlqError } from '../../errors.ts';
import { isPrivate } from '../address.ts';
import type { ModelServer } from '../server.ts';
import { placeOf } from './place.ts';
import { quirksOf } from './quirks.ts';
import { keyHint } from './to-user-error.ts';

/** Names of headers, and of an address's parameters, that carry secrets. */
const secretName = /auth|key|token|secret|cookie|password|\bsig\b|^code$/i;

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
  const texts = [
    ...(server.apiKey === null ? [] : [['The API key', server.apiKey] as const]),
    ...Object.entries(server.headers).map(([name, text]) => [`The header ${name}`, text] as const),
  ];
  for (const [what, text] of texts) {
    assertHeaderText(what, text, server);
  }
  const carriesSecret =
    server.apiKey !== null ||
    [...Object.keys(server.headers), ...url.searchParams.keys()].some((name) => secretName.test(name));
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

/** Names of characters that come with a copied key, where its own would not be seen. */
const names: Readonly<Record<string, string>> = {
  '\n': 'a line break',
  '\r': 'a carriage return',
  '\t': 'a tab',
  '\u00a0': 'a no-break space',
  '\u200b': 'a zero-width space',
  '\u2026': 'an ellipsis',
  '\u2018': 'a curly quote',
  '\u2019': 'a curly quote',
  '\u201c': 'a curly quote',
  '\u201d': 'a curly quote',
  '\ufeff': 'a byte order mark',
};

/** Refuses a text that no header can carry, with the character and its place: keys are copied from pages and chats. */
function assertHeaderText(what: string, text: string, server: ModelServer): void {
  const signs = [...text];
  const isKey = text === server.apiKey;
  const index = signs.findIndex((sign) => !(isKey ? /[\x21-\x7e]/ : /[\t\x20-\x7e\xa1-\xff]/).test(sign));
  const sign = signs[index];
  if (sign === undefined) {
    return;
  }
  const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = names[sign] ?? (sign === ' ' ? 'a blank' : /\p{C}/u.test(sign) ? 'a control character' : sign);
  const where = index === signs.length - 1 && index > 0 ? 'at its end' : `as character ${index + 1}`;
  throw new SqlqError('usage', `${what} of ${server.provider} holds ${name} (${code}) ${where}.`, {
    hint: `Copy it again, as plain text${isKey && server.apiKeyVariable !== null ? `, into ${server.apiKeyVariable}` : ''}.`,
  });
}
