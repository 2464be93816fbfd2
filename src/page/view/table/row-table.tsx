import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { cellText } from '../../rows/cell-text.ts';
import { type Filter, orderRows, type Sorting } from '../../rows/order.ts';
import type { RowStore } from '../../rows/row-store.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { ActiveCell } from './active-cell.tsx';
import { BodyRow } from './body-row.tsx';
import { bounded, fittingWidths, placed } from './column-widths.ts';
import { FilterBar } from './filter-bar.tsx';
import { HeadCell } from './head-cell.tsx';
import { type CellPlace, moved } from './keys.ts';
import { headHeight, rowHeight, useRowScroll } from './use-row-scroll.ts';

/** Rows drawn above and below those that are seen. */
const spare = 4;

/** How long rows that still come are waited for before they are put in order. */
const orderMilliseconds = 60;

/** After so long it is said that they are being put in order. */
const slowMilliseconds = 300;

/** Rows to scroll, to sort and to filter; however many there are, only those that are seen are drawn. */
export function RowTable(props: {
  readonly rows: RowStore;
  readonly label: string;
  readonly isComplete: boolean;
}): JSX.Element {
  const { rows, label, isComplete } = props;
  const { announce } = usePage();
  const speech = useSpeech();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const version = rows.version.value;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [filter, setFilter] = useState<Filter>({ column: null, text: '' });
  const [order, setOrder] = useState<Uint32Array | null>(null);
  const [isOrdering, setOrdering] = useState(false);
  const [active, setActive] = useState<CellPlace | null>(null);
  const [chosen, setChosen] = useState<ReadonlyMap<number, number>>(new Map());
  const hasSome = rows.length > 0;
  // Widths fit the first rows that come, and then stay.
  const fitting = useMemo(() => fittingWidths(rows), [rows, hasSome]);
  const widths = fitting.map((width, column) => chosen.get(column) ?? width);
  const isOrdered = sorting !== null || filter.text.trim() !== '';
  const count = isOrdered && order !== null ? order.length : rows.length;
  const view = useRowScroll(box, count);

  // Rows that have come since are put in order too.
  useEffect(() => {
    if (!isOrdered) {
      setOrder(null);
      setOrdering(false);
      return;
    }
    const stop = new AbortController();
    const slow = setTimeout(() => setOrdering(true), slowMilliseconds);
    const done = (): void => {
      clearTimeout(slow);
      setOrdering(false);
    };
    const put = async (): Promise<void> => {
      const found = await orderRows(rows, sorting, filter, {
        language: speech.language,
        signal: stop.signal,
      });
      setOrder(found);
      done();
      announce(
        speech.say('rows.shown', {
          shown: speech.number(found?.length ?? rows.length),
          count: speech.number(rows.length),
        }),
      );
    };
    const timer = setTimeout(() => {
      put().catch((error: unknown) => {
        if (!stop.signal.aborted) {
          throw error;
        }
      });
    }, orderMilliseconds);
    return () => {
      clearTimeout(timer);
      clearTimeout(slow);
      stop.abort();
    };
  }, [rows, version, sorting, filter, isOrdered, speech.language]);

  const rowAt = (position: number): number =>
    isOrdered && order !== null ? (order[position] ?? 0) : position;
  const resize = (column: number, width: number): void =>
    setChosen(new Map(chosen).set(column, bounded(width)));
  const first = Math.max(0, Math.floor(view.offset / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((view.offset + view.visible) / rowHeight) + spare);
  const positions = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  const columns = placed(widths, view.left, view.left + (view.width || 2_000));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const isDrawn = active !== null && active.row >= first && active.row < end;
  const activate = (place: CellPlace): void => {
    setActive(place);
    view.reveal(place.row);
    const left = widths.slice(0, place.column).reduce((sum, width) => sum + width, 0);
    const right = left + (widths[place.column] ?? 0);
    const element = box.current;
    if (element !== null && (left < element.scrollLeft || right > element.scrollLeft + element.clientWidth)) {
      element.scrollLeft = left;
    }
  };
  const activeText = active === null ? null : cellText(rows.cell(rowAt(active.row), active.column));
  return (
    <div class="table-box">
      <FilterBar
        columns={rows.columns}
        filter={filter}
        onFilter={setFilter}
        shown={isOrdered && order !== null ? order.length : null}
        count={rows.length}
        isOrdering={isOrdering}
      />
      <div
        class="grid"
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={isComplete ? count + 1 : -1}
        aria-colcount={rows.columns.length}
        aria-readonly="true"
        style={{ height: `${Math.min(count, 14) * rowHeight + headHeight + 14}px` }}
        {...(isDrawn ? { 'aria-activedescendant': `${id}-${active.row}-${active.column}` } : {})}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) {
            return;
          }
          const page = Math.max(1, Math.floor(view.visible / rowHeight) - 1);
          const next = moved(event, active, { rows: count, columns: rows.columns.length, page });
          if (next !== null) {
            event.preventDefault();
            activate(next);
          } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && activeText !== null) {
            void navigator.clipboard?.writeText(activeText);
          }
        }}
      >
        <div role="rowgroup" class="grid-head" style={{ width: `${total}px` }}>
          <div role="row" aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell
                key={column.column}
                place={column}
                name={rows.columns[column.column]?.name ?? ''}
                type={rows.columns[column.column]?.type ?? ''}
                isNumeric={rows.isNumeric(column.column)}
                sorting={sorting?.column === column.column ? sorting.direction : null}
                onSort={(direction) =>
                  setSorting(direction === null ? null : { column: column.column, direction })
                }
                onResize={(width) => resize(column.column, width)}
              />
            ))}
          </div>
        </div>
        <div role="rowgroup" class="grid-space" style={{ height: `${view.height}px`, width: `${total}px` }}>
          <div
            class="grid-window"
            role="presentation"
            style={{ height: `${Math.min(view.visible, view.height)}px`, top: `${headHeight}px` }}
          >
            {positions.map((position) => (
              <BodyRow
                key={position}
                id={`${id}-${position}`}
                rows={rows}
                row={rowAt(position)}
                position={position}
                top={position * rowHeight - view.offset}
                columns={columns}
                activeColumn={active?.row === position ? active.column : null}
                onActivate={(column) => activate({ row: position, column })}
              />
            ))}
          </div>
        </div>
      </div>
      {active !== null && <ActiveCell name={rows.columns[active.column]?.name ?? ''} text={activeText} />}
    </div>
  );
}
