import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Parsed, parseAnswer, type ReplyTexts } from '../../../src/model/reply/parse.ts';

const folder = 'fixtures/replies/answers';

describe('recorded replies', () => {
  test.each(readdirSync(folder))('%s', (file) => {
    const {
      message,
      finish_reason: reason,
      expect: expected,
    } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
    expect(gist(parseAnswer({ ...textsOf(message), isCut: reason === 'length' }))).toEqual(
      'problem' in expected ? { problem: expect.stringContaining(expected.problem) } : expected,
    );
  });
});

const answer = {
  reasoning: 'r',
  sql: 'SELECT 1',
  assumptions: ['a'],
  unanswerable: null,
  clarification: null,
};

test('an answer keeps its reasoning and assumptions', () => {
  expect(parseAnswer(content(JSON.stringify(answer)))).toEqual({
    ok: true,
    answer: { kind: 'sql', sql: 'SELECT 1', reasoning: 'r', assumptions: ['a'] },
  });
});

test('content and the tool are two answers where they differ, and the reasoning is none beside them', () => {
  const text = (sql: string) => JSON.stringify({ ...answer, sql });
  const all = { content: text('SELECT 1'), toolArguments: text('SELECT 2'), reasoning: text('SELECT 3') };
  expect(parseAnswer(all)).toMatchObject({ ok: false, last: { sql: 'SELECT 2' } });
  expect(gist(parseAnswer({ ...all, toolArguments: text('SELECT 1') }))).toEqual({ sql: 'SELECT 1' });
  expect(gist(parseAnswer({ ...all, content: 'Calling.' }))).toEqual({ sql: 'SELECT 2' });
  expect(gist(parseAnswer({ ...all, content: '', toolArguments: '{' }))).toEqual({ sql: 'SELECT 3' });
});

const anyAnswer = fc.record({
  reasoning: fc.string({ unit: 'grapheme' }),
  // What is blank or says null says nothing; see `toAnswer`.
  sql: fc.string({ unit: 'grapheme' }).map((text) => `SELECT '${text.replaceAll("'", "''")}'`),
  assumptions: fc.array(fc.string({ unit: 'grapheme' })),
  unanswerable: fc.constant(null),
  clarification: fc.constant(null),
});

test('any answer survives JSON, fences, thinking and prose', () => {
  const wraps: readonly ((json: string) => string)[] = [
    (json) => json,
    (json) => `<think>hm { " no</think>\n${json}`,
    (json) => `Here:\n\`\`\`json\n${json}\n\`\`\`\nDone.`,
    (json) => `The set {a, b} is: ${json} and { more`,
  ];
  fc.assert(
    fc.property(anyAnswer, fc.constantFrom(0, 2), fc.constantFrom(...wraps), (value, indent, wrap) => {
      // A tag or a fence in a string is told from markup only where the whole reply is JSON.
      fc.pre(wrap === wraps[0] || !/<\/?think|```/i.test(JSON.stringify(value)));
      expect(gist(parseAnswer(content(wrap(JSON.stringify(value, null, indent)))))).toEqual({
        sql: value.sql.trim(),
      });
    }),
  );
});

test('whatever a model writes gives an answer or a problem', () => {
  const part = fc.constantFrom(
    '{',
    '}',
    '"',
    '\\',
    '```',
    '\n',
    '<think>',
    '</think>',
    '"sql":',
    'null',
    '[',
    ',',
    ' ',
  );
  const wild = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 200 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(wild, wild, wild, (text, toolArguments, reasoning) => {
      const parsed = parseAnswer({ content: text, toolArguments, reasoning });
      expect(parsed.ok || parsed.problem.length > 0).toBe(true);
    }),
  );
});

test.each(['{}}', '}}{', '{"sql": null}}}'])('%j with a brace too many is read', (text) => {
  expect(parseAnswer(content(text)).ok).toBe(false);
  expect(parseAnswer({ content: '', toolArguments: text, reasoning: '' }).ok).toBe(false);
});

test.each(['{', '{"', '<think>', '</think>', '```\n', '{"a":{', '\\"', '"\n'])(
  'a runaway of %j is read in bounded time',
  (piece) => {
    expect(parseAnswer(content(piece.repeat(1_000_000 / piece.length))).ok).toBe(false);
  },
);

function content(text: string): ReplyTexts {
  return { content: text, toolArguments: '', reasoning: '' };
}

function textsOf(message: {
  content?: string | null;
  reasoning?: string;
  reasoning_content?: string;
  tool_calls?: { function: { arguments: string | object } }[];
}): ReplyTexts {
  const called = message.tool_calls?.[0]?.function.arguments ?? '';
  return {
    content: message.content ?? '',
    toolArguments: typeof called === 'string' ? called : JSON.stringify(called),
    reasoning: message.reasoning ?? message.reasoning_content ?? '',
  };
}

/** The one thing that a reply says. */
function gist(parsed: Parsed): object {
  if (!parsed.ok) {
    return { problem: parsed.problem };
  }
  const { answer } = parsed;
  switch (answer.kind) {
    case 'sql':
      return { sql: answer.sql };
    case 'unanswerable':
      return { unanswerable: answer.reason };
    case 'tables':
      return { needs: answer.names };
    case 'clarification':
      return { clarification: answer.question };
    case 'calls':
      return { calls: answer.calls };
  }
}
