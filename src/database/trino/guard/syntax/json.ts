import type { Cursor } from './cursor.ts';
import { readExpression } from './expression.ts';
import { readType } from './type.ts';

/** Functions of SQL/JSON, which have words between their arguments. */
export const jsonFunctions: ReadonlySet<string> = new Set([
  'JSON_VALUE',
  'JSON_QUERY',
  'JSON_EXISTS',
  'JSON_OBJECT',
  'JSON_ARRAY',
]);

/** Words that say what becomes of errors, of nothing and of nulls, and how JSON is written. */
const manners: ReadonlySet<string> = new Set(
  `ON EMPTY ERROR NULL ABSENT WITH WITHOUT ARRAY OBJECT WRAPPER CONDITIONAL UNCONDITIONAL KEEP OMIT QUOTES SCALAR STRING
   TRUE FALSE UNKNOWN UNIQUE KEYS`.split(/\s+/),
);

export function readJsonFunction(cursor: Cursor): void {
  const name = cursor.next().text;
  cursor.within(() => {
    if (name === 'JSON_ARRAY') {
      readItems(cursor, () => readItem(cursor));
    } else if (name === 'JSON_OBJECT') {
      readItems(cursor, () => readMember(cursor));
    } else {
      readPath(cursor);
    }
    readManners(cursor);
  });
}

function readItems(cursor: Cursor, read: () => void): void {
  const isNone =
    cursor.isSign(')') || cursor.isWord('RETURNING') || (cursor.isWord('NULL') && cursor.isWord('ON', 1));
  if (!isNone) {
    cursor.list(read);
  }
}

/** `[KEY] expression VALUE expression`. */
function readMember(cursor: Cursor): void {
  if (cursor.isWord('KEY') && !cursor.isWord('VALUE', 1)) {
    cursor.next();
  }
  readExpression(cursor);
  cursor.needWords('VALUE');
  readItem(cursor);
}

/** `expression [FORMAT JSON [ENCODING UTF8]]`. */
function readItem(cursor: Cursor): void {
  readExpression(cursor);
  readFormat(cursor);
}

function readFormat(cursor: Cursor): void {
  if (cursor.takeWords('FORMAT')) {
    cursor.needWords('JSON');
    if (cursor.takeWords('ENCODING')) {
      cursor.name();
    }
  }
}

/** `expression, 'path' [AS name] [PASSING expression AS name, …]`. */
function readPath(cursor: Cursor): void {
  readItem(cursor);
  cursor.needSign(',');
  cursor.need('text');
  if (cursor.takeWords('AS')) {
    cursor.name();
  }
  if (cursor.takeWords('PASSING')) {
    cursor.list(() => {
      readItem(cursor);
      cursor.needWords('AS');
      cursor.name();
    });
  }
}

function readManners(cursor: Cursor): void {
  for (;;) {
    if (cursor.takeWords('RETURNING')) {
      readType(cursor);
      readFormat(cursor);
    } else if (cursor.takeWords('DEFAULT')) {
      readExpression(cursor);
    } else if (cursor.isOneOf(manners)) {
      cursor.next();
    } else {
      return;
    }
  }
}
