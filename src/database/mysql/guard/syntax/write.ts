import { type Reader, Refusal } from './reader.ts';
import { body, type Frame, nameList, newFrame, opensQuery } from './select.ts';

/** INSERT, REPLACE, UPDATE or DELETE from its first word to the end of the statement. */
export function write(reader: Reader): void {
  reader.writes = true;
  reader.verb = reader.key();
  reader.at += 1;
  while (reader.accept('LOW_PRIORITY', 'HIGH_PRIORITY', 'QUICK', 'IGNORE')) {}
  if (reader.key() === 'DELAYED') {
    throw new Refusal('DELAYED can not be rolled back');
  }
  const frame = newFrame(reader, 'query');
  frame.mode = 'query';
  frame.clause = 'from';
  if (reader.verb === 'INSERT' || reader.verb === 'REPLACE') {
    insert(reader, frame);
  } else {
    if (reader.verb === 'DELETE' && !reader.accept('FROM')) {
      do {
        deleteTarget(reader);
      } while (reader.accept(','));
      reader.expect('FROM');
    }
    frame.expectsTable = true;
    body(reader, frame);
    // Which of several tables the SET or the DELETE names is left to the server: all may change.
    reader.targets.push(...reader.tables.filter((table) => table.scope === frame.scope));
  }
}

function insert(reader: Reader, frame: Frame): void {
  reader.accept('INTO');
  reader.targets.push(reader.addTable(reader.chain(), frame.scope, null));
  if (reader.accept('PARTITION')) {
    nameList(reader);
  }
  if (reader.key() === '(' && !opensQuery(reader)) {
    nameList(reader);
  }
  frame.clause = 'other';
  if (!reader.accept('SET', 'VALUES', 'VALUE')) {
    frame.mode = 'paren';
  }
  if (frame.mode === 'paren' && !['SELECT', 'WITH', 'TABLE', '('].includes(reader.key())) {
    throw new Refusal(`VALUES, SET or SELECT is expected ${reader.place()}`);
  }
  body(reader, frame);
}

/** `t` or `t.*` before FROM: one of the tables that come behind it. */
function deleteTarget(reader: Reader): void {
  reader.chain();
  if (reader.accept('.')) {
    reader.expect('*');
  }
}

/** Takes a word that only a write may have where it stands. */
export function isWriteWord(reader: Reader, frame: Frame): boolean {
  if (!reader.writes || frame.mode !== 'query') {
    return false;
  }
  switch (reader.key()) {
    case 'SET':
      if (reader.verb !== 'UPDATE' || frame.clause !== 'from') {
        return false;
      }
      frame.clause = 'other';
      break;
    case 'UPDATE':
      if (reader.verb !== 'INSERT' || reader.key(-1) !== 'KEY' || reader.key(-2) !== 'DUPLICATE') {
        return false;
      }
      frame.clause = 'other';
      break;
    case 'USING':
      if (reader.verb !== 'DELETE' || frame.clause !== 'from' || reader.key(1) === '(') {
        return false;
      }
      frame.expectsTable = true;
      break;
    case 'RETURNING':
      if (reader.verb === 'UPDATE') {
        return false;
      }
      frame.clause = 'other';
      break;
    default:
      return false;
  }
  reader.at += 1;
  return true;
}
