import type { Cursor } from './cursor.ts';

const beginnings: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE']);

/** Whether a query begins `ahead` tokens later, or where its parentheses end that open there. */
export function beginsQuery(cursor: Cursor, ahead: number): boolean {
  let at = ahead;
  while (cursor.isSign('(', at)) {
    at += 1;
  }
  return cursor.isOneOf(beginnings, at);
}

/** Whether `(a, b) ->` comes next: the arguments of a lambda. */
export function beginsLambda(cursor: Cursor): boolean {
  if (!cursor.isSign('(')) {
    return false;
  }
  let at = 1;
  while (cursor.isName(at)) {
    at += cursor.isSign(',', at + 1) ? 2 : 1;
    if (cursor.isSign(')', at)) {
      break;
    }
  }
  return cursor.isSign(')', at) && cursor.isSign('->', at + 1);
}
