import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildMessages } from '../../../src/ask/prompt/prompt.ts';
import { contextSizeOf } from '../../../src/model/openai/context-size.ts';
import { listModels } from '../../../src/model/openai/list-models.ts';
import type { ModelServer } from '../../../src/model/server.ts';
import { type LlamaServer, llamaMissing, startLlama } from '../../support/llama-server.ts';
import { askServed, serverAt } from '../../support/served-model.ts';

const missing = llamaMissing();
const patient = { timeout: 300_000 };
const signal = new AbortController().signal;

/** A prompt that so small a model can follow. */
const messages = [
  {
    role: 'system',
    content:
      'Translate the question into SQL. Reply with one JSON object {"reasoning": "...", "sql": "...", "assumptions": [], "unanswerable": null, "clarification": null}. Table customers(id, name).',
  },
  { role: 'user', content: 'How many customers are there?' },
] as const;

describe.skipIf(missing !== null)(
  `a real llama.cpp${missing === null ? '' : ` (${missing})`}`,
  patient,
  () => {
    let llama: LlamaServer;
    beforeAll(async () => {
      llama = await startLlama(2_048);
    }, patient.timeout);
    afterAll(() => llama?.kill());

    const at = (overrides: Partial<ModelServer> = {}) =>
      serverAt(llama.baseUrl, {
        model: llama.model,
        maxTokens: 400,
        timeoutMilliseconds: 240_000,
        ...overrides,
      });

    test('lists its model and its window', async () => {
      expect(await listModels(at(), signal)).toEqual([{ name: 'ai/smollm2', contextSize: 2_048 }]);
      expect(await contextSizeOf(at(), signal)).toBe(2_048);
    });

    test('answers by a strict schema, its tokens counted as they stream', async () => {
      const progress: number[] = [];
      const reply = await askServed(at({ structuredOutput: 'json_schema' }), {
        messages,
        onProgress: (tokens) => progress.push(tokens),
      });
      expect(reply.answer).toMatchObject({ kind: 'sql', sql: expect.stringMatching(/select/i) });
      expect(reply.usage?.promptTokens).toBeGreaterThan(50);
      expect(progress.length).toBeGreaterThan(5);
      expect(progress).toEqual(progress.map((_, index) => index + 1));
    });

    test.each(['json_object', 'tool', 'text'] as const)(
      'is asked in the mode %s, and obeys or is told of',
      async (structuredOutput) => {
        const outcome = await askServed(at({ structuredOutput }), { messages }).catch(
          (error: unknown) => error,
        );
        // So small a model may write anything; what it may not do is break the program.
        expect(outcome).toSatisfy(
          (value) =>
            value.structuredOutput === structuredOutput ||
            (value.code === 'failed' && /no usable answer|was cut after/.test(value.message)),
        );
      },
    );

    test('says both numbers when its window overflows', async () => {
      const prompt = buildMessages({
        question: 'How many?',
        schemaText: 'table t\n  customer_id integer not null\n'.repeat(400),
        dialect: { engine: 'sqlite', product: 'SQLite', version: '3.50.0' },
        attempts: [],
        now: new Date(),
        salt: 'salt',
      });
      await expect(askServed(at(), { messages: prompt })).rejects.toMatchObject({
        code: 'failed',
        message: expect.stringMatching(/^The prompt of \d{4,} tokens does not fit its window of 2048/),
        hint: expect.stringContaining('--ctx-size'),
      });
    });

    test('stops at once when the user does', async () => {
      const abort = new AbortController();
      const onProgress = () => abort.abort(new Error('Ctrl-C'));
      await expect(askServed(at(), { messages, onProgress }, abort.signal)).rejects.toThrow('Ctrl-C');
    });

    test('is told of when it dies in the middle of its reply', async () => {
      const other = await startLlama(512);
      try {
        const onProgress = () => void other.kill();
        await expect(
          askServed(at({ baseUrl: other.baseUrl }), { messages, onProgress }),
        ).rejects.toMatchObject({
          code: 'failed',
          message: expect.stringContaining('dropped the connection'),
        });
      } finally {
        await other.kill();
      }
    });
  },
);
