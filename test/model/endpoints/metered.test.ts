import { expect, it } from 'vitest';
import { SqlqError } from '../../../src/errors.ts';
import { createMeteredModel } from '../../../src/model/endpoints/metered-model.ts';
import { createMemoryState } from '../../../src/model/endpoints/state.ts';
import type { Model } from '../../../src/model/model.ts';
import { schema } from '../../support/schema.ts';

/** Asks a metered model that fails after some pieces of a reply, and tells what was written down of it. */
async function usedAfter(pieces: number) {
  const state = createMemoryState();
  const model: Model = {
    provider: 'p',
    name: 'm',
    async answer({ onSent, onProgress }) {
      onSent?.({ host: 'h', text: '{}' });
      if (pieces > 0) {
        onProgress(pieces);
      }
      throw new SqlqError('failed', 'no usable answer');
    },
  };
  const now = () => new Date('2026-03-15T12:00:00');
  const price = { input: 1, output: 2 };
  const metered = createMeteredModel({ model, host: 'h', price, state: async () => state, now });
  const request = {
    question: 'how many?',
    schema: schema([]),
    messages: [{ role: 'user', content: 'x'.repeat(297) }] as const,
    attempts: [],
    values: () => Promise.reject(new Error('no values')),
    onProgress: () => {},
  };
  await expect(metered.answer(request, new AbortController().signal)).rejects.toThrow('no usable answer');
  return state.entriesSince('2026-03-01');
}

it('what came of a question that failed is written down, of a server too that tells no usage', async () => {
  expect(await usedAfter(40)).toMatchObject([{ requests: 1, promptTokens: 103, completionTokens: 40 }]);
});

it('what was never worked on is not', async () => {
  expect(await usedAfter(0)).toEqual([]);
});
