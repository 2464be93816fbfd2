import type { ApiDoubt } from '../../serve/api/answer.ts';
import type { Rows } from '../../serve/api/run.ts';
import type { Column, Row } from '../rows/readable-rows.ts';
import { Failure, failureOf } from './client.ts';

/** What is known once the last row has come. */
export interface RowsEnd {
  readonly truncated: boolean;
  readonly doubts: readonly ApiDoubt[];
  readonly milliseconds: number;
}

/**
 * Reads rows while they come. The reply is one JSON document that has a row a line, so that it need never be held whole:
 * the first line ends where the rows begin, the last begins where they end. Throws `Failure`.
 */
export async function readRows(
  response: Response,
  hear: { columns(columns: readonly Column[]): void; rows(rows: readonly Row[]): void },
): Promise<RowsEnd> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let isOpen = false;
  let end: RowsEnd | null = null;
  const take = (lines: readonly string[]): void => {
    const rows: string[] = [];
    for (const line of lines) {
      const text = line.trim();
      if (!isOpen && text !== '') {
        // All of a short reply may stand on one line.
        const isWhole = text.endsWith('}');
        const head: Rows = JSON.parse(isWhole ? text : `${text}]}`);
        hear.columns(head.columns);
        hear.rows(head.rows);
        end = isWhole ? head : null;
        isOpen = true;
      } else if (text.startsWith(']')) {
        end = JSON.parse(`{"rows":[${text}`);
      } else if (text !== '' && text !== ',') {
        rows.push(text.startsWith(',') ? text.slice(1) : text.endsWith(',') ? text.slice(0, -1) : text);
      }
    }
    if (rows.length > 0) {
      hear.rows(JSON.parse(`[${rows.join(',')}]`));
    }
  };
  try {
    for (;;) {
      const next = await reader?.read();
      if (next === undefined || next.done) {
        break;
      }
      const lines = (rest + next.value).split('\n');
      rest = lines.pop() ?? '';
      take(lines);
    }
    take([rest]);
  } catch (error) {
    throw failureOf(error);
  }
  if (end === null) {
    throw new Failure('lost', '');
  }
  return end;
}
