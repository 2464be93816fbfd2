import { basename } from 'node:path';
import type { Format } from './format.ts';
import type { Head } from './head.ts';
import { tableName } from './names.ts';

/** A file that was looked at. */
export interface SeenFile {
  readonly path: string;
  /** As people call it. */
  readonly label: string;
  readonly head: Head;
  readonly format: Format;
  /** What files of one table have in common: the header, or the columns. */
  readonly shape: string;
  readonly bytes: number;
}

/** Files that make one table. */
export interface FileGroup {
  /** The name that the table is to have. */
  readonly name: string;
  readonly files: readonly SeenFile[];
}

/**
 * Puts files of one shape together. Of a pattern, all of one shape are parts of one table, of a folder those whose names differ
 * in numbers alone, such as `2024-01.parquet` and `2024-02.parquet`.
 */
export function groupFiles(
  files: readonly SeenFile[],
  { kind, name }: { readonly kind: 'file' | 'folder' | 'pattern'; readonly name: string },
): readonly FileGroup[] {
  const groups = new Map<string, SeenFile[]>();
  for (const file of files) {
    const isAlone = file.format === 'workbook' || file.format === 'duckdb' || kind === 'file';
    const part = isAlone ? file.path : kind === 'pattern' ? '' : stemOf(file);
    const key = JSON.stringify([file.format, file.shape, part]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].map((parts) => ({ name: nameOf(parts, name), files: parts }));
}

/** A file's name without the numbers that tell parts of one set from each other; '' where it has no other letters. */
function stemOf({ path }: SeenFile): string {
  const letters = basename(path)
    .replace(/\..*$/su, '')
    .replaceAll(/(?:^|[^\p{L}\p{N}])(?:part|chunk|batch)?[^\p{L}\p{N}]?\p{N}+(?=$|[^\p{L}\p{N}])/giu, ' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return letters === '' ? '' : tableName(letters);
}

function nameOf(parts: readonly SeenFile[], source: string): string {
  const [first, ...others] = parts;
  if (first === undefined) {
    return source;
  }
  if (others.length === 0) {
    return tableName(basename(first.path));
  }
  const stems = new Set(parts.map(stemOf));
  const [stem = ''] = stems;
  return stems.size === 1 && stem !== '' ? stem : source;
}
