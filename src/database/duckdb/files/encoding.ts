import { isUtf8 } from 'node:buffer';

/** An encoding of text, by the name that TextDecoder has for it. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | (string & {});

/**
 * The encoding of a text by its first bytes: its mark, the zeros of UTF-16, or whether it is UTF-8. What is none of these is
 * taken for Windows-1252, which holds Latin-1.
 */
export function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return 'utf-16le';
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return 'utf-16be';
  }
  const pairs = Math.min(bytes.length >> 1, 1000);
  let even = 0;
  let odd = 0;
  for (let index = 0; index < pairs; index++) {
    even += bytes[index * 2] === 0 ? 1 : 0;
    odd += bytes[index * 2 + 1] === 0 ? 1 : 0;
  }
  if (pairs > 3 && odd > pairs * 0.6 && even < pairs * 0.2) {
    return 'utf-16le';
  }
  if (pairs > 3 && even > pairs * 0.6 && odd < pairs * 0.2) {
    return 'utf-16be';
  }
  return isUtf8(wholeCharacters(bytes)) ? 'utf-8' : 'windows-1252';
}

/** An encoding by a name of it; null where there is none of that name. */
export function encodingNamed(text: string): Encoding | null {
  try {
    return new TextDecoder(text.replace(/^(?:cp|ansi)-?(?=125\d$)/iu, 'windows-')).encoding;
  } catch (error) {
    if (error instanceof RangeError) {
      return null;
    }
    throw error;
  }
}

/** The text of the first bytes of a file; a character that is cut at their end is left out. */
export function decodeHead(bytes: Buffer, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(encoding === 'utf-8' ? wholeCharacters(bytes) : bytes);
}

/** Bytes of UTF-8 without the one character that may be cut at the end. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
    }
    if (byte < 0x80) {
      break;
    }
  }
  return bytes;
}
