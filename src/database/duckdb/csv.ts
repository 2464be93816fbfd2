import type { CsvResult } from '../database.ts';
import type { Reader } from './cells/reader.ts';
import { chunksOf, type Started } from './query.ts';
import { inOwnText, readersOf, type TypedColumn } from './values.ts';

/**
 * The rows of a started statement as CSV, a column of a chunk at a time. What was measured of a million rows of six columns
 * stands in bench/rows.ts.
 */
export function csvOf(started: Started, path: string, signal: AbortSignal): CsvResult {
  const { connection } = started;
  const columns = started.columns.map(inOwnText);
  const chunks = chunksOf(started, path, signal, (chunk) => {
    const rows = connection.driver.data_chunk_get_size(chunk);
    const fields = readersOf(connection, chunk, columns).map((reader, index) =>
      fieldsOf(reader, columns[index], rows),
    );
    return { bytes: linesOf(fields, rows), rows };
  });
  return { columns, chunks };
}

function linesOf(fields: readonly (readonly string[])[], rows: number): string {
  const [first = [], ...others] = fields;
  let text = '';
  for (let row = 0; row < rows; row += 1) {
    text += first[row];
    for (const field of others) {
      text += `,${field[row]}`;
    }
    text += '\n';
  }
  return text;
}

const special = /[",\n\r]/;

/** The values of a column as CSV has them; nothing for NULL. */
function fieldsOf(reader: Reader, column: TypedColumn | undefined, rows: number): readonly string[] {
  switch (column?.kind) {
    case 'number':
    case 'boolean':
      return each(reader, rows, (index) => reader.text(index));
    case 'real':
      return each(reader, rows, (index) => realText(reader.value(index)));
    case 'bytes':
      return each(reader, rows, (index) => `\\x${hexOf(reader.value(index))}`);
    default: {
      const texts = each(reader, rows, (index) => reader.text(index));
      // Whether any needs quotes is asked of all at once; an empty one and NULL are not told apart by their text.
      const isPlain = !special.test(texts.join(''));
      return each(reader, rows, (index) => {
        const text = texts[index] ?? '';
        return text === '' || (!isPlain && special.test(text)) ? `"${text.replaceAll('"', '""')}"` : text;
      });
    }
  }
}

function each(reader: Reader, rows: number, field: (index: number) => string): readonly string[] {
  const fields = new Array<string>(rows);
  for (let index = 0; index < rows; index += 1) {
    fields[index] = reader.isNull(index) ? '' : field(index);
  }
  return fields;
}

function hexOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '';
}

/** The shortest digits that mean this very number, with `.0` where it is whole. */
function realText(value: unknown): string {
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  return Number.isInteger(value) && Math.abs(Number(value)) < 1e21 ? `${value}.0` : String(value);
}
