import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../src/errors.ts';

/** What one part of a benchmark lacks on this machine. */
export class LackingError extends Error {}

/** Ends the program with 2 and one line that says what it needs: whoever starts it for the first time has no use for a stack. */
export function endFor(need: string): never {
  process.stderr.write(`${need}\n`);
  process.exit(2);
}

/**
 * Measures one part after the other. One that lacks something is told of in a line, and the others are measured all the same;
 * the program ends with 2 where nothing could be.
 */
export async function measureEach(parts: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
  let measured = 0;
  for (const [name, measure] of Object.entries(parts)) {
    try {
      await measure();
      measured += 1;
    } catch (error) {
      if (!(error instanceof LackingError)) {
        throw error;
      }
      process.stderr.write(`${name}: not measured. ${error.message}\n`);
    }
  }
  if (measured === 0) {
    // The package that starts PostgreSQL ends the program with 0 when nothing is left to do.
    process.once('exit', () => {
      process.exitCode = 2;
    });
  }
}

/** Throws LackingError where a program is not on the PATH. */
export function needProgram(name: string): void {
  if (!isOnPath(name)) {
    throw new LackingError(`It needs ${name} on the PATH.`);
  }
}

/** Ends the program with one line where no /proc says what processes use. */
export function needLinux(): void {
  if (process.platform !== 'linux') {
    endFor('It needs Linux, whose /proc says what processes use.');
  }
}

/** Ends the program with one line where something is lacking; any other error is thrown again. */
export function endForLacking(error: unknown): never {
  if (error instanceof LackingError) {
    return endFor(error.message);
  }
  throw error;
}

function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** `parseArgs` of Node.js, but the program ends with one line where a flag is not known or lacks its value. */
export function parseFlags<const Options extends NonNullable<ParseArgsConfig['options']>>(options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return endFor(`${messageOf(error)} The first lines of the file say which flags there are.`);
  }
}

/** A number that stands alone on the command line, by its place; the program ends with one line where it is none. */
export function readNumber(place: number, name: string, usual: number): number {
  const given = process.argv[place + 2];
  const number = given === undefined ? usual : Number(given);
  return number > 0 && number < Number.POSITIVE_INFINITY
    ? number
    : endFor(
        `${name} has to be a number above 0, not ${given}. The first lines of the file say how it is called.`,
      );
}

/** Reads what `parseArgs` made of the command line, or ends with one line that says what is missing or wrong. */
export function readFlags<Schema extends z.ZodType>(schema: Schema, values: unknown): z.infer<Schema> {
  const { data, error } = schema.safeParse(values);
  if (error === undefined) {
    return data;
  }
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 || message.startsWith('--') ? message : `--${path.join('.')}: ${message}`,
  );
  return endFor(`${problems.join('; ')}. The first lines of the file say which flags there are.`);
}

/** A flag that names a file or folder which has to be there. */
export function pathFlag(need: string): z.ZodType<string> {
  return z.string(need).refine(existsSync, { error: ({ input }) => `there is no ${String(input)}: ${need}` });
}
