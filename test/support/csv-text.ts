import type { CsvResult } from '../../src/database/database.ts';

/** All the CSV of a result and the number of its rows; each chunk holds whole rows and is read before the next. */
export async function readCsv(
  result: CsvResult | null | undefined,
): Promise<{ readonly text: string; readonly rows: number }> {
  let text = '';
  let rows = 0;
  for await (const chunk of result?.chunks ?? []) {
    text += typeof chunk.bytes === 'string' ? chunk.bytes : Buffer.from(chunk.bytes).toString();
    rows += chunk.rows;
  }
  return { text, rows };
}
