import type { CellValue, Sheet } from 'hucre/xlsx';
import { SqlqError } from '../../errors.ts';

/** A sheet of a workbook: its name, and its rows from the first on. */
export interface SheetRows {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
  /** Formulas whose value the file does not hold: their cells are empty in `rows`. */
  readonly uncomputed: number;
}

/**
 * Reads a workbook (.xlsx, .xlsm). Throws a SqlqError `failed` that names it where it is protected by a password, is of Excel 97
 * to 2003, or is none.
 */
export async function readWorkbook(bytes: Uint8Array, label: string): Promise<readonly SheetRows[]> {
  const { readXlsx } = await import('hucre/xlsx');
  try {
    refuseOld(bytes, label);
    const { sheets } = await readXlsx(bytes);
    return sheets.map(({ name, rows, cells }: Sheet) => {
      const formulas = [...(cells?.values() ?? [])].filter(({ formula }) => formula !== undefined);
      const uncomputed = formulas.filter(({ value }) => value === null || value === undefined).length;
      return { name, rows, uncomputed };
    });
  } catch (error) {
    if (error instanceof SqlqError) {
      throw error;
    }
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

/** A compound file is a workbook that is encrypted (MS-OFFCRYPTO 2.3.4.4 names its stream), or one of Excel 97 to 2003. */
function refuseOld(bytes: Uint8Array, label: string): void {
  const isCompound = bytes[0] === 0xd0 && bytes[1] === 0xcf;
  if (isCompound && !Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
    throw new SqlqError(
      'failed',
      `${label} is a workbook of Excel 97 to 2003 (.xls), or of another program of that time, and sqlq reads none of those.`,
      {
        hint: 'Open it in a spreadsheet program and save it as .xlsx; LibreOffice does so too: soffice --headless --convert-to xlsx FILE',
      },
    );
  }
}

function isOfPassword(error: unknown): boolean {
  return error instanceof Error && /password|encrypt/iu.test(`${error.name} ${error.message}`);
}
