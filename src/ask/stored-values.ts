import { SqlqError } from '../errors.ts';
import type { Schema } from '../schema/schema.ts';
import type { AskContext, AskedQuestion } from './context.ts';
import { storedWords } from './prompt/stored-words.ts';

/**
 * The stored values that words of a question mean: those that go along with it, where they may, and those by which its
 * tables are chosen. Which tables a model is told of says where a value stands, so both wait for `send`; for the choice
 * alone nothing is read of the database, and the index counts as far as it was made before.
 */
export async function storedValuesFor(
  { generation, knowledge }: AskContext,
  question: string,
  schema: Schema,
): Promise<Pick<AskedQuestion, 'values' | 'stored'>> {
  if (generation.readsValues) {
    return { values: [], stored: [] };
  }
  if (generation.sendValues) {
    const values = storedWords(question, schema, await knowledge.readValues(schema));
    return { values, stored: values };
  }
  const known = knowledge.knownValues === null ? null : await knowledge.knownValues(schema);
  return { values: [], stored: known === null ? [] : storedWords(question, schema, known) };
}

/** The error of a question without the reason, which may name values that the engine on this machine has found in the rows. */
export function withoutItsReason(error: unknown, instead: string): unknown {
  return error instanceof SqlqError && error.code === 'unanswerable'
    ? new SqlqError('unanswerable', 'The engine on this machine can not answer it, or not in one way.', {
        hint: `Its reason may name stored values, which stay here. ${instead}`,
      })
    : error;
}
