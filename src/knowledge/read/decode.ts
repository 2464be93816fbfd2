import { UnreadableDocument } from '../document.ts';

/** How other files begin, and what is said of them. Source: the "Magic" of file(1). */
const beginnings: readonly (readonly [bytes: string, reason: string])[] = [
  ['%PDF-', 'it is a PDF; take its text out first, such as with: pdftotext'],
  ['PK\u0003\u0004', 'it is a Word, Excel or zip file; save it as text, Markdown or HTML first'],
  ['\u00d0\u00cf\u0011\u00e0', 'it is an old Word or Excel file; save it as text, Markdown or HTML first'],
  ['\u0089PNG', 'it is a picture'],
  ['\u00ff\u00d8\u00ff', 'it is a picture'],
  ['GIF8', 'it is a picture'],
  ['SQLite format 3\0', 'it is a database'],
  ['\u001f\u008b', 'it is compressed; unpack it first'],
  ['{\\rtf', 'it is an RTF file; save it as text, Markdown or HTML first'],
];

/** How many bytes tell what a file is. */
const lookedAt = 4_096;

/** Which part of the bytes may be control characters that no text has. */
const fewControls = 0.02;

/**
 * The text of a file: by its byte order mark, as UTF-8, as what its HTML says it is, else as the Western encoding that old
 * files have. Throws an UnreadableDocument for bytes that are no text.
 */
export function decodeText(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, lookedAt));
  const found = beginnings.find(([beginning]) => start.startsWith(beginning));
  if (found !== undefined) {
    throw new UnreadableDocument(found[1]);
  }
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) {
    return decode(utf16, bytes);
  }
  const controls = [...start].filter(isControl).length;
  if (start.includes('\0') || controls > start.length * fewControls) {
    throw new UnreadableDocument('it is no text');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decode(declared(start) ?? 'windows-1252', bytes);
  }
}

/** A control character that no text has: all but tab, line ends, form feed and escape. */
function isControl(sign: string): boolean {
  return /\p{Cc}/u.test(sign) && !'\t\n\r\f\u001b\u0085'.includes(sign) && sign < '\u007f';
}

/** Two bytes a character: by their mark, or where every second byte of the beginning is 0. */
function utf16Of(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return 'utf-16le';
  }
  if (first === 0xfe && second === 0xff) {
    return 'utf-16be';
  }
  const start = bytes.subarray(0, lookedAt);
  const zeros = (offset: number): number =>
    start.reduce((sum, byte, index) => sum + (index % 2 === offset && byte === 0 ? 1 : 0), 0);
  const half = start.length / 2;
  if (start.length >= 8 && zeros(1) > half * 0.9 && zeros(0) < half * 0.1) {
    return 'utf-16le';
  }
  return start.length >= 8 && zeros(0) > half * 0.9 && zeros(1) < half * 0.1 ? 'utf-16be' : null;
}

/** `charset` of an HTML or XML head. */
function declared(start: string): string | null {
  return (
    /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)/iu.exec(start)?.[1] ??
    /<\?xml[^>]{0,200}encoding\s*=\s*["']([\w-]+)/iu.exec(start)?.[1] ??
    null
  );
}

function decode(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    // A page may say anything of itself.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
