import type { ResultColumn, Row } from '../result.ts';
import type { TextRenderer } from './renderer.ts';

/** A renderer of what must be known whole: it holds all its rows until the end, and writes them then. */
export function createGatheredRenderer(
  write: (columns: readonly ResultColumn[], rows: readonly Row[], truncated: boolean) => string,
): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  const rows: Row[] = [];
  return {
    begin(found) {
      columns = found;
      return '';
    },
    rows(batch) {
      for (const row of batch) {
        rows.push(row);
      }
      return '';
    },
    end: (truncated = false) => write(columns, rows, truncated),
  };
}
