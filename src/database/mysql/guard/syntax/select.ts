import { forWord, from, indexHint } from './clause.ts';
import { callOrName } from './expression.ts';
import { isName, type Reader, Refusal } from './reader.ts';
import { tableFactor } from './table.ts';
import { foreignWords, joinClauseEnds, queryWords, setOperators } from './words.ts';
import { isWriteWord, write } from './write.ts';

/** What stands between one pair of brackets, or in the whole statement. */
export interface Frame {
  /** `paren`: a list, an expression or, from its first word on, a query. `call`: arguments. `tables`: part of FROM. */
  mode: 'paren' | 'call' | 'tables' | 'query';
  clause: 'none' | 'select' | 'from' | 'other';
  expectsTable: boolean;
  scope: number;
  /** The function whose arguments these are, in capitals. */
  readonly callee: string;
}

export function newFrame(reader: Reader, mode: Frame['mode'], scope = newScope(reader), callee = ''): Frame {
  const inFrom = mode === 'tables';
  return { mode, clause: inFrom ? 'from' : 'none', expectsTable: inFrom, scope, callee };
}

function newScope(reader: Reader): number {
  reader.scopes += 1;
  return reader.scopes;
}

/** Everything up to the bracket that closes this frame, or the end. */
export function body(reader: Reader, frame: Frame): void {
  reader.depth += 1;
  const inSight = reader.commonTables.length;
  let mayBegin = frame.mode === 'paren';
  while (reader.peek() !== undefined && reader.key() !== ')') {
    if (mayBegin && begin(reader, frame)) {
      mayBegin = false;
    } else if (reader.peek() !== undefined) {
      mayBegin = step(reader, frame);
    }
  }
  reader.depth -= 1;
  reader.commonTables.length = inSight;
}

/** A bracket with what is in it. */
export function brackets(reader: Reader, frame: Frame): void {
  reader.expect('(');
  body(reader, frame);
  reader.expect(')');
}

/** The bracket at this place holds a query, perhaps in brackets of its own. */
export function opensQuery(reader: Reader, at = reader.at): boolean {
  const next = reader.tokens[at + 1];
  if (next?.kind === 'word') {
    return queryWords.has(next.key);
  }
  if (next?.key !== '(' || !opensQuery(reader, at + 1)) {
    return false;
  }
  const after = reader.tokens[(reader.partners.get(at + 1) ?? at) + 1];
  return (
    after?.key === ')' || (after?.kind === 'word' && /^(UNION|EXCEPT|INTERSECT|ORDER|LIMIT)$/.test(after.key))
  );
}

/** Takes what makes a query of a frame; says whether there was anything. */
function begin(reader: Reader, frame: Frame): boolean {
  if (reader.key() === 'WITH') {
    commonTables(reader);
  }
  switch (reader.key()) {
    case 'SELECT':
      reader.at += 1;
      startQuery(frame, 'select', newScope(reader));
      return true;
    case 'TABLE':
      reader.at += 1;
      startQuery(frame, 'from', newScope(reader));
      frame.expectsTable = true;
      reader.stars.push({ qualifier: null, scope: frame.scope });
      return true;
    case 'VALUES':
      reader.at += 1;
      startQuery(frame, 'other', frame.scope);
      return true;
    case '(':
      if (!opensQuery(reader)) {
        return false;
      }
      startQuery(frame, 'other', frame.scope);
      brackets(reader, newFrame(reader, 'paren'));
      return true;
    default:
      return false;
  }
}

function startQuery(frame: Frame, clause: Frame['clause'], scope: number): void {
  frame.mode = 'query';
  frame.clause = clause;
  frame.expectsTable = false;
  frame.scope = scope;
}

function commonTables(reader: Reader): void {
  reader.expect('WITH');
  const isRecursive = reader.accept('RECURSIVE');
  do {
    const name = reader.name();
    if (isRecursive) {
      reader.commonTables.push(name);
    }
    if (reader.key() === '(') {
      nameList(reader);
    }
    reader.expect('AS');
    if (!opensQuery(reader)) {
      throw new Refusal(`A query is expected ${reader.place()}`);
    }
    brackets(reader, newFrame(reader, 'paren'));
    if (reader.accept('CYCLE')) {
      do {
        reader.name();
      } while (reader.accept(','));
      reader.expect('RESTRICT');
    }
    if (!isRecursive) {
      reader.commonTables.push(name);
    }
  } while (reader.accept(','));
  const key = reader.key();
  if (reader.depth === 1 && (key === 'UPDATE' || key === 'DELETE')) {
    write(reader);
  } else if (!['SELECT', 'VALUES', 'TABLE'].includes(key) && !(key === '(' && opensQuery(reader))) {
    throw new Refusal(`SELECT is expected ${reader.place()}`);
  }
}

