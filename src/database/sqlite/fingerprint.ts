import { statSync } from 'node:fs';
import { readHeader } from '../file.ts';

/**
 * A text that changes with every committed write: size and time of the file and of its -wal file, and the change counter
 * of the header.
 */
export function fileVersion(path: string): string {
  const { header, bytes } = readHeader(path, 'sqlite');
  const wal = statSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false });
  const { mtimeNs, ino } = statSync(path, { bigint: true });
  const counter = header.readUInt32BE(24);
  return [ino, bytes, mtimeNs, counter, wal?.size ?? 0, wal?.mtimeNs ?? 0].join('.');
}

/** A text that tells this file from another at the same path. */
export function fileIdentity(path: string): string {
  const { ino, birthtimeNs } = statSync(path, { bigint: true });
  return `${ino}.${birthtimeNs}`;
}
