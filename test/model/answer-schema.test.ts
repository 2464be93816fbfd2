import { expect, test } from 'vitest';
import { answerSchema, partialAnswerSchema, toAnswer } from '../../src/model/answer.ts';
import { answerJsonSchema, partialAnswerJsonSchema } from '../../src/model/answer-schema.ts';

test('what servers are told has the keys of what is read, in their order', () => {
  expect(Object.keys(answerJsonSchema.properties)).toEqual(Object.keys(answerSchema.shape));
});

test('it keeps to what strict structured output demands', () => {
  expect(answerJsonSchema.type).toBe('object');
  expect(answerJsonSchema.required).toEqual(Object.keys(answerJsonSchema.properties));
  expect(answerJsonSchema.additionalProperties).toBe(false);
});

test('each key takes the types that servers are told', () => {
  const texts = { reasoning: 'r', sql: 's', assumptions: ['a'], unanswerable: 'u', clarification: 'c' };
  expect(answerSchema.parse(texts)).toEqual(texts);
  for (const [key, schema] of Object.entries(answerJsonSchema.properties)) {
    const takesNull = 'anyOf' in schema && schema.anyOf.some(({ type }) => type === 'null');
    expect(answerSchema.safeParse({ ...texts, [key]: null }).success, key).toBe(takesNull);
  }
});

test('where tables are left out, it may ask for them instead', () => {
  expect(Object.keys(partialAnswerJsonSchema.properties)).toEqual(Object.keys(partialAnswerSchema.shape));
  expect(partialAnswerJsonSchema.required).toEqual(Object.keys(partialAnswerJsonSchema.properties));
  const read = (reply: object) => toAnswer(partialAnswerSchema.parse(reply));
  expect(read({ needs: ['orders'] })).toEqual({ kind: 'tables', names: ['orders'] });
  expect(read({ needs: ['orders'], unanswerable: 'no orders here' })).toMatchObject({ kind: 'tables' });
  expect(read({ needs: ['orders'], sql: 'SELECT 1' })).toMatchObject({ kind: 'sql' });
  expect(read({ needs: [] })).toContain('exactly one of');
});
