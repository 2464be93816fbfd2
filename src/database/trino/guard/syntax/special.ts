import { readListagg } from './call.ts';
import type { Cursor } from './cursor.ts';
import { readExpression, readValue } from './expression.ts';
import { jsonFunctions, readJsonFunction } from './json.ts';
import { readQuery } from './query.ts';
import { readIntervalFields, readType } from './type.ts';

/** Forms that begin with a word of their own; says whether it was one. */
export function readSpecial(cursor: Cursor, word: string): boolean {
  const read = specials[word];
  const isCall = cursor.isSign('(', 1);
  if (jsonFunctions.has(word)) {
    readJsonFunction(cursor);
    return true;
  }
  if (word === 'LISTAGG') {
    readListagg(cursor);
    return true;
  }
  if (word === 'INTERVAL' && (cursor.peek(1).kind === 'text' || /^[-+]$/.test(cursor.peek(1).text))) {
    readInterval(cursor);
    return true;
  }
  if (word === 'DOUBLE' && cursor.isWord('PRECISION', 1)) {
    cursor.needWords('DOUBLE', 'PRECISION');
    cursor.need('text');
    return true;
  }
  const isOwn =
    read !== undefined && (isCall || word === 'CASE' || (word === 'ARRAY' && cursor.isSign('[', 1)));
  if (isOwn) {
    cursor.next();
    read(cursor);
  }
  return isOwn;
}

const specials: Readonly<Record<string, (cursor: Cursor) => void>> = {
  CASE: readCase,
  ARRAY: readArray,
  EXISTS: (cursor) => cursor.within(() => readQuery(cursor)),
  ROW: (cursor) => cursor.within(() => cursor.list(() => readExpression(cursor))),
  CAST: readCast,
  TRY_CAST: readCast,
  POSITION: (cursor) =>
    cursor.within(() => {
      readValue(cursor);
      cursor.needWords('IN');
      readValue(cursor);
    }),
  EXTRACT: (cursor) =>
    cursor.within(() => {
      cursor.name();
      cursor.needWords('FROM');
      readValue(cursor);
    }),
  SUBSTRING: (cursor) =>
    cursor.within(() => {
      cursor.list(() => readValue(cursor));
      if (cursor.takeWords('FROM')) {
        readValue(cursor);
        if (cursor.takeWords('FOR')) {
          readValue(cursor);
        }
      }
    }),
  TRIM: readTrim,
  NORMALIZE: (cursor) =>
    cursor.within(() => {
      readValue(cursor);
      if (cursor.takeSign(',')) {
        cursor.name();
      }
    }),
  GROUPING: (cursor) =>
    cursor.within(() =>
      cursor.list(() => {
        for (const part of cursor.qualifiedName()) {
          cursor.noteColumn(part);
        }
      }),
    ),
};

function readArray(cursor: Cursor): void {
  cursor.needSign('[');
  if (!cursor.isSign(']')) {
    cursor.list(() => readExpression(cursor));
  }
  cursor.needSign(']');
}

function readCase(cursor: Cursor): void {
  if (!cursor.isWord('WHEN')) {
    readExpression(cursor);
  }
  do {
    cursor.needWords('WHEN');
    readExpression(cursor);
    cursor.needWords('THEN');
    readExpression(cursor);
  } while (cursor.isWord('WHEN'));
  if (cursor.takeWords('ELSE')) {
    readExpression(cursor);
  }
  cursor.needWords('END');
}

function readCast(cursor: Cursor): void {
  cursor.within(() => {
    readExpression(cursor);
    cursor.needWords('AS');
    readType(cursor);
  });
}

function readTrim(cursor: Cursor): void {
  cursor.within(() => {
    if (['LEADING', 'TRAILING', 'BOTH'].some((word) => cursor.isWord(word) && !cursor.isSign(')', 1))) {
      cursor.next();
    }
    if (!cursor.isWord('FROM')) {
      readValue(cursor);
    }
    if (cursor.takeWords('FROM') || cursor.takeSign(',')) {
      readValue(cursor);
    }
  });
}

/** `INTERVAL '1' DAY [TO SECOND]`. */
export function readInterval(cursor: Cursor): void {
  cursor.needWords('INTERVAL');
  if (!cursor.takeSign('-')) {
    cursor.takeSign('+');
  }
  cursor.need('text');
  readIntervalFields(cursor);
}
