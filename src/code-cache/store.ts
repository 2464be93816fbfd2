import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** What V8 compiled of the files of a bundle, in one file. Nothing here throws: without it, a run only starts later. */
export interface CodeStore {
  /** So many runs have added to it since one of them loaded a file that was not in it. */
  readonly runs: number;
  /** What was compiled of a file; null where that is not known. */
  code(name: string): Buffer | null;
  /** Puts in what was compiled of some files, beside what is there of others. */
  write(codes: ReadonlyMap<string, Buffer>, runs: number): void;
}

/** What stands at the beginning, as JSON behind its length and checksum: where the code of each file is, counted from its end. */
interface Index {
  readonly runs: number;
  readonly places: Readonly<Record<string, readonly [start: number, length: number, checksum: number]>>;
}

const lengthBytes = 4;
const headBytes = 2 * lengthBytes;
const longestIndex = 1 << 20;

/** Marks the files of stores in a folder that holds others too. */
const prefix = 'code-';
/** A store that no run has added to for so long may be of a bundle that is gone. */
const oldMilliseconds = 30 * 24 * 3600 * 1000;

/** Opens the store of a name in a folder; without a folder, nothing is kept. */
export function openCodeStore(folder: string | undefined, name: string): CodeStore {
  if (folder === undefined) {
    return { runs: 0, code: () => null, write() {} };
  }
  const path = join(folder, prefix + name);
  const file = openOrNull(path);
  const { index, start } = readIndex(file);
  const code = (of: string): Buffer | null => {
    const place = index.places[of];
    if (place === undefined) {
      return null;
    }
    const [from, length, checksum] = place;
    const bytes = readAt(file, start + from, length);
    // V8 checks nothing of it, and ends the process over a byte that a disk has lost.
    return bytes !== null && crc32(bytes) === checksum ? bytes : null;
  };
  return {
    runs: index.runs,
    code,
    write(codes, runs) {
      const others = Object.keys(index.places).flatMap((of): [string, Buffer][] => {
        const bytes = codes.has(of) ? null : code(of);
        return bytes === null ? [] : [[of, bytes]];
      });
      try {
        if (file === null) {
          removeOld(folder);
        }
        replace(path, packed([...codes, ...others], runs));
      } catch {
        // A disk that is full, or a folder that may not be written to.
      }
    },
  };
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null;
  }
}

/** Its user alone can write it: as it was written, its shape is trusted. */
function readIndex(file: number | null): { readonly index: Index; readonly start: number } {
  const head = readAt(file, 0, headBytes);
  const length = head?.readUInt32LE(0) ?? 0;
  const text = length > longestIndex ? null : readAt(file, headBytes, length);
  return head === null || length === 0 || text === null || crc32(text) !== head.readUInt32LE(lengthBytes)
    ? { index: { runs: 0, places: {} }, start: 0 }
    : { index: JSON.parse(text.toString()), start: headBytes + length };
}

function readAt(file: number | null, position: number, length: number): Buffer | null {
  if (file === null) {
    return null;
  }
  try {
    // Memory of its own, because V8 copies what does not begin where it wants it to.
    const bytes = Buffer.from(new ArrayBuffer(length));
    return readSync(file, bytes, 0, length, position) === length ? bytes : null;
  } catch {
    return null;
  }
}

function packed(codes: readonly (readonly [string, Buffer])[], runs: number): Buffer {
  let end = 0;
  const places = Object.fromEntries(
    codes.map(([name, bytes]) => {
      const start = end;
      end += bytes.length;
      return [name, [start, bytes.length, crc32(bytes)] as const];
    }),
  );
  const index = Buffer.from(JSON.stringify({ runs, places } satisfies Index));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(index.length);
  head.writeUInt32LE(crc32(index), lengthBytes);
  return Buffer.concat([head, index, ...codes.map(([, bytes]) => bytes)]);
}

/** It is there whole or not at all, after a power failure too. */
function replace(path: string, bytes: Buffer): void {
  const next = `${path}.${process.pid}`;
  const file = openSync(next, 'wx', 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } catch (error) {
    unlinkSync(next);
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(prefix))) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > oldMilliseconds) {
      unlinkSync(path);
    }
  }
}