/** `(a, b, c)` with nothing but names; it may be empty. */
export function nameList(reader: Reader): void {
  reader.expect('(');
  if (reader.accept(')')) {
    return;
  }
  do {
    reader.name();
  } while (reader.accept(','));
  reader.expect(')');
}

/** One step within a frame; true where a query may begin next. */
function step(reader: Reader, frame: Frame): boolean {
  const token = reader.peek();
  if (frame.expectsTable) {
    frame.expectsTable = false;
    tableFactor(reader, frame);
  } else if (token?.key === '(') {
    brackets(reader, newFrame(reader, 'paren', frame.scope));
  } else if (token?.kind === 'symbol') {
    symbol(reader, frame);
  } else if (token?.kind === 'word' && !token.afterDot) {
    return word(reader, frame);
  } else if (isName(token)) {
    callOrName(reader, frame);
  } else {
    reader.at += 1;
  }
  return false;
}

function symbol(reader: Reader, frame: Frame): void {
  const key = reader.key();
  reader.at += 1;
  if (key === ',' && frame.clause === 'from') {
    frame.expectsTable = true;
  }
  if (key !== '*') {
    return;
  }
  const before = reader.peek(-2);
  const qualifier = reader.peek(-3);
  if (before?.key === '.' && isName(qualifier)) {
    reader.stars.push({ qualifier: qualifier.text, scope: frame.scope });
  } else if (isListStart(reader, frame)) {
    reader.stars.push({ qualifier: null, scope: frame.scope });
  }
}

/** The `*` just passed is one of columns, not a multiplication or the one of COUNT(*). */
function isListStart(reader: Reader, frame: Frame): boolean {
  const before = reader.key(-2);
  if (before === '(') {
    return !(frame.callee === 'COUNT' && reader.key() === ')');
  }
  return /^(,|SELECT|ALL|DISTINCT|DISTINCTROW|HIGH_PRIORITY|STRAIGHT_JOIN|RETURNING|SQL_\w+)$/.test(before);
}

function word(reader: Reader, frame: Frame): boolean {
  const key = reader.key();
  if (setOperators.has(key) && frame.mode === 'query') {
    reader.at += 1;
    reader.accept('ALL', 'DISTINCT');
    if (!queryWords.has(reader.key()) && !(reader.key() === '(' && opensQuery(reader))) {
      throw new Refusal(`SELECT is expected ${reader.place()}`);
    }
    startQuery(frame, 'other', frame.scope);
    return true;
  }
  if ((key === 'INSERT' || key === 'REPLACE') && reader.key(1) === '(') {
    return callOrName(reader, frame);
  }
  if (isWriteWord(reader, frame)) {
    return false;
  }
  const foreign = foreignWords[key];
  if (foreign !== undefined) {
    throw new Refusal(foreign);
  }
  switch (key) {
    case 'SELECT':
      throw new Refusal('SELECT is not expected there');
    case 'FROM':
      return from(reader, frame);
    case 'JOIN':
      if (frame.clause !== 'from') {
        throw new Refusal('JOIN is not expected there');
      }
      reader.at += 1;
      frame.expectsTable = true;
      return false;
    case 'STRAIGHT_JOIN':
      frame.expectsTable = frame.clause === 'from';
      reader.at += 1;
      return false;
    case 'FOR':
      return forWord(reader, frame);
    case 'SET':
      if (!/^CHAR(ACTER)?$/.test(reader.key(-1))) {
        throw new Refusal('SET changes a setting');
      }
      reader.at += 1;
      return false;
    case 'USING':
      reader.at += 1;
      if (frame.clause === 'from') {
        nameList(reader);
      }
      return false;
    case 'USE':
    case 'IGNORE':
    case 'FORCE':
      return indexHint(reader, frame);
  }
  if (key === 'NATURAL') {
    reader.hasNaturalJoin = true;
  }
  if (frame.mode === 'query' && frame.clause === 'from' && joinClauseEnds.has(key)) {
    frame.clause = 'other';
  }
  return callOrName(reader, frame);
}
