import { readFile } from 'node:fs/promises';
import { SqlqError } from '../../../errors.ts';
import { readWorkbook, type SheetRows } from '../../../render/xlsx/read.ts';
import { columnNames } from './names.ts';
import { aboveHeader } from './notes.ts';
import type { RawTable } from './raw-table.ts';
import type { Spool } from './spool.ts';
import { fileList, name } from './sql.ts';

/** A sheet that holds a table. */
export interface SheetTable {
  readonly sheet: string;
  readonly raw: RawTable;
  readonly assumed: readonly string[];
}

type Cell = SheetRows['rows'][number][number];

/** A header's row has at least this part of the cells that the widest has. */
const leastOfHeader = 0.5;
/** A header stands within so many rows. */
const deepestHeader = 100;

/** The tables of a workbook's sheets. Throws a SqlqError `failed` where none holds a row. */
export async function workbookTables(
  path: string,
  label: string,
  hasHeader: boolean | null,
  spool: Spool,
  quotes: boolean,
): Promise<readonly SheetTable[]> {
  const tables: SheetTable[] = [];
  for (const sheet of await readWorkbook(await readFile(path), label)) {
    const table = await sheetTable(sheet, label, hasHeader, spool, quotes);
    tables.push(...(table === null ? [] : [table]));
  }
  if (tables.length === 0) {
    throw new SqlqError('failed', `${label} has no sheet with a row in it.`, { hint: 'Check the path.' });
  }
  return tables;
}

/** The table of a sheet, its header found below titles and blank rows; null for a sheet without rows. */
async function sheetTable(
  { name: sheet, rows, uncomputed }: SheetRows,
  label: string,
  hasHeader: boolean | null,
  spool: Spool,
  quotes: boolean,
): Promise<SheetTable | null> {
  const filled = rows.filter((row) => row.some(isFilled));
  const first = Math.min(...filled.map((row) => row.findIndex(isFilled)));
  const last = Math.max(...filled.map((row) => row.findLastIndex(isFilled)));
  if (filled.length === 0) {
    return null;
  }
  const whole = filled.map((row) =>
    Array.from({ length: last - first + 1 }, (_, index) => row[first + index] ?? null),
  );
  const at = hasHeader === false ? -1 : headerAt(whole);
  const above = whole.slice(0, Math.max(at, 0));
  // A title may stand over columns that the table does not have.
  const table = whole.slice(Math.max(at, 0));
  const used = Array.from({ length: last - first + 1 }, (_, index) => index).filter((index) =>
    table.some((row) => isFilled(row[index])),
  );
  const cut = table.map((row) => used.map((index) => row[index] ?? null));
  const header = at < 0 ? null : (cut[0] ?? []).map((cell) => textOf(cell) ?? '');
  const columns = columnNames(header, used.length);
  const path = await spool.write(csv(cut.slice(header === null ? 0 : 1)));
  const types = columns.map((column) => `${name(column.name)}: 'VARCHAR'`);
  const titles = above.map((row) => String(row.find(isFilled) ?? ''));
  return {
    sheet,
    raw: {
      relation: `read_csv(${fileList([path])}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', compression = 'none', columns = {${types.join(', ')}})`,
      columns: columns.map((column) => ({ ...column, from: 'text' })),
      label: `${label}, sheet ${sheet}`,
      isCopy: true,
    },
    assumed: [
      ...(uncomputed === 0
        ? []
        : [
            `${label}, sheet ${sheet}: ${uncomputed === 1 ? 'a formula has' : `${uncomputed} formulas have`} no value stored in the file, and ${uncomputed === 1 ? 'is' : 'are'} read as no value. Open it in a spreadsheet program and save it there.`,
          ]),
      ...(above.length === 0 ? [] : [`${label}: ${aboveHeader('row', titles, quotes)}.`]),
      ...(header === null && hasHeader !== false
        ? [`${label}: there seems to be no header, and its columns are called column1, column2 and so on.`]
        : []),
    ],
  };
}

function isFilled(cell: Cell | undefined): boolean {
  return cell !== null && cell !== undefined && !(typeof cell === 'string' && cell.trim() === '');
}

/** The place of the header: the first row that is wide enough and all text; -1 where the first such row holds values. */
function headerAt(rows: readonly (readonly Cell[])[]): number {
  const widths = rows.map((row) => row.filter(isFilled).length);
  const widest = Math.max(...widths);
  const isYear = (cell: Cell): boolean =>
    typeof cell === 'number' && Number.isInteger(cell) && cell >= 1900 && cell <= 2100;
  for (let at = 0; at < Math.min(rows.length, deepestHeader); at++) {
    if ((widths[at] ?? 0) < Math.max(widest * leastOfHeader, Math.min(widest, 2))) {
      continue;
    }
    const cells = (rows[at] ?? []).filter(isFilled);
    const texts = cells.filter((cell) => typeof cell === 'string');
    return texts.length > 0 && cells.every((cell) => typeof cell === 'string' || isYear(cell)) ? at : -1;
  }
  return -1;
}

/** A cell as text that keeps its value: a day without a time is a day. */
function textOf(cell: Cell): string | null {
  if (cell instanceof Date) {
    const text = cell.toISOString();
    return text.endsWith('T00:00:00.000Z')
      ? text.slice(0, 10)
      : text
          .slice(0, 23)
          .replace('T', ' ')
          .replace(/\.000$/u, '');
  }
  return isFilled(cell) ? String(cell) : null;
}

function* csv(rows: readonly (readonly Cell[])[]): Generator<string> {
  for (const row of rows) {
    const cells = row.map((cell) => {
      const text = textOf(cell);
      return text === null ? '' : `"${text.replaceAll('"', '""')}"`;
    });
    yield `${cells.join(',')}\n`;
  }
}
