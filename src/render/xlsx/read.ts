import type { CellValue, Sheet } from 'hucre/xlsx';
import { SqlqError } from '../../errors.ts';

/** A sheet of a workbook: its name, and its rows from the first on. */
export interface SheetRows {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
  /** Formulas whose value the file does not hold: their cells are empty in `rows`. */
  readonly uncomputed: number;
}

/** Reads a workbook. Throws a SqlqError `failed` that names it where it is protected by a password, or none. */
export async function readWorkbook(bytes: Uint8Array, label: string): Promise<readonly SheetRows[]> {
  const { readXls, readXlsx } = await import('hucre/xlsx');
  const isOle = bytes[0] === 0xd0 && bytes[1] === 0xcf;
  try {
    const { sheets } = await readXlsx(bytes).catch((error: unknown) => {
      if (!isOle || isOfPassword(error)) {
        throw error;
      }
      return readXls(bytes);
    });
    return sheets.map(({ name, rows, cells }: Sheet) => {
      const formulas = [...(cells?.values() ?? [])].filter(({ formula }) => formula !== undefined);
      const uncomputed = formulas.filter(({ value }) => value === null || value === undefined).length;
      return { name, rows, uncomputed };
    });
  } catch (error) {
    if (isOfPassword(error)) {
      throw new SqlqError('failed', `${label} is protected by a password.`, {
        hint: 'Open it in a spreadsheet program, save it without the password, and ask there.',
        cause: error,
      });
    }
    throw new SqlqError(
      'failed',
      `${label} is no workbook that can be read: it is broken, or of another kind.`,
      {
        hint: 'Open it in a spreadsheet program and save it as .xlsx or .csv.',
        cause: error,
      },
    );
  }
}

function isOfPassword(error: unknown): boolean {
  return error instanceof Error && /password|encrypt/iu.test(`${error.name} ${error.message}`);
}
