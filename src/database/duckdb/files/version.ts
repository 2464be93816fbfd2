import { statSync } from 'node:fs';
import type { Reading } from '../../data-files.ts';

/** A text that changes whenever one of the files does: size, time and number of each. */
export function readingVersion({ sources }: Reading): string {
  return sources
    .flatMap(({ files }) => files)
    .map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }))
    .map((found) => (found === undefined ? '' : [found.ino, found.size, found.mtimeNs].join('.')))
    .join(' ');
}
