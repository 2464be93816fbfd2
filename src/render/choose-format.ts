import { extname } from 'node:path';
import { SqlqError } from '../errors.ts';
import { definitionOf, endings, type Format, formatOfEnding, formats } from './format.ts';

export interface FormatChoice {
  /** What the user named for this very result; it goes before all else. */
  readonly named: Format | null;
  /** What the settings name for every result. */
  readonly usual: Format | null;
  /** The file that is written; null for stdout. */
  readonly output: string | null;
  /** Whether a person reads it on a terminal. */
  readonly onTerminal: boolean;
}

/**
 * The format of a result: the one that is named, else the one of the file's ending, else the usual one, else a table on
 * a terminal and CSV elsewhere. Throws a SqlqError `usage` where an ending names no format.
 */
export function chooseFormat({ named, usual, output, onTerminal }: FormatChoice): Format {
  if (named !== null) {
    return named;
  }
  const ending = output === null || isDevice(output) ? '' : extname(output);
  const found = formatOfEnding(ending);
  if (found !== null) {
    return found;
  }
  if (ending !== '' && ending !== '.') {
    throw new SqlqError('usage', `No format of rows has files that end in "${ending}".`, {
      hint: `The endings are ${endings.join(', ')}; with --format any other will do.`,
    });
  }
  if (output !== null && (usual === 'table' || usual === null)) {
    return 'csv';
  }
  return usual ?? (onTerminal ? 'table' : 'csv');
}

/** A file's name has an ending, a device's has not. */
function isDevice(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('/proc/');
}

/** The format of that name, in any case. Throws a SqlqError `usage`. */
export function formatNamed(name: string): Format {
  const found = formats.find((format) => format === name.toLowerCase());
  if (found !== undefined) {
    return found;
  }
  throw new SqlqError('usage', `There is no format "${name}".`, { hint: `Use ${formats.join(', ')}.` });
}

/** Refuses to fill a terminal's screen with what is for a browser or another program. Throws a SqlqError `usage`. */
export function requireFile(format: Format): void {
  const { needsFile, endings: own } = definitionOf(format);
  if (!needsFile) {
    return;
  }
  throw new SqlqError('usage', `A terminal can't show ${format}: it is for a file.`, {
    hint: `Name one: --output answer${own[0] ?? ''}`,
  });
}
