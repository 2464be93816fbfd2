import { createHash } from 'node:crypto';
import type { OtherReading, ReadAgain } from '../doubts/other-reading.ts';
import type { ValueIndex } from '../model/model.ts';
import { providers } from '../model/providers.ts';
import type { Schema } from '../schema/schema.ts';
import { shapeOf } from './cache/answer-cache.ts';
import type { AskContext, Recalled } from './context.ts';

/** Of wider schemas nothing is read again: that would take longer than all looks together may. */
const mostColumns = 1000;

/** Reads a question once more after a model has answered it, by the engine on this machine. */
export interface SecondReader {
  /** Loads what that takes, where the question was never read so; what fails here fails later, where it is waited for. */
  prepare(): Promise<void>;
  readonly read: ReadAgain;
}

/**
 * The second reader of a question; null where its words are not all that counts: for an engine that reads them itself, and
 * where the user has said what else they want.
 */
export function secondReader(
  { doubts, generation, report, turn, signal }: AskContext,
  { question, schema, recalled }: { question: string; schema: Schema; recalled: Recalled },
): SecondReader | null {
  const { secondModel, readings } = generation;
  const columns = schema.tables.reduce((sum, table) => sum + table.columns.length, 0);
  if (
    doubts === null ||
    secondModel === null ||
    columns > mostColumns ||
    turn.attempts.length + turn.rejected.length + recalled.attempts.length > 0
  ) {
    return null;
  }
  const { examples, notes } = recalled;
  const { now, previous } = turn;
  const readWith = async (values: ValueIndex): Promise<OtherReading | null> => {
    const model = await secondModel();
    const { answer } = await model.answer(
      {
        question,
        schema,
        now,
        previous,
        examples,
        notes,
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
  const decisive = [report.data.version, question, now.toDateString(), previous, examples, notes];
  const key = createHash('sha256').update(JSON.stringify(decisive)).update(shapeOf(schema)).digest('hex');
  let kept: Promise<Readings> | null = null;
  return {
    async prepare() {
      kept ??= readings.read(key).then(parseReadings);
      if (Object.keys(await kept).length === 0) {
        await secondModel();
      }
    },
    async read(values) {
      const known = (await kept) ?? {};
      const compared = JSON.stringify(values);
      const found = known[compared];
      if (found !== undefined) {
        return found;
      }
      const byColumn = Map.groupBy(values, ({ schema: owner, table, column }) =>
        JSON.stringify([owner, table, column]),
      );
      const reading = await readWith(
        values.length === 0
          ? noValues
          : {
              valuesOf: (...place) => byColumn.get(JSON.stringify(place))?.map(({ text }) => text) ?? null,
            },
      );
      await readings.write(key, JSON.stringify({ ...known, [compared]: reading } satisfies Readings));
      return reading;
    },
  };
}

/** One object, because the engine prepares a schema anew for others. */
const noValues: ValueIndex = { valuesOf: () => null };

/** How a question was read, by the values that the model's SQL compares with. */
type Readings = Readonly<Record<string, OtherReading | null>>;

/** The store is written by this program alone; a text that is cut is none. */
function parseReadings(text: string | null): Readings {
  try {
    const readings: Readings | null = JSON.parse(text ?? '{}');
    return readings ?? {};
  } catch {
    return {};
  }
}
