import type { CsvResult } from '../database.ts';
import { chunksOf, type Started } from './query.ts';
import { readersOf } from './values.ts';

/** The rows of a started statement as CSV. */
export function csvOf(started: Started, path: string, signal: AbortSignal): CsvResult {
  const { connection, columns } = started;
  const chunks = chunksOf(started, path, signal, (chunk) => {
    const rows = connection.driver.data_chunk_get_size(chunk);
    const readers = readersOf(connection, chunk, columns);
    let bytes = '';
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < readers.length; column += 1) {
        const reader = readers[column];
        bytes += column === 0 ? '' : ',';
        bytes += reader === undefined || reader.isNull(row) ? '' : field(reader.text(row));
      }
      bytes += '\n';
    }
    return { bytes, rows };
  });
  return { columns, chunks };
}

function field(text: string): string {
  return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
