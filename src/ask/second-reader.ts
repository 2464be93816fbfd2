import type { OtherReading, ReadAgain } from '../doubts/other-reading.ts';
import type { ValueIndex } from '../model/model.ts';
import { providers } from '../model/providers.ts';
import type { Schema } from '../schema/schema.ts';
import type { AskContext, Recalled } from './context.ts';

/** Of wider schemas nothing is read again: that would take longer than all looks together may. */
const mostColumns = 1000;

/** Reads a question once more after a model has answered it, by the engine on this machine. */
export interface SecondReader {
  /** Loads what that takes; what fails here fails later, where it is waited for. */
  prepare(): Promise<void>;
  readonly read: ReadAgain;
}

/**
 * The second reader of a question; null where its words are not all that counts: for an engine that reads them itself, and
 * where the user has said what else they want.
 */
export function secondReader(
  { doubts, generation, turn, signal }: AskContext,
  { question, schema, recalled }: { question: string; schema: Schema; recalled: Recalled },
): SecondReader | null {
  const { secondModel } = generation;
  const columns = schema.tables.reduce((sum, table) => sum + table.columns.length, 0);
  if (
    doubts === null ||
    secondModel === null ||
    columns > mostColumns ||
    turn.attempts.length + turn.rejected.length + recalled.attempts.length > 0
  ) {
    return null;
  }
  const readWith = async (values: ValueIndex): Promise<OtherReading | null> => {
    const model = await secondModel();
    const { answer } = await model.answer(
      {
        question,
        schema,
        now: turn.now,
        previous: turn.previous,
        examples: recalled.examples,
        notes: recalled.notes,
        messages: [],
        attempts: [],
        values: async () => values,
        onProgress: () => {},
      },
      signal,
    );
    if (answer.kind !== 'sql') {
      return null;
    }
    const { inWords } = await providers.offline.load();
    return { sql: answer.sql, inWords: inWords(schema, answer.sql) };
  };
  let prepared: Promise<void> | null = null;
  return {
    prepare() {
      prepared ??= readWith({ valuesOf: () => null }).then(() => {});
      return prepared;
    },
    async read(values) {
      const byColumn = Map.groupBy(values, ({ schema: owner, table, column }) =>
        JSON.stringify([owner, table, column]),
      );
      return readWith({
        valuesOf: (...place) => byColumn.get(JSON.stringify(place))?.map(({ text }) => text) ?? null,
      });
    },
  };
}
