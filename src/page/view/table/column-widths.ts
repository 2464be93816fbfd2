import { cellText } from '../../rows/cell-text.ts';
import type { RowStore } from '../../rows/row-store.ts';

const letterWidth = 7.8;
const padding = 44;
const narrowest = 72;
const widest = 320;

/** Rows that are looked at for how wide a column should be. */
const sample = 60;

/** How wide each column is at first: as its name and its first values need, within bounds. */
export function fittingWidths(rows: RowStore): readonly number[] {
  return rows.columns.map(({ name }, column) => {
    const texts = Array.from({ length: Math.min(sample, rows.length) }, (_, row) =>
      cellText(rows.cell(row, column)),
    );
    const longest = Math.max(name.length + 1, ...texts.map((text) => text?.length ?? 0));
    return bounded(longest * letterWidth + padding, widest);
  });
}

/** A width that the user has chosen, as far as a column can have it. */
export const bounded = (width: number, most = 1_200): number =>
  Math.round(Math.max(narrowest, Math.min(width, most)));

/** A column that is seen, and where. */
export interface PlacedColumn {
  readonly column: number;
  readonly left: number;
  readonly width: number;
}

/** The columns that are seen between two edges; a table can have hundreds. */
export function placed(widths: readonly number[], left: number, right: number): readonly PlacedColumn[] {
  let at = 0;
  return widths.flatMap((width, column) => {
    const start = at;
    at += width;
    return at >= left && start <= right ? [{ column, left: start, width }] : [];
  });
}
