import type { Cell } from './readable-rows.ts';

/** A cell as text, exact; null where it has no value. */
export function cellText(cell: Cell): string | null {
  switch (typeof cell) {
    case 'string':
      return cell;
    case 'number':
    case 'boolean':
      return String(cell);
    default:
      return cell === null || cell === undefined ? null : JSON.stringify(cell);
  }
}
