import { readCall } from './call.ts';
import { type Cursor, Refusal } from './cursor.ts';
import { beginsLambda, beginsQuery } from './lookahead.ts';
import { readQuery } from './query.ts';
import { readInterval, readSpecial } from './special.ts';

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
