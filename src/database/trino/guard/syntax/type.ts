import type { Cursor } from './cursor.ts';

const fields: ReadonlySet<string> = new Set(['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']);

/** `DAY [TO SECOND]`. */
export function readIntervalFields(cursor: Cursor): void {
  do {
    if (!cursor.isOneOf(fields)) {
      throw cursor.unexpected();
    }
    cursor.next();
  } while (cursor.takeWords('TO'));
}

/** Trino's rule `type`. A type brings no code: Trino has none that users make. */
export function readType(cursor: Cursor): void {
  cursor.deeper(() => {
    if (cursor.isWord('ROW') && cursor.isSign('(', 1)) {
      cursor.next();
      cursor.within(() => cursor.list(() => readField(cursor)));
    } else if (cursor.takeWords('INTERVAL')) {
      readIntervalFields(cursor);
    } else if (cursor.takeWords('TIMESTAMP') || cursor.takeWords('TIME')) {
      readParameters(cursor);
      if (!cursor.takeWords('WITH', 'TIME', 'ZONE')) {
        cursor.takeWords('WITHOUT', 'TIME', 'ZONE');
      }
    } else if (!cursor.takeWords('DOUBLE', 'PRECISION')) {
      cursor.name();
      readParameters(cursor);
    }
    while (cursor.takeWords('ARRAY')) {
      if (cursor.takeSign('[')) {
        cursor.need('integer');
        cursor.needSign(']');
      }
    }
  });
}

function readParameters(cursor: Cursor): void {
  if (cursor.isSign('(')) {
    cursor.within(() =>
      cursor.list(() => {
        if (cursor.peek().kind === 'integer') {
          cursor.next();
        } else {
          readType(cursor);
        }
      }),
    );
  }
}

/** `type` or `name type`. */
function readField(cursor: Cursor): void {
  const isDouble = cursor.isWord('DOUBLE') && cursor.isWord('PRECISION', 1);
  const isArray = cursor.isWord('ARRAY', 1) && !cursor.isSign('(', 2);
  if (cursor.isName() && cursor.isName(1) && !isDouble && !isArray) {
    cursor.name();
  }
  readType(cursor);
}
