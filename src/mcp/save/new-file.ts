import { randomBytes } from 'node:crypto';
import { link, lstat, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { messageOf, SqlqError } from '../../errors.ts';
import { type Format, formatOfEnding } from '../../render/format.ts';

/** The place of a file that is not there yet. What is written to `path` is gone in the end unless it is kept. */
export interface NewFile extends AsyncDisposable {
  readonly format: Format;
  /** Where to write, beside its place. */
  readonly path: string;
  /** Puts it in its place. Throws a SqlqError `usage` where something has come to be there meanwhile. */
  keep(): Promise<{ readonly path: string; readonly bytes: number }>;
}

/**
 * A bare name that no system and no program reads as another thing: no folder, nothing hidden, no option, no device of
 * Windows, no control characters and line separators, no blank or dot at an end.
 */
const bareName =
  /^(?![.\s-]|(?:con|prn|aux|nul|com\d|lpt\d)\.)[^/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,120}(?<![.\s])$/iu;

/**
 * The place of a new file in the one folder that files may be written to. Throws a SqlqError `refused` where no folder was
 * named, and `usage` for a name that leads out of it, has no ending of a format, or is taken, by a link too.
 */
export async function claimNewFile(folder: string | null, name: string): Promise<NewFile> {
  if (folder === null) {
    throw new SqlqError('refused', 'No folder was named that files may be written to.', {
      hint: 'Whoever started sqlq can name one: sqlq mcp --save-to FOLDER',
    });
  }
  if (!bareName.test(name)) {
    throw new SqlqError('usage', `"${name}" is no bare name of a file.`, {
      hint: 'Give letters, digits, hyphens and an ending, such as orders-2025.csv: no folder, no leading dot or hyphen.',
    });
  }
  const format = formatOfEnding(extname(name));
  if (format === null) {
    throw new SqlqError('usage', `The ending of "${name}" names no format.`, {
      hint: 'Take csv, tsv, json, jsonl, md, xlsx, parquet or html.',
    });
  }
  const target = join(folder, name);
  await requireFree(target, name);
  const path = join(folder, `.sqlq-${randomBytes(9).toString('hex')}.part`);
  return {
    format,
    path,
    async keep() {
      // A link is made only where nothing is, in one step: what came to be there meanwhile stays.
      await link(path, target).catch((error: unknown) => {
        throw notWritten(name, error);
      });
      return { path: target, bytes: (await stat(target)).size };
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true });
    },
  };
}

async function requireFree(target: string, name: string): Promise<void> {
  const found = await lstat(target).catch(() => null);
  if (found !== null) {
    throw taken(name);
  }
}

function notWritten(name: string, error: unknown): SqlqError {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
    return taken(name);
  }
  return new SqlqError('failed', `"${name}" can't be written: ${messageOf(error)}.`, {
    hint: 'Check that its folder is there, is yours to write to, and takes hard links.',
    cause: error,
  });
}

function taken(name: string): SqlqError {
  return new SqlqError('usage', `"${name}" is there already: nothing is written over.`, {
    hint: 'Take another name.',
  });
}
