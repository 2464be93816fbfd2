import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf, wrapLines } from '../../src/terminal/wrap.ts';

describe('lines on a terminal', () => {
  it.each([
    ['short', 'short'],
    ['one two three four five', 'one two three\nfour five'],
    ['1. one two three four', '1. one two\n   three four'],
    ['  - one two three four', '  - one two\n    three four'],
    ['abcdefghijklmnopqrstuvwxyz', 'abcdefghijklmnopqrstuvwxyz'],
    ['a abcdefghijklmnopqrstuvwxyz b', 'a\nabcdefghijklmnopqrstuvwxyz\nb'],
    ['東京 東京 東京 東京', '東京 東京 東京\n東京'],
    ['first\nsecond line is longer', 'first\nsecond line is\nlonger'],
  ])('break %j between words', (text, expected) => {
    expect(wrapLines(text, 14)).toBe(expected);
  });

  it('count no styling, and keep it', () => {
    const styled = '\u001b[33mone two three four five\u001b[39m';
    expect(wrapLines(styled, 14)).toBe('\u001b[33mone two three\nfour five\u001b[39m');
    expect(wrapLines('\u001b[2m1.\u001b[22m one two three', 14)).toBe(
      '\u001b[2m1.\u001b[22m one two\n   three',
    );
  });

  it('lose no word, and are as narrow as their words let them, in a window of any size', () => {
    const word = fc.stringMatching(/^[a-zé東👩]{1,9}$/u);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 60 }),
        (words, columns) => {
          const wrapped = wrapLines(words.join(' '), columns);
          expect(wrapped.split(/\s+/u)).toEqual(words);
          for (const line of wrapped.split('\n')) {
            if (line.includes(' ')) {
              expect(widthOf(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
            }
          }
        },
      ),
    );
  });
});
