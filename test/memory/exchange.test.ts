import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPair, readPairs, writePair, writePairs } from '../../src/memory/exchange.ts';

const pair = {
  question: 'How many "new" customers?',
  sql: "SELECT count(*)\nFROM customers WHERE name <> 'O''Hara'",
};

describe('examples as chats', () => {
  it('come back as they went', () => {
    const word = fc.string({ minLength: 1 }).map((text) => `x${text}x`);
    fc.assert(
      fc.property(fc.array(fc.record({ question: word, sql: word })), (pairs) => {
        expect(readPairs(writePairs(pairs, 'jsonl'))).toEqual(pairs);
      }),
    );
  });

  it('have a system, a user and an assistant message', () => {
    const { messages }: { messages: { role: string; content: string }[] } = JSON.parse(
      writePairs([pair], 'jsonl'),
    );
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect(messages.at(-1)?.content).toBe(pair.sql);
  });

  it.each([
    '{"messages": []}',
    'no JSON',
    '{"messages": [{"role": "user", "content": "q"}, {"role": "tool", "content": ""}]}',
  ])('name the line that is none: %s', (line) => {
    expect(() => readPairs(`${writePairs([pair], 'jsonl')}${line}\n`)).toThrow('Line 2 is no example.');
  });
});

it('are messages of a Modelfile, in quotes that hold them', () => {
  expect(writePairs([pair], 'modelfile').split('MESSAGE ')).toEqual([
    expect.stringMatching(/^SYSTEM "[^"\n]+"\n$/u),
    'user """How many "new" customers?"""\n',
    `assistant """${pair.sql}"""\n`,
  ]);
});

describe('an example in an editor', () => {
  it('comes back as it went', () => {
    expect(readPair(writePair(pair))).toEqual(pair);
    const two = { question: 'first\nsecond', sql: 'SELECT 1' };
    expect(readPair(writePair(two))).toEqual(two);
  });

  it.each(['', '-- question alone', 'SELECT 1'])('has both parts: %j', (text) => {
    expect(() => readPair(text)).toThrow('a question after "--"');
  });
});
