import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, readSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { makeFolder } from '../../config/make-folder.ts';
import { messageOf, SqlqError } from '../../errors.ts';
import type { Audit, AuditEntry } from './audit.ts';
import { fileOf, filesOf, headFile } from './files.ts';
import { type Head, openHead } from './head.ts';
import { type AuditKey, type Link, lineOf, readLine } from './line.ts';
import { linesFromEnd } from './recent.ts';

/** A file that is longer is followed by another. */
const usualMostBytes = 100_000_000;
/** Records that are written together, so that one wait for the disk is for all of them. */
const mostTogether = 500;
/** Milliseconds to wait for the other processes that write. */
const patienceMs = 15_000;

/** The disk is waited for; all else the system takes into its memory sooner than another thread would be asked to. */
const datasync = promisify(fdatasync);

interface Waiting {
  readonly entry: AuditEntry;
  readonly time: string;
  readonly done: () => void;
  readonly failed: (error: SqlqError) => void;
}

/** The log in a folder, as `openAudit` makes it. */
export interface AuditPlace {
  readonly folder: string;
  readonly key: AuditKey;
  readonly now: () => Date;
  readonly mostBytes?: number;
  /** Whether it is written down that somebody begins to write; so it is unless that is false. */
  readonly tellsOpening?: boolean;
}

/**
 * Opens the audit log of a folder, which several processes may write at once: each record follows the last one of all of
 * them. Rejects with a SqlqError `failed` where it can't be written, or is shorter than it was.
 */
export async function openAudit(place: AuditPlace): Promise<Audit> {
  const { folder, key, now, mostBytes = usualMostBytes, tellsOpening = true } = place;
  const head = await opened(folder);
  const waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  const append = (batch: readonly Waiting[]): Promise<void> =>
    head.advance(async (last) => {
      const full = last.bytes >= mostBytes;
      const start: Head = full ? { ...last, first: last.record + 1, bytes: 0 } : last;
      const file = openSync(fileOf(folder, start.first), 'a+', 0o600);
      try {
        const { after, cut } = recovered(file, start, folder, key);
        let { bytes } = after;
        let link: Link = after;
        let text = '';
        const add = (entry: AuditEntry, time: string): void => {
          const line = lineOf(entry, time, link, key);
          text += line.text;
          link = line.link;
        };
        if (cut > 0) {
          const about = `${cut} bytes at the end of the log were no whole record and were taken out`;
          add({ action: 'audit.recover', outcome: 'done', caller: null, about }, now().toISOString());
        }
        for (const { entry, time } of batch) {
          add(entry, time);
        }
        writeFileSync(file, text);
        await datasync(file);
        bytes += Buffer.byteLength(text);
        return { ...link, first: start.first, bytes };
      } finally {
        closeSync(file);
      }
    }, AbortSignal.timeout(patienceMs));

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostTogether);
      try {
        await append(batch);
        for (const { done } of batch) {
          done();
        }
      } catch (error) {
        const told = error instanceof SqlqError ? error : unwritable(folder, error);
        for (const { failed } of batch) {
          failed(told);
        }
      }
    }
    writing = null;
  };

  const audit: Audit = {
    record: (entry) =>
      new Promise((done, failed) => {
        waiting.push({ entry, time: now().toISOString(), done, failed });
        writing ??= writeAll();
      }),
    async close() {
      await writing;
      head.close();
    },
  };
  try {
    await requireKey(folder, key);
    // Whoever can't be held to account is not served: that shows at the start, and not at the first question.
    if (tellsOpening) {
      await audit.record({ action: 'audit.open', outcome: 'done', caller: null });
    }
  } catch (error) {
    head.close();
    throw error;
  }
  return audit;
}

/** Throws a SqlqError `usage` where the last record was written with another key: what is added would not follow it. */
async function requireKey(folder: string, key: AuditKey): Promise<void> {
  const last = (await filesOf(folder)).at(-1);
  if (last === undefined) {
    return;
  }
  for await (const line of linesFromEnd(last)) {
    if (readLine(line, key).kind === 'changed') {
      const what =
        key === null
          ? 'a key, or its last record was changed'
          : 'another key, or its last record was changed';
      throw new SqlqError('usage', `The audit log in ${folder} is kept with ${what}.`, {
        hint: 'Name its key with --audit-key-file. To begin a new log, move the folder to another place.',
      });
    }
    return;
  }
}

async function opened(folder: string): ReturnType<typeof openHead> {
  try {
    await makeFolder(folder);
    await chmod(folder, 0o700);
    return await openHead(headFile(folder));
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/**
 * Where the file really ends. A process that died between writing a record and moving the head on leaves a record more,
 * which counts where it is a whole one; what is left of half a record is taken out. Throws a SqlqError `failed` where there
 * is less in the file than the head says, or more and no head.
 */
function recovered(
  file: number,
  head: Head,
  folder: string,
  key: AuditKey,
): { readonly after: Head; readonly cut: number } {
  const { size } = fstatSync(file);
  const isForgotten = head.record === 0 && size > 0;
  if (size < head.bytes || isForgotten) {
    const what = isForgotten
      ? 'has records, and what was kept of its end is gone'
      : 'is shorter than it was: records are missing';
    throw new SqlqError('failed', `The audit log in ${folder} ${what}.`, {
      hint: 'See what there is with: sqlq audit verify\nTo begin a new log, move the folder to another place.',
    });
  }
  let after = head;
  if (size > head.bytes) {
    const tail = Buffer.alloc(size - head.bytes);
    readSync(file, tail, 0, tail.length, head.bytes);
    for (const line of tail.toString('utf8').split(/(?<=\n)/u)) {
      const found = line.endsWith('\n') ? readLine(line.slice(0, -1), key) : null;
      if (
        found?.kind !== 'linked' ||
        found.previous !== after.hash ||
        found.link.record !== after.record + 1
      ) {
        break;
      }
      after = { ...after, ...found.link, bytes: after.bytes + Buffer.byteLength(line) };
    }
    if (size > after.bytes) {
      ftruncateSync(file, after.bytes);
    }
  }
  return { after, cut: size - after.bytes };
}

function unwritable(folder: string, error: unknown): SqlqError {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  const why = isFull ? 'the disk is full' : messageOf(error);
  return new SqlqError('failed', `The audit log in ${folder} can't be written: ${why}.`, {
    hint: 'Nothing is done that is not written down there. Free some space, or check that the folder is yours to write to.',
    cause: error,
  });
}
