import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/offline/language/tokenize.ts';
import { makeCorrection } from '../../src/offline/link/correct.ts';

const correct = makeCorrection(
  ['customer', 'product', 'price'],
  (word) => word === 'prince' || word === 'list',
);
const lowered = (question: string): string[] => tokenize(question).map((token) => correct(token).lower);

describe('misspelt words', () => {
  it('become the word of the schema or of a question that they nearly are', () => {
    expect(lowered('the minumum price of custmers')).toEqual(['the', 'minimum', 'price', 'of', 'customer']);
  });
  it('stay where they are English words, names, numbers or codes', () => {
    for (const question of ['prince', 'Custmer', 'custm3r', 'X', '12']) {
      const [token] = tokenize(question);
      expect(token && correct(token)).toEqual(token);
    }
  });
});
