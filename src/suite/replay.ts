import { createHash } from 'node:crypto';
import { SqlqError } from '../errors.ts';
import type { Model, ModelRequest } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import { type RecordedCase, type RecordedTurn, spokenAnswer, writtenAnswer } from './recording.ts';

/** A case whose recorded replies are missing, or are to another prompt than today's. */
export class StaleRecordingError extends SqlqError {}

/** A model that asks another one and keeps what it replies: all of it, or nothing once that fails. */
export function recordingModel(model: Model, turns: RecordedTurn[]): Model {
  return {
    provider: model.provider,
    name: model.name,
    async answer(request, signal) {
      const reply = await model.answer(request, signal).catch((error: unknown) => {
        turns.length = 0;
        throw error;
      });
      turns.push({
        prompt: promptHash(request),
        schema: schemaHash(request.schema),
        usage: reply.usage,
        answer: writtenAnswer(reply.answer),
      });
      return reply;
    },
  };
}

/**
 * A model that gives recorded replies again, to the prompts that they were given to. `answer` rejects with a
 * StaleRecordingError that says what has changed since.
 */
export function replayingModel(recorded: RecordedCase): Model {
  return {
    provider: recorded.provider,
    name: recorded.model,
    async answer(request) {
      const prompt = promptHash(request);
      const turn = recorded.turns.find((entry) => entry.prompt === prompt);
      if (turn === undefined) {
        throw stale(changeSince(recorded, request));
      }
      return {
        answer: spokenAnswer(turn.answer),
        structuredOutput: null,
        usage: turn.usage,
        sent: [],
        warnings: [],
      };
    },
  };
}

/** The error of a case that must be recorded again, or for the first time. */
export function stale(change: string): StaleRecordingError {
  return new StaleRecordingError('failed', `${change}; record it again.`);
}

function changeSince(recorded: RecordedCase, request: ModelRequest): string {
  if (recorded.question !== request.question) {
    return 'The question has changed since it was recorded';
  }
  const schema = schemaHash(request.schema);
  if (!recorded.turns.some((turn) => turn.schema === schema)) {
    return 'The schema has changed since it was recorded';
  }
  // The first prompt is there, so it is the one after a refusal that is not.
  const { messages, lastingMessages = messages } = request;
  const first = promptHash({ messages: lastingMessages.slice(0, 2) });
  return request.attempts.length > 0 && recorded.turns.some((turn) => turn.prompt === first)
    ? 'What the guard or the database says of the SQL has changed since it was recorded'
    : 'The prompt has changed since it was recorded';
}

/**
 * A hash of a prompt that is the same on every machine: the mark around the schema's text, its first and last line in
 * the rules' message, is a secret of each installation.
 */
function promptHash({
  messages,
  lastingMessages = messages,
}: Pick<ModelRequest, 'messages' | 'lastingMessages'>): string {
  const mark = lastingMessages[0]?.content.split('\n').at(-1) ?? '';
  const texts = lastingMessages.map(({ role, content }) => [
    role,
    /^<<\w+>>$/u.test(mark) ? content.replaceAll(mark, '<<>>') : content,
  ]);
  return digest(texts);
}

function schemaHash({ tables, searchPath, dialect }: Schema): string {
  return digest([dialect, searchPath, tables.map(({ rowEstimate: _, ...table }) => table)]);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
