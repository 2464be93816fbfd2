import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/offline/language/tokenize.ts';

const kinds = (question: string): string[] =>
  tokenize(question).map((token) => `${token.kind}:${token.text}`);

describe('tokenize', () => {
  it('tells words, numbers, dates, quotes and marks apart', () => {
    expect(kinds('Which of O\'Hara\'s 1,200 orders since 2024-01-31 say "Not now"?')).toEqual([
      'word:Which',
      'word:of',
      'word:O',
      'word:Hara',
      'number:1,200',
      'word:orders',
      'word:since',
      'date:2024-01-31',
      'word:say',
      'quoted:Not now',
      'mark:?',
    ]);
  });

  it('reads numbers in digits and in words', () => {
    expect(tokenize('five of 1,200.50 and -7').flatMap((token) => token.number ?? [])).toEqual([
      5, 1200.5, -7,
    ]);
  });

  it('never throws, and its offsets cut the question in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (question) => {
        let at = 0;
        for (const token of tokenize(question)) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          expect(token.end).toBeGreaterThan(token.start);
          expect(token.end).toBeLessThanOrEqual(question.length);
          at = token.end;
        }
      }),
    );
  });
});
