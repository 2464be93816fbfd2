import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { createScroll } from '../../rows/scroll.ts';

export const rowHeight = 32;
export const headHeight = 40;

/** What of the rows is seen. */
export interface RowWindow {
  /** The height of all rows, as the browser is told. */
  readonly height: number;
  /** Pixels of rows above the window. */
  readonly offset: number;
  readonly visible: number;
  /** The first and the last column's pixels that are seen. */
  readonly left: number;
  readonly width: number;
  /** Brings a row into the window. */
  reveal(row: number): void;
}

/** How long after the last movement the scrollbar is put where the rows are. */
const restMilliseconds = 150;

/** Follows the scrolling of a table's box: rows stand where `createScroll` says, however many there are. */
export function useRowScroll(box: RefObject<HTMLElement | null>, count: number): RowWindow {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [position, setPosition] = useState({ offset: 0, left: 0 });
  const last = useRef(0);
  const visible = Math.max(size.height - headHeight, 0);
  const scroll = useMemo(() => createScroll(count * rowHeight, visible, last.current), [count, visible]);
  const show = (left: number): void => {
    last.current = scroll.offset();
    setPosition({ offset: last.current, left });
  };
  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    const settle = (): void => {
      const top = scroll.settle();
      if (Math.abs(element.scrollTop - top) > 1) {
        element.scrollTop = top;
      }
    };
    settle();
    show(element.scrollLeft);
    let rest: ReturnType<typeof setTimeout> | undefined;
    const hear = (): void => {
      scroll.moved(element.scrollTop);
      show(element.scrollLeft);
      clearTimeout(rest);
      rest = setTimeout(settle, restMilliseconds);
    };
    element.addEventListener('scroll', hear, { passive: true });
    return () => {
      clearTimeout(rest);
      element.removeEventListener('scroll', hear);
    };
  }, [box, scroll]);
  return {
    height: scroll.height,
    visible,
    width: size.width,
    ...position,
    reveal(row) {
      const top = row * rowHeight;
      const element = box.current;
      const isAbove = top < scroll.offset();
      const isBelow = top + rowHeight > scroll.offset() + visible;
      if (element !== null && (isAbove || isBelow)) {
        element.scrollTop = scroll.go(isAbove ? top : top + rowHeight - visible);
        show(element.scrollLeft);
      }
    },
  };
}
