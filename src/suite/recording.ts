import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { parseYaml, writeYaml, YamlError } from '../config/files/yaml.ts';
import { messageOf, SqlqError } from '../errors.ts';
import type { Answer } from '../model/answer.ts';

/** The one thing that a reply said, as it is written to a file. */
const answerSchema = z.union([
  z.strictObject({ sql: z.string(), assumptions: z.array(z.string()), reasoning: z.string() }),
  z.strictObject({ unanswerable: z.string() }),
  z.strictObject({ needs: z.array(z.string()) }),
  z.strictObject({ calls: z.array(z.strictObject({ tool: z.string(), arguments: z.string() })) }),
  z.strictObject({
    clarification: z.string(),
    choices: z.array(z.strictObject({ reading: z.string(), sql: z.string().nullable() })),
  }),
]);

const usageSchema = z.strictObject({
  promptTokens: z.int(),
  completionTokens: z.int(),
  cachedTokens: z.int().nullable(),
  reasoningTokens: z.int().nullable(),
});

const turnSchema = z.strictObject({
  /** A hash of the prompt: with all of its messages, but for facts of rows and the mark that differs between installations. */
  prompt: z.string(),
  /** A hash of the schema, to tell why a prompt has changed. */
  schema: z.string(),
  usage: usageSchema.nullable(),
  answer: answerSchema,
});

const caseSchema = z.strictObject({
  case: z.string(),
  question: z.string(),
  /** The day on which it was recorded, which its prompt names. */
  today: z.iso.date(),
  provider: z.string(),
  model: z.string(),
  /** Characters of schema that the model's window had room for. */
  schemaBudget: z.number(),
  /** What the model was told besides names, types and keys. */
  send: z.array(z.string()),
  turns: z.array(turnSchema),
});

const fileSchema = z.strictObject({ version: z.literal(1), replies: z.array(caseSchema) });

/** A model's replies to one case, in their order. */
export type RecordedCase = z.output<typeof caseSchema>;
export type RecordedTurn = z.output<typeof turnSchema>;

/** Where the replies to a suite are kept: beside it. */
export function recordingPath(suitePath: string): string {
  return suitePath.replace(/\.ya?ml$/iu, '').concat('.replies.yaml');
}

/** The replies that were kept for a suite, by the case's name; empty where there are none. Throws a SqlqError `usage`. */
export async function readRecording(suitePath: string): Promise<Map<string, RecordedCase>> {
  const path = recordingPath(suitePath);
  try {
    const { value } = await parseYaml(await readFile(path, 'utf8'));
    const { replies } = fileSchema.parse(value);
    return new Map(replies.map((entry) => [entry.case, entry]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return new Map();
    }
    const reason =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof YamlError && error.place !== null
          ? `${error.message} (line ${error.place.line})`
          : messageOf(error);
    throw new SqlqError('usage', `The recorded replies ${path} can't be read: ${reason}`, {
      hint: 'Record them again: sqlq test --record',
    });
  }
}

/** Writes the replies beside their suite, whole or not at all; it is a file for a repository, and holds no row. */
export async function writeRecording(suitePath: string, replies: readonly RecordedCase[]): Promise<void> {
  const path = recordingPath(suitePath);
  const head = `# What models replied to the questions of this suite, for sqlq test to give again without a model.
# Written by sqlq test --record: record again rather than edit.
`;
  try {
    await writeFile(`${path}.part`, head + (await writeYaml({ version: 1, replies })));
    await rename(`${path}.part`, path);
  } catch (error) {
    throw new SqlqError('failed', `The replies can't be kept in ${path}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** An answer as it is written. */
export function writtenAnswer(answer: Answer): RecordedTurn['answer'] {
  switch (answer.kind) {
    case 'sql':
      return { sql: answer.sql, assumptions: [...answer.assumptions], reasoning: answer.reasoning };
    case 'unanswerable':
      return { unanswerable: answer.reason };
    case 'tables':
      return { needs: [...answer.names] };
    case 'calls':
      return { calls: answer.calls.map((call) => ({ tool: call.name, arguments: call.arguments })) };
    case 'clarification':
      return {
        clarification: answer.question,
        choices: answer.choices.map(({ interpretation: reading, sql }) => ({ reading, sql })),
      };
  }
}

/** An answer as it was said. */
export function spokenAnswer(written: RecordedTurn['answer']): Answer {
  if ('sql' in written) {
    return { kind: 'sql', ...written };
  }
  if ('unanswerable' in written) {
    return { kind: 'unanswerable', reason: written.unanswerable };
  }
  if ('needs' in written) {
    return { kind: 'tables', names: written.needs };
  }
  if ('calls' in written) {
    const calls = written.calls.map(({ tool, arguments: text }, index) => ({
      id: `call_${index + 1}`,
      name: tool,
      arguments: text,
    }));
    return { kind: 'calls', calls, said: '' };
  }
  return {
    kind: 'clarification',
    question: written.clarification,
    choices: written.choices.map(({ reading: interpretation, sql }) => ({ interpretation, sql })),
  };
}
