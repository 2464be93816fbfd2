import type { ResultColumn, Row } from '../database/database.ts';
import type { Doubt } from '../doubts/doubt.ts';
import type { ExitCode } from '../errors.ts';
import { createJsonRenderer } from '../render/json.ts';
import type { BatchQuestion } from './read-questions.ts';

/** What became of a question. */
export interface BatchAnswer {
  readonly sql: string | null;
  readonly assumptions: readonly string[];
  readonly doubts: readonly Doubt[];
  /** The documents that the answer was helped by. */
  readonly sources: readonly string[];
  /** Null where nothing ran. */
  readonly result: {
    readonly columns: readonly ResultColumn[];
    readonly rows: readonly Row[];
    /** There are more rows than the limit. */
    readonly truncated: boolean;
  } | null;
  readonly exitCode: ExitCode;
  readonly error: string | null;
}

/** A line of the results, without its end, and how its question ended. */
export interface AnswerLine {
  readonly text: string;
  readonly exitCode: number;
}

/** An answer as one line of JSON; rows are written as `--format json` writes them, digit for digit. */
export function answerLine({ question, id }: BatchQuestion, answer: BatchAnswer): AnswerLine {
  const { sql, assumptions, doubts, sources, result, exitCode, error } = answer;
  const name = id === null ? '' : `"id":${jsonOf(id)},`;
  const head = JSON.stringify({ question, sql, assumptions, doubts, sources }).slice(1, -1);
  const columns = result === null ? null : result.columns.map(({ name }) => name);
  const tail = { ...(result?.truncated ? { truncated: true } : {}), exitCode, error };
  const text = `{${name}${head},"columns":${JSON.stringify(columns)},"rows":${rowsText(result)},${JSON.stringify(tail).slice(1)}`;
  return { text, exitCode };
}

/** A whole number of 64 bits keeps its digits. */
function jsonOf(id: string | number | bigint): string {
  return typeof id === 'bigint' ? String(id) : JSON.stringify(id);
}

/** Rows as a JSON array of objects, digit for digit; `null` where there are none. */
export function rowsText(
  result: Pick<NonNullable<BatchAnswer['result']>, 'columns' | 'rows'> | null,
): string {
  if (result === null) {
    return 'null';
  }
  const renderer = createJsonRenderer('lines');
  renderer.begin(result.columns);
  return `[${result.rows.map((row) => renderer.rows([row]).trimEnd()).join(',')}]`;
}
