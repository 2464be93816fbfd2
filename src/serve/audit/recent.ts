import { open } from 'node:fs/promises';
import { type AuditRecord, recordOf } from './export.ts';
import { filesOf } from './files.ts';

/** So much of a file is read at a time, from its end on. */
const pieceBytes = 256 * 1024;

/** The newest records of a log before one, the newest first. Rejects as the file system does. */
export async function recentRecords(
  folder: string,
  most: number,
  before = Number.POSITIVE_INFINITY,
): Promise<readonly AuditRecord[]> {
  const found: AuditRecord[] = [];
  for (const file of (await filesOf(folder)).toReversed()) {
    for await (const line of linesFromEnd(file)) {
      const record = recordOf(line);
      if (record !== null && record.record < before) {
        found.push(record);
      }
      if (found.length >= most) {
        return found;
      }
    }
  }
  return found;
}

/** The lines of a file, the last first; of a large one no more is read than is taken. */
export async function* linesFromEnd(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r');
  try {
    let { size: end } = await file.stat();
    /** The beginning of what was read, which may be half a line. */
    let rest = Buffer.alloc(0);
    while (end > 0) {
      const start = Math.max(0, end - pieceBytes);
      const piece = Buffer.alloc(end - start);
      await file.read(piece, 0, piece.length, start);
      const bytes = Buffer.concat([piece, rest]);
      const first = start === 0 ? 0 : bytes.indexOf('\n') + 1;
      rest = bytes.subarray(0, first);
      end = start;
      yield* bytes.subarray(first).toString('utf8').split('\n').filter(Boolean).toReversed();
    }
  } finally {
    await file.close();
  }
}
