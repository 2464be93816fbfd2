import { DatabaseError } from 'pg';
import { SqlqError } from '../../errors.ts';
import type { Limit } from './transaction/settings.ts';

/**
 * What the server says of a statement, in its own words, with line and word where it names a position. The message
 * has no row's data beyond what the server's first line holds; its DETAIL, which often does, stays in `cause`.
 */
export function statementError(error: unknown, sql: string, limits: readonly Limit[] = []): SqlqError {
  if (error instanceof SqlqError) {
    return error;
  }
  if (!(error instanceof DatabaseError)) {
    const text = error instanceof Error ? error.message : String(error);
    return new SqlqError('failed', `The connection to the server broke: ${text}`, {
      hint: 'Run it again; if it breaks again, look into the log of the server.',
      cause: error,
    });
  }
  const options = {
    cause: error,
    engineCode: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
  if (/during recovery$/.test(error.message)) {
    return new SqlqError('failed', `The server is a standby, which takes no change: ${error.message}.`, {
      hint: 'Connect to the primary server for that.',
      cause: error,
      engineCode: error.code,
    });
  }
  switch (error.code) {
    case '57014':
      return /statement timeout/.test(error.message)
        ? tookTooLong(limits, error)
        : new SqlqError('cancelled', 'The query was ended at the server.', { cause: error });
    case '55P03':
      return new SqlqError('limit', 'A table that the query reads is locked by another session.', {
        hint: 'Try again later.',
        cause: error,
      });
    case '57P01':
    case '57P02':
    case '57P03':
      return new SqlqError('failed', `The server ended the connection: ${error.message}`, options);
  }
  const place = placeOf(error, sql);
  return new SqlqError('failed', (place === '' ? unplaced(error.message) : error.message) + place, options);
}

function tookTooLong(limits: readonly Limit[], cause: unknown): SqlqError {
  const server = limits.find(({ name, isServers }) => isServers && name === 'statement_timeout');
  return server === undefined
    ? new SqlqError('limit', 'The query took too long and was ended.', {
        hint: 'Ask for less, or raise --timeout.',
        cause,
      })
    : new SqlqError('limit', `The server ended the query after ${server.milliseconds / 1000} s.`, {
        hint: 'Ask for less: an administrator has set that limit (statement_timeout), and --timeout does not lift it.',
        cause,
      });
}

/**
 * A text without a place may be one that was computed, end as if it had one, or name an operator that was. It is put so
 * that it is none of the server's words about the statement.
 */
function unplaced(text: string): string {
  const named = text.replace(/^operator does not exist: /u, 'There is no operator ');
  return /\(line \d+, at [\s\S]+\)$/u.test(named) ? `${named}.` : named;
}

/** How much of the word at which a statement failed is shown. */
const longestWord = 60;

/** ` (line 2, at "foo")` for an error with a position; the position counts characters from 1. */
function placeOf(error: DatabaseError, sql: string): string {
  const position = Number(error.position);
  // With a context it counts in a text that was computed while the statement ran, such as the name of a type.
  if (error.where !== undefined || !Number.isInteger(position) || position < 1) {
    return '';
  }
  const characters = [...sql];
  const line = characters.slice(0, position - 1).filter((character) => character === '\n').length + 1;
  const rest = characters.slice(position - 1).join('');
  const word = /^(?:"(?:[^"]|"")*"|'[^']*'|[\p{L}\p{N}_$.]+|\S)/u.exec(rest)?.[0];
  if (word === undefined) {
    return '';
  }
  const shown = word.length > longestWord ? `${word.slice(0, longestWord)}…` : word;
  return ` (line ${line}, at ${shown})`;
}
