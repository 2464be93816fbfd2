import { statSync } from 'node:fs';
import type { FileAddress } from './dialect.ts';
import { dialects } from './engines.ts';
import { firstBytes } from './file.ts';

/** What file engines there are: their names and addresses. */
const fileEngines: readonly { readonly name: string; readonly address: FileAddress }[] = dialects.flatMap(
  ({ name, address }) => (address.kind === 'file' ? [{ name, address }] : []),
);

/** The engine of a file that is named without one: by its first bytes, else by its name, else the one that takes all others. */
export function engineOfPath(path: string): string {
  const bytes = bytesOf(path);
  return fileEngines.find(({ address }) => isSigned(address, bytes))?.name ?? engineByName(path);
}

/** The engine of a file by its name alone. */
export function engineByName(path: string): string {
  const found =
    fileEngines.find(({ address }) => hasEnding(address, path)) ??
    fileEngines.find(({ address }) => address.takesOtherPaths);
  if (found === undefined) {
    throw new Error('no engine has files');
  }
  return found.name;
}

/** Whether a file is a database: by its first bytes, else by its name. */
export function isDatabaseFile(path: string): boolean {
  const bytes = bytesOf(path);
  return fileEngines.some(({ address }) => isSigned(address, bytes) || hasEnding(address, path));
}

/** Whether a file is called like one that holds rows and is no database. */
export function isNamedLikeData(path: string): boolean {
  const name = path.toLowerCase().replace(/\.(?:gz|gzip|zst|zstd)$/u, '');
  return fileEngines.some(({ address }) => address.dataEndings.some((ending) => name.endsWith(ending)));
}

/** The engine that reads files which are no databases. */
export function dataEngine(): string {
  const found = fileEngines.find(({ address }) => address.dataEndings.length > 0);
  if (found === undefined) {
    throw new Error('no engine reads files');
  }
  return found.name;
}

/** Whether a file is called like one of an engine's. */
export function isNamedLikeDatabase(path: string): boolean {
  return fileEngines.some(({ address }) => hasEnding(address, path));
}

/** A file's name without the ending by which an engine knows its own. */
export function withoutEnding(name: string): string {
  const endings = fileEngines.flatMap(({ address }) => address.endings);
  const ending = endings.find((one) => name.toLowerCase().endsWith(one));
  return ending === undefined ? name : name.slice(0, name.length - ending.length);
}

function hasEnding({ endings }: FileAddress, path: string): boolean {
  const name = path.toLowerCase();
  return endings.some((ending) => name.endsWith(ending));
}

function isSigned({ signature }: FileAddress, bytes: Buffer | null): boolean {
  if (bytes === null || signature === null) {
    return false;
  }
  const { at, text } = signature;
  return bytes.toString('latin1', at, at + text.length) === text;
}

/** Null where there is no file, or it can't be read: whoever opens it says so. */
function bytesOf(path: string): Buffer | null {
  try {
    // A pipe would wait for its writer.
    return statSync(path).isFile() ? firstBytes(path) : null;
  } catch {
    return null;
  }
}
