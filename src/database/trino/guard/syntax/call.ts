import type { Cursor } from './cursor.ts';
import { readExpression } from './expression.ts';
import { takeQuantifier } from './query.ts';
import { readSortItem, readWindow } from './window.ts';

/** `name(…)` with what an aggregate or a window function has behind it. */
export function readCall(cursor: Cursor): void {
  cursor.findings.functions.add(cursor.name());
  readArguments(cursor);
  readBehind(cursor);
}

/** `LISTAGG(…) WITHIN GROUP (ORDER BY …)`. */
export function readListagg(cursor: Cursor): void {
  cursor.needWords('LISTAGG');
  cursor.within(() => {
    takeQuantifier(cursor);
    readExpression(cursor);
    if (cursor.takeSign(',')) {
      cursor.need('text');
    }
    if (cursor.takeWords('ON', 'OVERFLOW') && !cursor.takeWords('ERROR')) {
      cursor.needWords('TRUNCATE');
      if (cursor.peek().kind === 'text') {
        cursor.next();
      }
      if (!cursor.takeWords('WITHOUT')) {
        cursor.needWords('WITH');
      }
      cursor.needWords('COUNT');
    }
  });
  cursor.needWords('WITHIN', 'GROUP');
  cursor.within(() => {
    cursor.needWords('ORDER', 'BY');
    cursor.list(() => readSortItem(cursor));
  });
  readFilter(cursor);
}

function readArguments(cursor: Cursor): void {
  cursor.within(() => {
    if (cursor.isSign(')')) {
      return;
    }
    if (cursor.takeSign('*')) {
      return;
    }
    takeQuantifier(cursor);
    cursor.list(() => readExpression(cursor));
    if (cursor.takeWords('ORDER', 'BY')) {
      cursor.list(() => readSortItem(cursor));
    }
  });
}

function readFilter(cursor: Cursor): void {
  if (cursor.isWord('FILTER') && cursor.isSign('(', 1)) {
    cursor.next();
    cursor.within(() => {
      cursor.needWords('WHERE');
      readExpression(cursor);
    });
  }
}

function readBehind(cursor: Cursor): void {
  readFilter(cursor);
  const isTreated = cursor.takeWords('IGNORE', 'NULLS') || cursor.takeWords('RESPECT', 'NULLS');
  if (isTreated && !cursor.isWord('OVER')) {
    throw cursor.unexpected();
  }
  if (cursor.isWord('OVER') && (cursor.isSign('(', 1) || cursor.isName(1))) {
    cursor.next();
    if (cursor.isSign('(')) {
      readWindow(cursor);
    } else {
      cursor.name();
    }
  }
}
