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

/** What V8 compiled of the files of a bundle, in one file. Nothing here throws: without it, a run only starts later. */
export interface CodeStore {
  /** So many runs have added to it since one of them loaded a file that was not in it. */
  readonly runs: number;
  /** What was compiled of a file; null where that is not known. */
  code(name: string): Buffer | null;
  /** Puts in what was compiled of some files, beside what is there of others. */
  write(codes: ReadonlyMap<string, Buffer>, runs: number): void;
}

/** What stands at the beginning, as JSON behind its length: where the code of each file is, counted from its end. */
interface Index {
  readonly runs: number;
  readonly places: Readonly<Record<string, readonly [start: number, length: number]>>;
}

const lengthBytes = 4;
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
    const [from, length] = index.places[of] ?? [];
    return from === undefined || length === undefined ? null : readAt(file, start + from, length);
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

/** Its user alone can write it, and it is there whole or not at all: its shape is trusted. */
function readIndex(file: number | null): { readonly index: Index; readonly start: number } {
  const length = readAt(file, 0, lengthBytes)?.readUInt32LE(0) ?? 0;
  const text = length > longestIndex ? null : readAt(file, lengthBytes, length);
  try {
    return { index: JSON.parse(text?.toString() ?? ''), start: lengthBytes + length };
  } catch {
    return { index: { runs: 0, places: {} }, start: 0 };
  }
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
    codes.map(([name, { length }]) => {
      const start = end;
      end += length;
      return [name, [start, length] as const];
    }),
  );
  const index = Buffer.from(JSON.stringify({ runs, places } satisfies Index));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(index.length);
  return Buffer.concat([length, index, ...codes.map(([, bytes]) => bytes)]);
}

/** V8 trusts the code that it is given: it is there whole or not at all, after a power failure too. */
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
