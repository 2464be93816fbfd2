import type { Plan, ResultColumn, Row } from '../database/database.ts';
import type { Previous } from '../model/model.ts';

/** One answer of a session. */
export interface Turn {
  /** Null where the SQL was written by hand and answers no question. */
  readonly question: string | null;
  readonly sql: string;
  /** The same without stored values that were looked up for it here, as a model may be told of it. */
  readonly tellableSql: string;
  readonly assumptions: readonly string[];
  /** How the model came to the SQL; empty where it does not say. */
  readonly reasoning: string;
  readonly plan: Plan;
  readonly columns: readonly ResultColumn[];
  /** The first rows, as many as are kept. */
  readonly kept: readonly Row[];
  /** How many rows there were; null where none were asked for. */
  readonly rows: number | null;
  /** The answer that this question could build on. */
  readonly basis: Turn | null;
  /** Assumptions that the user has rejected on the way here. */
  readonly rejected: readonly string[];
  /** Its SQL and its assumptions may hold values of the database that the user has not typed. */
  readonly holdsStoredValues: boolean;
}

const mostRows = 10;
const mostCharacters = 2000;

/** An answer as the next question's model is told of it; rows only where they may be sent. */
export function previousOf(turn: Turn | null, sendRows: boolean): Previous | null {
  if (turn === null) {
    return null;
  }
  return {
    question: turn.question ?? 'SQL of my own',
    sql: turn.tellableSql,
    columns: turn.columns.map(({ name }) => name),
    rows: sendRows ? sampleOf(turn) : null,
    holdsStoredValues: turn.holdsStoredValues,
  };
}

function sampleOf({ columns, kept, rows }: Turn): string | null {
  if (rows === null) {
    return null;
  }
  const lines = kept
    .slice(0, mostRows)
    .map((row) =>
      JSON.stringify(
        Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])),
        (_key, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? 'bytes' : value,
      ),
    );
  return [...lines, `${rows} in all`].join('\n').slice(0, mostCharacters);
}
