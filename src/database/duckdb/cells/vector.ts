import { isAscii } from 'node:buffer';
import type { Vector } from '@duckdb/node-bindings';
import type { Driver } from '../driver.ts';

/** The bytes of a vector of the driver, valid as long as its chunk. */
export interface Cells {
  readonly count: number;
  readonly isValid: (index: number) => boolean;
  readonly bytes: DataView;
  /** The bytes of a text or a blob, of which the vector has the length, then the bytes themselves or where they are. */
  blob(index: number): Uint8Array;
}

/** Texts of up to so many bytes stand in the vector itself. */
const inlined = 12;
/** Bytes that the vector has of each text. */
const entry = 16;

/** A vector of `count` values of `size` bytes each. */
export function cellsOf(driver: Driver, vector: Vector, count: number, size: number): Cells {
  const bytes = viewOf(driver.vector_get_data(vector, Math.max(count, 1) * Math.max(size, 1)));
  return {
    count,
    isValid: validityOf(driver, vector, count),
    bytes,
    blob(index) {
      const at = index * entry;
      const length = bytes.getUint32(at, true);
      return length <= inlined
        ? new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, length)
        : driver.get_data_from_pointer(arrayBuffer(bytes.buffer), bytes.byteOffset + at + 8, length);
    },
  };
}

/** Which values of a vector are not NULL: a bit each, none where all are there. */
export function validityOf(driver: Driver, vector: Vector, count: number): (index: number) => boolean {
  const words = Math.ceil(Math.max(count, 1) / 64);
  // The driver gives null where there is no mask, whatever its types say.
  const mask: Uint8Array | null = driver.vector_get_validity(vector, words * 8);
  if (mask === null) {
    return () => true;
  }
  return (index) => ((mask[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/** Bytes between two texts that are read together: less than a page, so that nothing of another's memory lies between. */
const widestGap = 1024;
/** Bytes of texts that are read together. */
const longestRun = 1 << 20;

/**
 * All texts of a vector; '' for NULL. A call of the driver for each would take longer than all the rest: those that
 * lie behind one another in memory are read together.
 */
export function textsOf(driver: Driver, { count, isValid, bytes }: Cells): readonly string[] {
  const own = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const letters = own.toString('latin1');
  const texts = new Array<string>(count).fill('');
  let first = 0;
  let ends = 0;
  let run: number[] = [];
  /** Hands on the texts that lie behind one another. */
  const finish = (): void => {
    const [start] = run;
    if (start !== undefined) {
      const data = driver.get_data_from_pointer(
        arrayBuffer(bytes.buffer),
        bytes.byteOffset + start * entry + 8,
        ends - first,
      );
      const block = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      const plain = isAscii(block) ? block.toString('latin1') : null;
      for (const index of run) {
        const from = addressAt(bytes, index) - first;
        const to = from + bytes.getUint32(index * entry, true);
        texts[index] = plain === null ? block.toString('utf8', from, to) : plain.slice(from, to);
      }
    }
    run = [];
  };
  for (let index = 0; index < count; index += 1) {
    if (!isValid(index)) {
      continue;
    }
    const at = index * entry;
    const length = bytes.getUint32(at, true);
    if (length <= inlined) {
      const text = letters.slice(at + 4, at + 4 + length);
      texts[index] = beyondAscii.test(text) ? own.toString('utf8', at + 4, at + 4 + length) : text;
      continue;
    }
    const address = addressAt(bytes, index);
    if (run.length > 0 && (address < ends || address - ends > widestGap || address - first > longestRun)) {
      finish();
    }
    if (run.length === 0) {
      first = address;
    }
    run.push(index);
    ends = address + length;
  }
  finish();
  return texts;
}

const beyondAscii = /[\u0080-\u00ff]/;

/** Where a text lies that does not stand in the vector itself. */
function addressAt(bytes: DataView, index: number): number {
  const at = index * entry + 8;
  return bytes.getUint32(at, true) + bytes.getUint32(at + 4, true) * 2 ** 32;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function arrayBuffer(buffer: ArrayBufferLike): ArrayBuffer {
  if (!(buffer instanceof ArrayBuffer)) {
    throw new TypeError('a vector lies in shared memory');
  }
  return buffer;
}
