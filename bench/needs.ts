import { existsSync } from 'node:fs';
import { z } from 'zod';

/** Ends the program with 2 and one line that says what it needs: whoever starts it for the first time has no use for a stack. */
export function endFor(need: string): never {
  process.stderr.write(`${need}\n`);
  process.exit(2);
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
