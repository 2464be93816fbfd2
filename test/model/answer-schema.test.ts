import { expect, test } from 'vitest';
import { answerSchema } from '../../src/model/answer.ts';
import { answerJsonSchema } from '../../src/model/answer-schema.ts';

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
