import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { exitCodes, messageOf, SqlqError } from '../errors.ts';
import { createOutputFile } from '../files/output-file.ts';
import type { AnswerLine } from './answer-line.ts';
import type { BatchQuestion } from './read-questions.ts';

/**
 * The answers of a batch while it runs, in `OUTPUT.part`. Its first line says what it belongs to, each further one is an
 * answer behind its question's number, in the order in which they came: nobody takes it for the whole.
 */
export interface Journal {
  /** Lines that need not be asked for again, by the question's number. */
  readonly answered: ReadonlyMap<number, AnswerLine>;
  add(index: number, line: AnswerLine): Promise<void>;
  /** Writes all lines in the questions' order to the output, whole or not at all, and removes the journal. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

const lineSchema = z.object({ question: z.string(), exitCode: z.int() });

/**
 * Opens the journal of an output, and goes on with one that is there. `identity` is all that decides what the answers
 * are. Throws a SqlqError `usage` where the one that is there belongs to another batch.
 */
export async function openJournal(
  output: string,
  questions: readonly BatchQuestion[],
  identity: readonly unknown[],
): Promise<Journal> {
  const path = `${output}.part`;
  const header = `sqlq batch 1 ${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32)}\n`;
  const text = await readFile(path, 'utf8').catch(() => '');
  const answered = new Map<number, AnswerLine>();
  let length = 0;
  if (text.includes('\n')) {
    if (!text.startsWith(header)) {
      throw foreign(path, 'the database, the model or a flag is another one');
    }
    length = header.length;
    for (const entry of text.slice(header.length).split(/(?<=\n)/u)) {
      const line = /^(?<index>\d+)\t(?<answer>.*)\n$/su.exec(entry)?.groups;
      // The last line may have been cut when the batch was stopped.
      const parsed = lineSchema.safeParse(parseJson(line?.['answer']));
      if (line === undefined || !parsed.success) {
        break;
      }
      const index = Number(line['index']);
      if (questions[index]?.question !== parsed.data.question) {
        throw foreign(path, 'its questions are others');
      }
      length += entry.length;
      const { exitCode } = parsed.data;
      if (exitCode === exitCodes.failed) {
        answered.delete(index);
      } else {
        answered.set(index, { text: line['answer'] ?? '', exitCode });
      }
    }
  }
  const file = await openFile(path, text, header, length);
  return {
    answered,
    async add(index, line) {
      answered.set(index, line);
      await file.appendFile(`${index}\t${line.text}\n`);
    },
    async finish() {
      await file.close();
      const lines = questions.map((_, index) => `${answered.get(index)?.text ?? ''}\n`);
      const whole = await createOutputFile(output);
      await writeFile(whole.path, lines.join(''));
      await whole.keep();
      await rm(path, { force: true });
    },
    close: () => file.close().catch(() => {}),
  };
}

async function openFile(path: string, text: string, header: string, length: number): Promise<FileHandle> {
  try {
    if (length > 0) {
      await truncate(path, Buffer.byteLength(text.slice(0, length)));
    } else {
      await writeFile(path, header);
    }
    return await open(path, 'a');
  } catch (error) {
    throw new SqlqError('usage', `The file ${path} can't be written: ${messageOf(error)}.`, {
      hint: 'Check that its folder exists and is yours to write to.',
      cause: error,
    });
  }
}

function foreign(path: string, why: string): SqlqError {
  return new SqlqError('usage', `${path} is of another batch: ${why}.`, {
    hint: 'Delete it to begin anew, or name another --output.',
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
