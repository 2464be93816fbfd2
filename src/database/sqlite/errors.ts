import SQLite from 'better-sqlite3';
import { messageOf, SqlqError } from '../../errors.ts';

/** What SQLite threw while it read or wrote the file at `path`, as a text for the user. */
export function failureOf(thrown: unknown, path: string): unknown {
  if (thrown instanceof SqlqError) {
    return thrown;
  }
  const code = thrown instanceof SQLite.SqliteError ? thrown.code : '';
  const failed = (message: string, hint?: string): SqlqError =>
    new SqlqError('failed', message, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return failed(
      `${path} is locked by another program that is writing to it`,
      'Try again when it has finished.',
    );
  }
  if (code === 'SQLITE_NOTADB') {
    return failed(`${path} is not a SQLite database, or it is encrypted`, 'Check the path.');
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return failed(
      `${path} is damaged: ${messageOf(thrown)}`,
      `Look at it with: sqlite3 '${path}' 'PRAGMA integrity_check'`,
    );
  }
  if (code === 'SQLITE_READONLY_ROLLBACK' || code === 'SQLITE_READONLY_RECOVERY') {
    return failed(
      `${path} was left in the middle of a write by a program that died, and can not be read before that is undone`,
      `Let SQLite undo it: sqlite3 '${path}' 'SELECT 1 FROM sqlite_schema'`,
    );
  }
  if (
    code.startsWith('SQLITE_CANTOPEN') ||
    code === 'SQLITE_READONLY_DIRECTORY' ||
    code === 'SQLITE_READONLY_CANTINIT'
  ) {
    return failed(
      `${path} can not be opened: it is in write-ahead mode, with changes in its -wal file, in a folder that can not be written`,
      'Copy the file and its -wal file to a folder of your own, and ask there.',
    );
  }
  if (code === 'SQLITE_READONLY') {
    return failed(`${path} can not be written`, 'Check the permissions of the file and of its folder.');
  }
  if (code === 'SQLITE_NOMEM' || code === 'SQLITE_TOOBIG') {
    return new SqlqError('limit', `The statement needs more memory than it may have: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return failed(`Reading or writing ${path} failed: ${messageOf(thrown)} (${code})`);
  }
  if (code !== '') {
    return failed(messageOf(thrown));
  }
  if (thrown instanceof RangeError && thrown.message.startsWith('The supplied SQL')) {
    return failed(thrown.message);
  }
  return thrown;
}
