import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEndless } from '../../../src/model/openai/reply/endless.ts';

test('white space and repetition are endless', () => {
  expect(isEndless(`{"sql": "SELECT 1"${' \n'.repeat(200)}`)).toBe(true);
  expect(isEndless(`{"assumptions": [${'"ArtistId", '.repeat(60)}`)).toBe(true);
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 80 }), (before, piece) =>
      isEndless(before + piece.repeat(Math.ceil(700 / piece.length))),
    ),
  );
});

test('long SQL that resembles itself is an answer', () => {
  const sums = Array.from({ length: 60 }, (_, month) => `sum(month_${month}) AS month_${month}`).join(', ');
  expect(isEndless(`{"sql": "SELECT ${sums} FROM budget`)).toBe(false);
  expect(isEndless(' '.repeat(399))).toBe(false);
});
