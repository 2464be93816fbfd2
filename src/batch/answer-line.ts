import type { ResultColumn, Row } from '../database/database.ts';
import type { ExitCode } from '../errors.ts';
import { createJsonRenderer } from '../render/json.ts';
import type { BatchQuestion } from './read-questions.ts';

/** What became of a question. */
export interface BatchAnswer {
  readonly sql: string | null;
  readonly assumptions: readonly string[];
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

/** An answer as one line of JSON, without its end; rows are written as `--format json` writes them, digit for digit. */
export function answerLine({ question, id }: BatchQuestion, answer: BatchAnswer): string {
  const { sql, assumptions, result, exitCode, error } = answer;
  const head = { ...(id === null ? {} : { id }), question, sql, assumptions };
  const columns = result === null ? null : result.columns.map(({ name }) => name);
  const tail = { ...(result?.truncated ? { truncated: true } : {}), exitCode, error };
  return `${JSON.stringify(head).slice(0, -1)},"columns":${JSON.stringify(columns)},"rows":${rowsText(result)},${JSON.stringify(tail).slice(1)}`;
}

function rowsText(result: BatchAnswer['result']): string {
  if (result === null) return 'null';
  const renderer = createJsonRenderer('lines');
  renderer.begin(result.columns);
  return `[${result.rows.map((row) => renderer.rows([row]).trimEnd()).join(',')}]`;
}
