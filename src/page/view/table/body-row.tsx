import type { JSX } from 'preact';
import { cellText } from '../../rows/cell-text.ts';
import type { RowStore } from '../../rows/row-store.ts';
import { useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import type { PlacedColumn } from './column-widths.ts';

/** Letters of a cell that are drawn in a row; all of them are below the table once it is chosen. */
const longest = 200;

/** One row as far as it is seen. */
export function BodyRow(props: {
  readonly id: string;
  readonly rows: RowStore;
  readonly row: number;
  readonly position: number;
  readonly top: number;
  readonly columns: readonly PlacedColumn[];
  readonly activeColumn: number | null;
  readonly onActivate: (column: number) => void;
}): JSX.Element {
  const { id, rows, row, position, top, columns, activeColumn, onActivate } = props;
  const { say } = useSpeech();
  return (
    <div
      role="row"
      class={position % 2 === 0 ? 'grid-row' : 'grid-row is-odd'}
      aria-rowindex={position + 2}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map(({ column, left, width }) => {
        const text = cellText(rows.cell(row, column));
        const kind = text === null ? ' is-null' : rows.isNumeric(column) ? ' is-number' : '';
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it hears the keys
          <div
            key={column}
            id={`${id}-${column}`}
            role="gridcell"
            tabIndex={-1}
            aria-colindex={column + 1}
            aria-selected={activeColumn === column}
            class={`cell${kind}`}
            style={{ left: `${left}px`, width: `${width}px` }}
            onClick={() => onActivate(column)}
          >
            {text === null ? <span>{say('rows.null')}</span> : <PlainText text={text.slice(0, longest)} />}
          </div>
        );
      })}
    </div>
  );
}
