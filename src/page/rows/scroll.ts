/** The tallest element that every browser scrolls; Firefox stops at 17 million pixels. */
const tallest = 8_000_000;

/** What of a long table is seen: browsers can't scroll the height of a million rows. */
export interface Scroll {
  /** The height that the browser is told. */
  readonly height: number;
  /** Where the rows stand for where the browser stands. */
  offset(): number;
  /** The browser has scrolled. Small steps go row for row; a jump, as of the scrollbar, goes to its share of the whole. */
  moved(top: number): void;
  /** Where the browser has to stand for these rows, and is put when it has come to rest. */
  settle(): number;
  /** Goes to an offset. */
  go(offset: number): number;
}

/** Maps the scroll position of an element that is at most `tallest` high to that of all rows. */
export function createScroll(total: number, visible: number, start = 0): Scroll {
  const height = Math.min(total, tallest);
  const most = Math.max(total - visible, 0);
  const mostTop = Math.max(height - visible, 0);
  const ratio = mostTop === 0 ? 1 : most / mostTop;
  let offset = Math.min(start, most);
  let last = offset / ratio;
  return {
    height,
    offset: () => offset,
    moved(top) {
      const step = top - last;
      const isJump = ratio === 1 || Math.abs(step) > visible || top <= 0 || top >= mostTop - 1;
      offset = Math.max(0, Math.min(isJump ? top * ratio : offset + step, most));
      last = top;
    },
    settle() {
      last = offset / ratio;
      return last;
    },
    go(to) {
      offset = Math.max(0, Math.min(to, most));
      return this.settle();
    },
  };
}
