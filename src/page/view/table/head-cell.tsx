import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Sorting } from '../../rows/order.ts';
import { useSpeech } from '../../state/page.ts';
import { PlainText, plainText } from '../plain-text.tsx';
import type { PlacedColumn } from './column-widths.ts';

type Direction = Sorting['direction'];

const keyStep = 24;

/** A column's name, which sorts by it, and its edge, which makes it wider. */
export function HeadCell(props: {
  readonly place: PlacedColumn;
  readonly name: string;
  readonly type: string;
  readonly isNumeric: boolean;
  readonly sorting: Direction | null;
  readonly onSort: (direction: Direction | null) => void;
  readonly onResize: (width: number) => void;
}): JSX.Element {
  const { place, name, type, isNumeric, sorting, onSort, onResize } = props;
  const { say } = useSpeech();
  const grabbed = useRef<number | null>(null);
  const next: Direction | null =
    sorting === null ? 'ascending' : sorting === 'ascending' ? 'descending' : null;
  return (
    <div
      role="columnheader"
      class={isNumeric ? 'head-cell is-number' : 'head-cell'}
      aria-colindex={place.column + 1}
      aria-sort={sorting ?? 'none'}
      style={{ left: `${place.left}px`, width: `${place.width}px` }}
    >
      <button
        type="button"
        title={`${plainText(name)}${type === '' ? '' : `: ${plainText(type)}`}`}
        aria-label={say('rows.sort', { column: plainText(name) })}
        aria-description={say('rows.resizeHint')}
        onClick={() => onSort(next)}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowRight' ? keyStep : event.key === 'ArrowLeft' ? -keyStep : 0;
          if (event.altKey && step !== 0) {
            event.preventDefault();
            onResize(place.width + step);
          }
        }}
      >
        <span class="cut">
          <PlainText text={name} />
        </span>
        <span aria-hidden="true" class="sort-mark">
          {sorting === 'ascending' ? '▲' : sorting === 'descending' ? '▼' : ''}
        </span>
      </button>
      <span
        class="edge"
        aria-hidden="true"
        onPointerDown={(event) => {
          event.preventDefault();
          grabbed.current = event.clientX - place.width;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={({ clientX }) => {
          if (grabbed.current !== null) {
            onResize(clientX - grabbed.current);
          }
        }}
        onPointerUp={() => {
          grabbed.current = null;
        }}
        onPointerCancel={() => {
          grabbed.current = null;
        }}
      />
    </div>
  );
}
