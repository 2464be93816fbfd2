import { basename } from 'node:path';
import { messageOf, SqlqError } from '../../errors.ts';
import type { HidePatterns } from '../pattern.ts';

/** What DuckDB threw while it read or wrote the file at `path`, as a text for the user. */
export function failureOf(thrown: unknown, path: string): unknown {
  if (thrown instanceof SqlqError || !(thrown instanceof Error)) {
    return thrown;
  }
  const message = messageOf(thrown);
  const failed = (text: string, hint?: string): SqlqError =>
    new SqlqError('failed', text, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
  const [, kind = '', said = message] =
    /^([A-Z][\w-]*(?: [\w-]+)*? (?:Error|Exception)): ([\s\S]*)$/u.exec(message) ?? [];
  if (isLocked(thrown)) {
    const holder = /held in (.+?) \(PID (\d+)\)/u.exec(said);
    const who = holder === null ? 'another program' : `${basename(holder[1] ?? '')} (process ${holder[2]})`;
    return failed(
      `${path} is open in ${who}, and DuckDB lets one program alone open a file that it writes`,
      'Close it there, or ask a copy of the file.',
    );
  }
  switch (kind) {
    case 'INTERRUPT Error':
    case 'Interrupt Error':
      return new SqlqError('cancelled', 'The query was ended.', { cause: thrown });
    case 'Out of Memory Error':
      return new SqlqError('limit', `The statement needs more memory than it may have: ${firstLine(said)}`, {
        hint: 'Ask for less, or raise --memory-limit.',
        cause: thrown,
      });
    case '':
      return failed(said);
    default:
      return failed(withoutPicture(said));
  }
}

/** The same without the names that DuckDB suggests, where one of them may be hidden. */
export function withoutHidden(error: unknown, hidden: HidePatterns): unknown {
  if (!(error instanceof SqlqError) || !hidden.isActive) {
    return error;
  }
  const at = error.message.search(/\s*\n(?:Candidate |Did you mean )/u);
  return at >= 0 && hidden.mentionedIn(error.message.slice(at))
    ? new SqlqError(error.code, error.message.slice(0, at), { cause: error.cause })
    : error;
}

/** Whether another program has the file open, to write it or where this one would. */
export function isLocked(thrown: unknown): boolean {
  return thrown instanceof Error && /Could not set lock on file/u.test(thrown.message);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/**
 * Without the line of the statement and the caret under it, which a wrapped line would misplace, and without all columns of a
 * table that has none of a name: sqlq looks for near ones itself.
 */
function withoutPicture(text: string): string {
  const at = text.search(/\n\nLINE |\s*\nCandidate bindings: : /u);
  return withoutList(at < 0 ? text : text.slice(0, at)).trim();
}

/** The most functions of a name that are worth being told. */
const mostCandidates = 6;

/** Without the list of all functions of a name, where that is long: `+` has sixty. */
function withoutList(text: string): string {
  const [before = '', list] = text.split('\n\tCandidate functions:');
  return list !== undefined && list.trim().split('\n').length > mostCandidates ? before : text;
}
