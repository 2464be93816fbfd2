import { createReadStream, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** How a file is packed. */
export type Packing = 'none' | 'gzip' | 'zstd';

/** The beginning of a file, unpacked. */
export interface Head {
  readonly bytes: Buffer;
  /** There is nothing behind it. */
  readonly isWhole: boolean;
  readonly packing: Packing;
}

/** So much of a file is looked at to know how to read it. */
const headBytes = 256 << 10;

/** Reads the beginning of a file. Rejects as streams of files and of zlib do. */
export async function readHead(path: string): Promise<Head> {
  const packing = packingBy((await firstBytes(createReadStream(path, { end: 15 }), 16)).bytes);
  return { ...(await firstBytes(openUnpacked(path, packing), headBytes)), packing };
}

/** How some files are packed, as DuckDB names it: by their names where they differ. */
export function packingOf(files: readonly { readonly head: Head }[]): string {
  const all = new Set(files.map(({ head }) => head.packing));
  const [only = 'none'] = all;
  return all.size > 1 ? 'auto' : only;
}

/** The bytes of a file as they are meant. */
export function openUnpacked(path: string, packing: Packing): Readable {
  const file: ReadStream = createReadStream(path);
  if (packing === 'none') {
    return file;
  }
  const unpacked = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  file.once('error', (error) => unpacked.destroy(error));
  unpacked.once('close', () => file.destroy());
  return file.pipe(unpacked);
}

function packingBy(bytes: Buffer): Packing {
  if (bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return 'gzip';
  }
  return bytes.length > 4 && bytes.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

async function firstBytes(
  stream: Readable,
  most: number,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    chunks.push(bytes);
    size += bytes.length;
    if (size > most) {
      // Leaving the loop ends the stream.
      return { bytes: Buffer.concat(chunks).subarray(0, most), isWhole: false };
    }
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}
