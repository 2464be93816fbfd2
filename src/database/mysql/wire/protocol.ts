/** A column as the server describes it. Source: MySQL's `Protocol::ColumnDefinition41`. */
export interface WireColumn {
  readonly name: string;
  /** The protocol's number of the type, `enum_field_types`. */
  readonly type: number;
  /** The protocol's number of the collation; 63 for bytes. */
  readonly collation: number;
  readonly flags: number;
  /** The most bytes that a value has. */
  readonly length: number;
  /** MariaDB's name of a type that the protocol sends as another, such as `json` or `uuid`; else ''. */
  readonly extendedType: string;
}

/** What the server said of a statement, in the shape that `statementFailure` reads. */
export class ServerError extends Error {
  readonly errno: number;

  constructor(message: string, errno: number) {
    super(message);
    this.errno = errno;
  }
}

/** A length-encoded integer and where it ends; -1 for NULL. */
export function readLength(bytes: Buffer, at: number): readonly [value: number, next: number] {
  const first = bytes.readUInt8(at);
  if (first < 0xfb) {
    return [first, at + 1];
  }
  if (first === 0xfc) {
    return [bytes.readUInt16LE(at + 1), at + 3];
  }
  if (first === 0xfd) {
    return [bytes.readUIntLE(at + 1, 3), at + 4];
  }
  if (first === 0xfe) {
    return [Number(bytes.readBigUInt64LE(at + 1)), at + 9];
  }
  return [-1, at + 1];
}

export function readError(bytes: Buffer, start: number, end: number): ServerError {
  const number = bytes.readUInt16LE(start + 1);
  const hasState = bytes[start + 3] === 0x23;
  return new ServerError(bytes.toString('utf8', start + (hasState ? 9 : 3), end), number);
}

export function readColumn(bytes: Buffer, start: number, end: number): WireColumn {
  const texts: string[] = [];
  let at = start;
  for (let index = 0; index < 6; index += 1) {
    const [length, next] = readLength(bytes, at);
    texts.push(bytes.toString('utf8', next, next + length));
    at = next + length;
  }
  // The fixed fields are the last 13 bytes; MariaDB's extended metadata stand before them where they were agreed.
  const fixed = end - 13;
  return {
    name: texts[4] ?? '',
    collation: bytes.readUInt16LE(fixed + 1),
    length: bytes.readUInt32LE(fixed + 3),
    type: bytes.readUInt8(fixed + 7),
    flags: bytes.readUInt16LE(fixed + 8),
    extendedType: at < fixed ? readExtended(bytes, at, fixed) : '',
  };
}

function readExtended(bytes: Buffer, start: number, end: number): string {
  let [, at] = readLength(bytes, start);
  let name = '';
  while (at + 2 <= end) {
    const [length, next] = readLength(bytes, at + 1);
    name = bytes.toString('latin1', next, next + length);
    at = next + length;
  }
  return name;
}
