import type { Row } from '../database.ts';

/** Cells whose text could not be read as UTF-8: each byte that could not stands as U+FFFD, as a decoder leaves it. */
export function unreadableCells(batch: readonly Row[]): number {
  let count = 0;
  for (const row of batch) {
    for (const value of row) {
      if (typeof value === 'string' && value.includes('\ufffd')) {
        count += 1;
      }
    }
  }
  return count;
}

/** The same of CSV text that the engine has written, of whole rows; bytes go on as they are. */
export function unreadableFields(csv: string | Uint8Array): number {
  if (typeof csv !== 'string' || !csv.includes('\ufffd')) {
    return 0;
  }
  const fields = csv.match(/"(?:[^"]|"")*"|[^,\n"]+/gu) ?? [];
  return fields.filter((field) => field.includes('\ufffd')).length;
}

/** What is said of so many of them; nothing of none. */
export function unreadableNote(count: number): readonly string[] {
  if (count === 0) {
    return [];
  }
  const cells = count === 1 ? '1 cell holds' : `${count.toLocaleString('en')} cells hold`;
  return [
    `${cells} bytes that are not UTF-8; they stand as \ufffd. Read such a column as bytes to see them.`,
  ];
}
