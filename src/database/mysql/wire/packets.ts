import { SqlqError } from '../../../errors.ts';

/** A value or row that is larger would fill the memory before anything could be done with it. */
const mostPacketBytes = 256 << 20;
const largestPart = 0xffffff;

/**
 * Cuts the stream of bytes into packets; one of 16 MB or more comes in parts. A packet's bytes are valid during the
 * call. Source: MySQL's "MySQL Packets".
 */
export function splitPackets(
  onPacket: (bytes: Buffer, start: number, end: number) => void,
): (chunk: Buffer) => void {
  // The beginning of a packet whose end has not arrived.
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let parts: Buffer[] = [];
  let partBytes = 0;

  const onPart = (bytes: Buffer, start: number, end: number): void => {
    if (end - start < largestPart && parts.length === 0) {
      onPacket(bytes, start, end);
      return;
    }
    partBytes += end - start;
    if (partBytes > mostPacketBytes) {
      throw new SqlqError('limit', `A row of the result is larger than ${mostPacketBytes >> 20} MB`, {
        hint: 'Ask for fewer or shorter columns.',
      });
    }
    parts.push(Buffer.from(bytes.subarray(start, end)));
    if (end - start === largestPart) {
      return;
    }
    const whole = Buffer.concat(parts);
    parts = [];
    partBytes = 0;
    onPacket(whole, 0, whole.length);
  };

  /** Takes from the chunk what the packet that has begun still needs, and says where that ends. */
  const complete = (chunk: Buffer): number => {
    const missing = (bytes: number): number => Math.max(0, bytes - begunBytes);
    const [first = chunk] = begun;
    const header = first.length >= 4 ? first : Buffer.concat([first, chunk.subarray(0, missing(4))]);
    if (header.length < 4) {
      keep(chunk);
      return chunk.length;
    }
    const size = 4 + header.readUIntLE(0, 3);
    const taken = missing(size);
    if (taken > chunk.length) {
      keep(chunk);
      return chunk.length;
    }
    const whole = Buffer.concat([...begun, chunk.subarray(0, taken)]);
    begun = [];
    begunBytes = 0;
    onPart(whole, 4, whole.length);
    return taken;
  };

  const keep = (bytes: Buffer): void => {
    if (bytes.length === 0) {
      return;
    }
    const [first] = begun;
    // The first piece holds the whole header, so that it can be read there.
    if (first !== undefined && first.length < 4) {
      begun = [Buffer.concat([first, bytes])];
    } else {
      begun.push(bytes);
    }
    begunBytes += bytes.length;
  };

  return (chunk) => {
    let at = begunBytes > 0 ? complete(chunk) : 0;
    while (chunk.length - at >= 4) {
      const end = at + 4 + chunk.readUIntLE(at, 3);
      if (end > chunk.length) {
        break;
      }
      const start = at + 4;
      at = end;
      onPart(chunk, start, end);
    }
    // A copy, so that a few bytes do not hold the whole chunk.
    keep(chunk.length - at < 4096 ? Buffer.from(chunk.subarray(at)) : chunk.subarray(at));
  };
}
