import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf, SqlqError } from '../../errors.ts';
import { filesOf, headFile } from './files.ts';
import { type Head, openHead } from './head.ts';
import { type AuditKey, beginning, type Link, readLine } from './line.ts';

/** The first thing that is wrong with a log. */
export interface Problem {
  readonly file: string;
  /** Null where it is of the whole file. */
  readonly line: number | null;
  readonly what: string;
}

export interface Verdict {
  readonly problem: Problem | null;
  /** The numbers of the first and the last record that were found right; null where there is none. */
  readonly first: number | null;
  readonly last: Link | null;
  readonly records: number;
  readonly files: number;
  /** Whether the end was compared with what is kept of it, so that nothing can be missing there. */
  readonly endChecked: boolean;
}

export interface VerifyOptions {
  readonly key: AuditKey;
  /** A hash that somebody has put down elsewhere: the log has to hold it. */
  readonly hash: string | null;
  /** The record that it begins with, where older files were put away. */
  readonly from: number;
}

/** Checks the whole log of a folder. Rejects with a SqlqError `usage` where there is none. */
export async function verifyFolder(folder: string, options: VerifyOptions): Promise<Verdict> {
  const files = await filesOf(folder).catch(() => []);
  const hasHead = await isThere(headFile(folder));
  if (files.length === 0 && !hasHead) {
    throw new SqlqError('usage', `There is no audit log in ${folder}.`, {
      hint: 'It is written by sqlq serve. Name another file as the argument.',
    });
  }
  // Read before the files: what is written meanwhile comes after it.
  const head = hasHead ? await keptHead(headFile(folder)) : null;
  const start = options.from === 1 ? beginning : { record: options.from - 1, hash: null };
  return verify(files, start, head, options, folder);
}

/** Checks one file of a log, whose first record may follow one in another file. Rejects with a SqlqError `usage`. */
export async function verifyFile(file: string, options: VerifyOptions): Promise<Verdict> {
  if (!(await isThere(file))) {
    throw new SqlqError('usage', `There is no file ${file}.`, {
      hint: 'Leave the name out to check the log of this machine: sqlq audit verify',
    });
  }
  return verify([file], null, null, options, file);
}

/** What the first record has to follow; a null hash stands for any, null for a record of any number. */
type Start = { readonly record: number; readonly hash: string | null } | null;

async function verify(
  files: readonly string[],
  start: Start,
  head: Head | null,
  { key, hash }: VerifyOptions,
  place: string,
): Promise<Verdict> {
  let expected: Start = start;
  let first: number | null = null;
  let last: Link | null = null;
  let records = 0;
  let seesHash = hash === null || hash === beginning.hash;
  let headHash: string | null = null;
  const verdict = (problem: Problem | null): Verdict => ({
    problem,
    first,
    last,
    records,
    files: files.length,
    endChecked: head !== null,
  });
  for (const file of files) {
    let line = 0;
    for await (const text of linesOf(file)) {
      line += 1;
      const found = readLine(text, key);
      const what = whatIsWrong(found, expected, key);
      if (found.kind !== 'linked' || what !== null) {
        return verdict({ file: basename(file), line, what: what ?? 'It is no record.' });
      }
      first ??= found.link.record;
      last = found.link;
      expected = found.link;
      records += 1;
      seesHash ||= found.link.hash === hash;
      headHash = found.link.record === head?.record ? found.link.hash : headHash;
    }
  }
  const ended = basename(files.at(-1) ?? place);
  if (head !== null && head.record > 0 && headHash !== head.hash) {
    const missing = head.record - (last?.record ?? start?.record ?? 0);
    const what =
      missing > 0
        ? `The last ${missing === 1 ? 'record is' : `${missing} records are`} missing: the log went on to record ${head.record}.`
        : `Record ${head.record} is another one than was written.`;
    return verdict({ file: ended, line: null, what });
  }
  if (!seesHash) {
    return verdict({ file: ended, line: null, what: 'No record has the hash that you gave.' });
  }
  return verdict(null);
}

function whatIsWrong(found: ReturnType<typeof readLine>, expected: Start, key: AuditKey): string | null {
  if (found.kind === 'no record') {
    return 'It is no record.';
  }
  if (found.kind === 'changed') {
    return key === null
      ? 'The record was changed, or the log is kept with a key, which --key-file names.'
      : 'The record was changed, or the log is kept with another key or none.';
  }
  const { link, previous } = found;
  if (expected === null) {
    return null;
  }
  const wanted = expected.record + 1;
  if (link.record > wanted) {
    const missing = link.record - wanted;
    return `Before record ${link.record}, ${missing === 1 ? `record ${wanted} is` : `${missing} records from ${wanted} on are`} missing.`;
  }
  if (link.record < wanted) {
    return `Record ${link.record} stands where record ${wanted} belongs.`;
  }
  return expected.hash !== null && previous !== expected.hash
    ? `Record ${link.record} does not follow the record before it.`
    : null;
}

/** The lines of a file. Rejects with a SqlqError `failed` where it can't be read. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file, 'utf8');
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new SqlqError('failed', `The audit log ${file} can't be read: ${messageOf(error)}.`, {
      cause: error,
    });
  } finally {
    stream.destroy();
  }
}

async function keptHead(file: string): Promise<Head | null> {
  try {
    const store = await openHead(file);
    try {
      return store.read();
    } finally {
      store.close();
    }
  } catch (error) {
    throw new SqlqError('failed', `The end of the audit log can't be read: ${file}: ${messageOf(error)}.`, {
      hint: 'Check that it is yours to read.',
      cause: error,
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
