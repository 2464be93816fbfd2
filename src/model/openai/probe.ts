import { messageOf, SqlqError } from '../../errors.ts';
import type { ServerProbe } from '../provider.ts';
import type { ModelServer } from '../server.ts';
import { contextSizeOf } from './context-size.ts';
import { listModels } from './list-models.ts';
import { createServedModel } from './served-model.ts';

/** Tries a server step by step with a question of a few tokens. Rejects with the signal's reason alone. */
export async function probeServer(given: ModelServer, signal: AbortSignal): Promise<ServerProbe> {
  // From the strictest mode down, whatever is remembered: a server can have learned.
  const { memory } = given;
  const server = { ...given, memory: memory && { ...memory, read: async () => null } };
  const [listed, contextSize, asked] = await Promise.all([
    attempt(listModels(server, signal), signal),
    contextSizeOf(server, signal),
    attempt(askTinyQuestion(server, signal), signal),
  ]);
  const models = listed instanceof SqlqError ? null : listed.map((model) => model.name);
  const isAsked = !(asked instanceof SqlqError);
  return {
    models,
    hasModel: models && hasModel(models, server.model),
    contextSize: contextSize ?? server.contextSize,
    structuredOutput: isAsked ? asked.structuredOutput : null,
    warnings: isAsked ? asked.warnings : [],
    // A list that is kept from us is no harm where the question is answered.
    problem: isAsked ? null : asked,
  };
}

async function askTinyQuestion(server: ModelServer, signal: AbortSignal) {
  const dialect = { engine: 'sqlite', product: 'SQLite', version: '3' } as const;
  return await createServedModel(server).answer(
    {
      question: 'How many artists are there?',
      schema: { dialect, database: 'probe', searchPath: ['main'], tables: [] },
      messages: [
        {
          role: 'system',
          content:
            'Translate the question into SQL. Reply with one JSON object {"reasoning": "...", "sql": "...", "assumptions": [], "unanswerable": null, "clarification": null}. Table artists(id, name).',
        },
        { role: 'user', content: 'How many artists are there?' },
      ],
      attempts: [],
      values: () => Promise.reject(new Error('a probe has no values')),
      onProgress: () => {},
    },
    signal,
  );
}

async function attempt<T>(work: Promise<T>, signal: AbortSignal): Promise<T | SqlqError> {
  try {
    return await work;
  } catch (thrown) {
    signal.throwIfAborted();
    return thrown instanceof SqlqError
      ? thrown
      : new SqlqError('failed', messageOf(thrown), { cause: thrown });
  }
}

/** Servers list `ai/smollm2` as `docker.io/ai/smollm2:latest`, and `llama3` as `llama3:latest`. */
function hasModel(models: readonly string[], wanted: string): boolean {
  const bare = (name: string) => name.replace(/^(docker\.io\/|models\/)/, '').replace(/:latest$/, '');
  return models.some((name) => bare(name) === bare(wanted));
}
