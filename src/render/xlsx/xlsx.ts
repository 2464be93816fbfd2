import { type CellValue, writeXlsxStream } from 'hucre/xlsx';
import type { ResultColumn, Row } from '../../result.ts';
import { counted } from '../quantity.ts';
import type { Renderer } from '../renderer.ts';
import { createCells } from './cells.ts';
import { createFeed } from './feed.ts';

/** The most columns that a sheet has. */
const mostColumns = 16_384;

/**
 * A workbook with one sheet, written while the rows come: the library asks for a row when it has room for one. Cells are
 * values, never formulas, whatever they hold.
 */
export function createXlsxRenderer(): Renderer {
  const feed = createFeed<Row>();
  const cells = createCells();
  const written: Uint8Array[] = [];
  let left = 0;
  let reading: Promise<void> = Promise.resolve();

  async function* sheetRows(columns: readonly ResultColumn[]): AsyncGenerator<CellValue[]> {
    yield columns.map(({ name }) => cells.text(name));
    for await (const row of feed.items) {
      yield columns.map((column, index) => cells.of(row[index] ?? null, column));
    }
  }
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const piece of stream) {
      written.push(piece);
    }
  };
  const take = (): Uint8Array => Buffer.concat(written.splice(0));

  return {
    async begin(columns) {
      left = Math.max(0, columns.length - mostColumns);
      const shown = columns.slice(0, mostColumns);
      const stream = writeXlsxStream(sheetRows(shown), {
        name: 'Rows',
        columns: shown.map((column) => cells.formatOf(column)),
        freezePane: { rows: 1 },
        maxRowsPerSheet: Number.POSITIVE_INFINITY,
        zip64: true,
      });
      reading = read(stream);
      // Whoever awaits the rows or the end hears of a failure.
      reading.catch(() => {});
      return take();
    },
    async rows(batch) {
      await Promise.race([feed.give(batch), reading]);
      return take();
    },
    async end() {
      feed.finish();
      await reading;
      return take();
    },
    notes: () => [
      ...cells.notes(),
      ...(left === 0 ? [] : [`A sheet has no room for the last ${counted(left, 'column')}.`]),
    ],
  };
}
