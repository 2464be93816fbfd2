import * as z from 'zod';
import { SqlqError } from '../errors.ts';

/** A question and its SQL, as they are written for other programs. */
export interface Pair {
  readonly question: string;
  readonly sql: string;
}

export const exchangeFormats = ['jsonl', 'modelfile'] as const;

export type ExchangeFormat = (typeof exchangeFormats)[number];

/** What a model that was tuned with these examples is told first. */
const system = 'You turn a question into one SQL query of this database. Reply with the SQL alone.';

const lineSchema = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(2),
});

/**
 * Examples as lines of JSON in the chat form that fine-tuning takes, or as MESSAGE lines of an Ollama Modelfile. Source:
 * OpenAI's "Supervised fine-tuning" and Ollama's "Modelfile Reference".
 */
export function writePairs(pairs: readonly Pair[], format: ExchangeFormat): string {
  if (format === 'modelfile') {
    const lines = pairs.flatMap(({ question, sql }) => [
      `MESSAGE user ${quoted(question)}`,
      `MESSAGE assistant ${quoted(sql)}`,
    ]);
    return [`SYSTEM ${quoted(system)}`, ...lines, ''].join('\n');
  }
  return pairs
    .map(({ question, sql }) =>
      JSON.stringify({
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: question },
          { role: 'assistant', content: sql },
        ],
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Examples from lines of JSON in the chat form. Throws a SqlqError `usage` that names the line. */
export function readPairs(text: string): readonly Pair[] {
  return text.split(/\r?\n/u).flatMap((line, index) => {
    if (line.trim() === '') {
      return [];
    }
    const messages = lineSchema.safeParse(parseJson(line)).data?.messages ?? [];
    const said = (role: string): string | undefined =>
      messages.find((message) => message.role === role)?.content.trim();
    const question = said('user');
    const sql = said('assistant');
    if (question !== undefined && question !== '' && sql !== undefined && sql !== '') {
      return [{ question, sql }];
    }
    throw new SqlqError('usage', `Line ${index + 1} is no example.`, {
      hint: 'Each line is {"messages": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": SQL}]}.',
    });
  });
}

/** One example to be edited: the question as comments, then the SQL. */
export function writePair({ question, sql }: Pair): string {
  return `${question
    .split(/\r\n|\r|\n/u)
    .map((line) => `-- ${line}`)
    .join('\n')}\n${sql}\n`;
}

/** An edited example. Throws a SqlqError `usage` where question or SQL are missing. */
export function readPair(text: string): Pair {
  const lines = text.trim().split(/\r?\n/u);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const comments = end === -1 ? lines : lines.slice(0, end);
  const question = comments
    .map((line) => line.replace(/^--\s?/u, ''))
    .join('\n')
    .trim();
  const sql = end === -1 ? '' : lines.slice(end).join('\n').trim();
  if (question !== '' && sql !== '') {
    return { question, sql };
  }
  throw new SqlqError('usage', 'An example is a question after "--" and its SQL in the lines below.');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

/** Three quotes hold any text but themselves. */
function quoted(text: string): string {
  return /[\n"]/u.test(text) ? `"""${text.replaceAll('"""', '""\u200b"')}"""` : `"${text}"`;
}
