import type { Cursor } from './cursor.ts';
import { readExpression, readValue } from './expression.ts';

/** `expression [ASC|DESC] [NULLS FIRST|LAST]`. */
export function readSortItem(cursor: Cursor): void {
  readExpression(cursor);
  if (!cursor.takeWords('ASC')) {
    cursor.takeWords('DESC');
  }
  if (cursor.takeWords('NULLS') && !cursor.takeWords('FIRST')) {
    cursor.needWords('LAST');
  }
}

const frames: ReadonlySet<string> = new Set(['ROWS', 'RANGE', 'GROUPS']);

/** `(PARTITION BY … ORDER BY … ROWS …)`. */
export function readWindow(cursor: Cursor): void {
  cursor.within(() => {
    if (cursor.isName() && !cursor.isWord('PARTITION') && !cursor.isOneOf(frames)) {
      cursor.name();
    }
    if (cursor.takeWords('PARTITION', 'BY')) {
      cursor.list(() => readExpression(cursor));
    }
    if (cursor.takeWords('ORDER', 'BY')) {
      cursor.list(() => readSortItem(cursor));
    }
    if (!cursor.isOneOf(frames)) {
      return;
    }
    cursor.next();
    if (cursor.takeWords('BETWEEN')) {
      readBound(cursor);
      cursor.needWords('AND');
    }
    readBound(cursor);
  });
}

function readBound(cursor: Cursor): void {
  if (cursor.takeWords('CURRENT', 'ROW')) {
    return;
  }
  if (!cursor.takeWords('UNBOUNDED')) {
    readValue(cursor);
  }
  if (!cursor.takeWords('PRECEDING')) {
    cursor.needWords('FOLLOWING');
  }
}
