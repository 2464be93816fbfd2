import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, mask, redactJson } from '../../src/config/redact.ts';

/** Secrets that no mask or frame of these tests holds. */
const secret = fc
  .string({ minLength: 6, maxLength: 40, unit: 'grapheme' })
  .filter((text) => text.trim() === text && !/^[*\s]*$/u.test(text) && !text.includes('\0'));
const around = fc.constantFrom('', 'x', 'error: ', '"', '://', '=', '\n', 'é');

describe('a known secret', () => {
  test.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['percent-encoded', (text) => encodeURIComponent(text.toWellFormed())],
    ['in a form', (text) => new URLSearchParams({ p: text.toWellFormed() }).toString().slice(2)],
    ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
    ['in JSON within JSON', (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ])('is found %s', (_name, write) => {
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        const written = write(text);
        const clean = createRedactor([text])(`${before}${written}${after}`);
        expect(clean).toContain(mask);
        if (!mask.includes(written) && !`${before}${mask}${after}`.includes(written)) {
          expect(clean).not.toContain(written);
        }
      }),
    );
  });

  test('is found in base64, wherever it begins', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9]{8,30}$/u);
    fc.assert(
      fc.property(word, fc.string({ maxLength: 5 }), (text, user) => {
        const header = Buffer.from(`${user}:${text}`).toString('base64');
        const clean = createRedactor([text])(`sent ${header} off`);
        expect(clean).not.toContain(header);
        expect(Buffer.from(clean, 'base64').toString()).not.toContain(text);
      }),
    );
  });

  test('the longer of two goes first, and a short one is left to the patterns', () => {
    expect(createRedactor(['abcd', 'abcdefgh'])('abcdefgh abcd')).toBe(`${mask} ${mask}`);
    expect(createRedactor(['abc'])('abc')).toBe('abc');
    expect(createRedactor(['abc'])('password=abc')).toBe(`password=${mask}`);
  });

  test('holds no pattern of its own', () => {
    expect(createRedactor(['a.*b$&'])('a.*b$& axxb')).toBe(`${mask} axxb`);
  });
});

describe('a place where secrets stand', () => {
  const redact = createRedactor([]);
  test.each([
    ['postgres://ann:canary@h/d', `postgres://${mask}@h/d`],
    ['postgres://ann:can@ry@h/d', `postgres://${mask}@h/d`],
    ['mysql://canary@h', `mysql://${mask}@h`],
    ['see https://h/d?x=1 and a@b', 'see https://h/d?x=1 and a@b'],
    ['Authorization: Bearer canary.abc-d', /^Authorization: (?!.*canary)/u],
    ['authorization: Basic Y2FuYXJ5', /^authorization: (?!.*Y2FuYXJ5)/u],
    ['x-api-key: canary', `x-api-key: ${mask}`],
    ['{"api_key":"canary \\" ry","model":"m"}', `{"api_key":"${mask}","model":"m"}`],
    ["password = 'canary'", `password = '${mask}'`],
    ['host=h password=canary user=u', `host=h password=${mask} user=u`],
    ['PGPASSWORD=canary psql', `PGPASSWORD=${mask} psql`],
    ['MYSQL_PWD=canary', `MYSQL_PWD=${mask}`],
    ['pwd=canary;uid=u', `pwd=${mask};uid=u`],
    ['Incorrect API key provided: sk-proj-canary12345678', `Incorrect API key provided: ${mask}`],
    ['AIzaSyCanaryCanaryCanaryCanary', mask],
    ['ghp_canarycanarycanary', mask],
  ])('%s', (text, expected) => {
    if (typeof expected === 'string') {
      expect(redact(text)).toBe(expected);
    } else {
      expect(redact(text)).toMatch(expected);
    }
    if (/can@?ary/u.test(text)) {
      expect(redact(text)).not.toMatch(/canary/u);
    }
  });

  test.each([
    'still answering after 5 s and 1 token\nAsk again',
    'The token is expired; a token, or basic auth.',
    'Invalid token provided. A bearer token is required',
  ])('%j is a sentence', (text) => {
    expect(redact(text)).toBe(text);
  });

  test.each(['Bearer is.canary', 'bearer token canary', 'Token canary', 'Basic is=canary', 'Token%20canary'])(
    '%s is none',
    (text) => {
      expect(redact(text)).not.toContain('canary');
    },
  );

  test('leaves what is no secret, and is done after one turn', () => {
    const plain = "SELECT password_hash FROM users WHERE email LIKE '%@%' -- 3 rows; key: id, secretary";
    expect(redact('SELECT id, name FROM users ORDER BY 2')).toBe('SELECT id, name FROM users ORDER BY 2');
    expect(redact(redact(plain))).toBe(redact(plain));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        expect(redact(redact(text))).toBe(redact(text));
      }),
    );
  });

  test.each(['redis://USER:PASSWORD@HOST:6379', 'REDIS_URL=rediss://:PASSWORD@HOST:6379'])(
    'leaves what only says where a secret is to stand: %s',
    (hint) => {
      expect(redact(hint)).toBe(hint);
      expect(redact(hint.replace('PASSWORD', 'PASSWORD1'))).not.toContain('PASSWORD1');
    },
  );

  test('takes no more than linear time on hostile text', () => {
    const text = `${'a://'.repeat(20_000)}${'password='.repeat(20_000)}${'\\"'.repeat(20_000)}`;
    expect(redact(text).length).toBeLessThanOrEqual(text.length + 100_000);
  });
});

test('JSON stays whole, whatever the secret is called', () => {
  const redact = createRedactor(['rows', 'true', 'null']);
  const data = { rows: 5, exitCode: 0, yes: true, none: null, sent: [{ text: 'the rows of true' }] };
  expect(JSON.parse(redactJson(data, redact))).toEqual({
    ...data,
    sent: [{ text: `the ${mask} of ${mask}` }],
  });
});
