import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrub } from '../../../src/model/openai/errors/scrub.ts';

const baseUrl = 'http://localhost/v1';
const server = { apiKey: 'sk-proj-0123456789abcdef', baseUrl, headers: { 'x-token': 'hunter2 and more' } };

test.each([
  ['The model `gpt-9` does not exist.', 'The model `gpt-9` does not exist.'],
  ['Incorrect API key provided: sk-proj-0123456789abcdef.', 'Incorrect API key provided: ***.'],
  ['Incorrect API key provided: sk-pr**************cdef. Try', 'Incorrect API key provided: ***. Try'],
  ['key="sk-proj-012345", in your request', 'key="***", in your request'],
  ['sent hunter2 and more twice', 'sent *** twice'],
  ['Resource has been exhausted (e.g. check quota).', 'Resource has been exhausted (e.g. check quota).'],
  ['Please wait... then retry', 'Please wait... then retry'],
])('%s', (text, clean) => {
  expect(scrub(text, server)).toBe(clean);
});

test('no run of a key of eight characters is left, whatever stands around it', () => {
  const key = fc.string({ minLength: 12, maxLength: 60, unit: fc.constantFrom(...'abcXYZ019-_.=+/~') });
  fc.assert(
    fc.property(key, fc.string(), fc.string(), fc.nat(), fc.nat(), (apiKey, before, after, from, length) => {
      const start = from % (apiKey.length - 8);
      const part = apiKey.slice(start, start + 8 + (length % apiKey.length));
      const clean = scrub(`${before}${part}${after}`, { apiKey, headers: {}, baseUrl });
      for (let at = 0; at + 8 <= part.length; at++) {
        expect(clean).not.toContain(part.slice(at, at + 8));
      }
    }),
  );
});

test('without secrets nothing changes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab .,:{}"') }), (text) => {
      expect(scrub(text, { apiKey: null, headers: {}, baseUrl })).toBe(text);
    }),
  );
});
