import { extname } from 'node:path';
import * as z from 'zod';
import { messageOf, SqlqError } from '../errors.ts';
import { readWhole } from '../files/read-file.ts';

/** One question of a batch. */
export interface BatchQuestion {
  readonly question: string;
  /** What the file calls it, handed on with its answer; null where it does not. */
  readonly id: string | number | bigint | null;
}

const lineSchema = z.union([
  z.string().trim().min(1),
  z.object({
    question: z.string().trim().min(1),
    id: z.union([z.string(), z.number(), z.bigint()]).nullish(),
  }),
]);

/**
 * The questions of a file: a question a line, but for empty lines and comments, which begin with `# `; with `.csv` the column
 * `question` of each row; with `.jsonl` or `.ndjson` a text or an object with a `question` a line. A column or a key
 * `id` is kept. Throws a SqlqError `usage` that names the line.
 */
export async function readQuestions(path: string, signal: AbortSignal): Promise<readonly BatchQuestion[]> {
  let text: string;
  try {
    text = (await readWhole(path, signal)).toString('utf8').replace(/^\ufeff/u, '');
  } catch (error) {
    signal.throwIfAborted();
    throw new SqlqError('usage', `The questions ${path} can't be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  const questions = await parse(path, text);
  if (questions.length > 0) {
    return questions;
  }
  throw new SqlqError('usage', `There is no question in ${path}.`, { hint: 'Write one a line.' });
}

/** Of every system, the old Macintosh's too. */
const lineEnd = /\r\n|\n|\r/u;

/** A `#` that stands alone; `#1 seller` is a question. */
function isComment(line: string): boolean {
  return /^#+(?:\s|$)/u.test(line);
}

async function parse(path: string, text: string): Promise<readonly BatchQuestion[]> {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return fromCsv(path, text);
    case '.jsonl':
    case '.ndjson':
      return fromJsonLines(path, text);
    default:
      return text
        .split(lineEnd)
        .map((line) => line.trim())
        .filter((line) => line !== '' && !isComment(line))
        .map((question) => ({ question, id: null }));
  }
}

async function fromCsv(path: string, text: string): Promise<readonly BatchQuestion[]> {
  const { parse: parseCsv } = await import('csv-parse/sync');
  let rows: readonly Readonly<Record<string, string>>[];
  try {
    rows = parseCsv(text, { columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()) });
  } catch (error) {
    throw new SqlqError('usage', `${path} is no CSV: ${messageOf(error)}.`, { cause: error });
  }
  return rows.flatMap((row): readonly BatchQuestion[] => {
    const { question, id } = row;
    if (question === undefined) {
      throw new SqlqError(
        'usage',
        `${path} has no column "question"; it has: ${Object.keys(row).join(', ')}.`,
        {
          hint: 'Its first line names the columns.',
        },
      );
    }
    return question.trim() === '' ? [] : [{ question: question.trim(), id: id ?? null }];
  });
}

function fromJsonLines(path: string, text: string): readonly BatchQuestion[] {
  return text.split(lineEnd).flatMap((line, index): readonly BatchQuestion[] => {
    if (line.trim() === '') {
      return [];
    }
    const parsed = lineSchema.safeParse(parseJson(line));
    if (!parsed.success) {
      throw new SqlqError('usage', `Line ${index + 1} of ${path} holds no question.`, {
        hint: 'A line is a text in quotes, or an object such as {"question": "how many customers?"}.',
      });
    }
    const { data } = parsed;
    return [
      typeof data === 'string'
        ? { question: data, id: null }
        : { question: data.question, id: data.id ?? null },
    ];
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line, exactIds);
  } catch {
    return undefined;
  }
}

/** Whole numbers that a double would round come as they are written. */
function exactIds(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source = '' } = context ?? {};
  const isRounded = key === 'id' && typeof value === 'number' && !Number.isSafeInteger(value);
  return isRounded && /^-?\d+$/u.test(source) ? BigInt(source) : value;
}
