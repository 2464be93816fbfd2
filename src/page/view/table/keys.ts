/** A cell by where it is seen. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that a page has. */
  readonly page: number;
}

/** Where a key leads from a cell, as in a grid of the ARIA authoring practices; null for keys that lead nowhere. */
export function moved(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  from: CellPlace | null,
  { rows, columns, page }: Extent,
): CellPlace | null {
  const { row, column } = from ?? { row: 0, column: 0 };
  const isFar = ctrlKey || metaKey;
  const to: Readonly<Record<string, CellPlace>> = {
    ArrowDown: { row: from === null ? 0 : row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: from === null ? 0 : column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    Home: { row: isFar ? 0 : row, column: 0 },
    End: { row: isFar ? rows - 1 : row, column: columns - 1 },
  };
  const place = to[key];
  if (place === undefined || rows === 0) {
    return null;
  }
  const within = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1));
  return { row: within(place.row, rows), column: within(place.column, columns) };
}
