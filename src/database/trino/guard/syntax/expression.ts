import { readCall, readListagg } from './call.ts';
import { type Cursor, Refusal } from './cursor.ts';
import { jsonFunctions, readJsonFunction } from './json.ts';
import { beginsLambda, beginsQuery } from './lookahead.ts';
import { readQuery } from './query.ts';
import { readType } from './type.ts';

/** Trino's rule `expression`: what stands where a value or a condition is wanted. */
export function readExpression(cursor: Cursor): void {
  cursor.deeper(() => {
    do {
      while (cursor.takeWords('NOT')) {}
      readValue(cursor);
      readPredicate(cursor);
    } while (cursor.takeWords('AND') || cursor.takeWords('OR'));
  });
}

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

const comparisons = ['=', '<>', '!=', '<', '<=', '>', '>='];
const quantifiers: ReadonlySet<string> = new Set(['ALL', 'SOME', 'ANY']);

function readPredicate(cursor: Cursor): void {
  if (comparisons.some((operator) => cursor.takeSign(operator))) {
    if (cursor.isOneOf(quantifiers) && cursor.isSign('(', 1)) {
      cursor.next();
      cursor.within(() => readQuery(cursor));
    } else {
      readValue(cursor);
    }
    return;
  }
  if (cursor.takeWords('IS')) {
    cursor.takeWords('NOT');
    if (cursor.takeWords('DISTINCT', 'FROM')) {
      readValue(cursor);
    } else {
      cursor.needWords('NULL');
    }
    return;
  }
  const isNegated = cursor.takeWords('NOT');
  if (cursor.takeWords('BETWEEN')) {
    readValue(cursor);
    cursor.needWords('AND');
    readValue(cursor);
  } else if (cursor.takeWords('IN')) {
    readSubqueryOrList(cursor);
  } else if (cursor.takeWords('LIKE')) {
    readValue(cursor);
    if (cursor.takeWords('ESCAPE')) {
      readValue(cursor);
    }
  } else if (isNegated) {
    throw cursor.unexpected();
  }
}

/** `(SELECT …)` or `(a, b)`. */
function readSubqueryOrList(cursor: Cursor): void {
  const readsQuery = beginsQuery(cursor, 1) && cursor.tries(() => cursor.within(() => readQuery(cursor)));
  if (!readsQuery) {
    cursor.within(() => cursor.list(() => readExpression(cursor)));
  }
}

const operators = ['+', '-', '*', '/', '%', '||'];

/** Trino's rule `valueExpression`. */
export function readValue(cursor: Cursor): void {
  do {
    while (cursor.takeSign('-') || cursor.takeSign('+')) {}
    readPrimary(cursor);
    while (cursor.takeWords('AT', 'TIME', 'ZONE')) {
      if (cursor.isWord('INTERVAL')) {
        readInterval(cursor);
      } else {
        cursor.need('text');
      }
    }
  } while (operators.some((operator) => cursor.takeSign(operator)));
}

/** One value, with what is taken of it: `.field`, `[index]`. */
function readPrimary(cursor: Cursor): void {
  readBase(cursor);
  for (;;) {
    if (cursor.isSign('.') && !cursor.isSign('*', 1)) {
      cursor.next();
      cursor.noteColumn(cursor.name());
      if (cursor.isSign('(')) {
        throw new Refusal('A function of a schema is not on the list of harmless ones');
      }
    } else if (cursor.takeSign('[')) {
      readValue(cursor);
      cursor.needSign(']');
    } else {
      return;
    }
  }
}

const literals: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE']);
const moments: ReadonlySet<string> = new Set([
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
]);
const facts: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_USER',
  'CURRENT_CATALOG',
  'CURRENT_SCHEMA',
]);
const plainTokens: ReadonlySet<string> = new Set(['text', 'bytes', 'integer', 'number']);

function readBase(cursor: Cursor): void {
  const { kind, text } = cursor.peek();
  if (kind === 'parameter' || cursor.isSign('?')) {
    throw new Refusal(`A parameter (${kind === 'parameter' ? `:${text}` : '?'}) has no value here`);
  }
  if (plainTokens.has(kind) || cursor.isOneOf(literals) || cursor.isOneOf(facts)) {
    cursor.next();
  } else if (cursor.isOneOf(moments)) {
    cursor.next();
    if (cursor.isSign('(')) {
      cursor.within(() => cursor.need('integer'));
    }
  } else if (cursor.isSign('(')) {
    readParenthesized(cursor);
  } else if (kind === 'word' && !readSpecial(cursor, text)) {
    readNamed(cursor);
  } else if (kind === 'name') {
    readNamed(cursor);
  } else if (kind !== 'word') {
    throw cursor.unexpected();
  }
}

function readParenthesized(cursor: Cursor): void {
  if (beginsLambda(cursor)) {
    cursor.within(() => {
      if (!cursor.isSign(')')) {
        cursor.list(() => cursor.name());
      }
    });
    cursor.needSign('->');
    readExpression(cursor);
    return;
  }
  readSubqueryOrList(cursor);
}

/** A column, a call, a lambda of one argument, or a literal with its type before it. */
function readNamed(cursor: Cursor): void {
  if (cursor.peek(1).kind === 'text') {
    cursor.name();
    cursor.next();
  } else if (cursor.isSign('->', 1)) {
    cursor.name();
    cursor.next();
    readExpression(cursor);
  } else if (cursor.isSign('(', 1)) {
    readCall(cursor);
  } else {
    cursor.noteColumn(cursor.name());
  }
}

/** Forms that begin with a word of their own; says whether it was one. */
function readSpecial(cursor: Cursor, word: string): boolean {
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

const fields: ReadonlySet<string> = new Set(['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']);

/** `INTERVAL '1' DAY [TO SECOND]`. */
function readInterval(cursor: Cursor): void {
  cursor.needWords('INTERVAL');
  if (!cursor.takeSign('-')) {
    cursor.takeSign('+');
  }
  cursor.need('text');
  readIntervalFields(cursor);
}

export function readIntervalFields(cursor: Cursor): void {
  do {
    if (!cursor.isOneOf(fields)) {
      throw cursor.unexpected();
    }
    cursor.next();
  } while (cursor.takeWords('TO'));
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
