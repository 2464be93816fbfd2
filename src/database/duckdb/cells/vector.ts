import type { Vector } from '@duckdb/node-bindings';
import type { Driver } from '../driver.ts';

/** The bytes of a vector of the driver, valid as long as its chunk. */
export interface Cells {
  readonly isValid: (index: number) => boolean;
  readonly bytes: DataView;
  /** The bytes of a text or a blob, of which a view has the length, then the bytes themselves or where they are. */
  blob(index: number): Uint8Array;
}

/** Texts of up to so many bytes stand in the vector itself. */
const inlined = 12;

/** A vector of `count` values of `size` bytes each. */
export function cellsOf(driver: Driver, vector: Vector, count: number, size: number): Cells {
  const bytes = viewOf(driver.vector_get_data(vector, Math.max(count, 1) * Math.max(size, 1)));
  return {
    isValid: validityOf(driver, vector, count),
    bytes,
    blob(index) {
      const at = index * 16;
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function arrayBuffer(buffer: ArrayBufferLike): ArrayBuffer {
  if (!(buffer instanceof ArrayBuffer)) {
    throw new TypeError('a vector lies in shared memory');
  }
  return buffer;
}
