import { expect, it } from 'vitest';
import type { Model, ModelReply, ModelRequest } from '../../../src/model/model.ts';
import { createQueue } from '../../../src/serve/pool/queue.ts';
import { queuedModel } from '../../../src/serve/pool/queued-model.ts';
import { fake } from '../../support/fake.ts';

const never = new AbortController().signal;
const request = fake<ModelRequest>('a request', {}).value;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('asks a model server no more at once than its queue lets in, also after failures', async () => {
  const asked: { answer: () => void; fail: () => void }[] = [];
  const model: Model = {
    provider: 'local',
    name: 'scripted',
    answer: () =>
      new Promise((resolve, reject) => {
        asked.push({
          answer: () => resolve(fake<ModelReply>('a reply', {}).value),
          fail: () => reject(new Error('the server is down')),
        });
      }),
  };
  const queue = createQueue({ name: 'the model', atOnce: 1, mostWaiting: 2 });
  const first = queuedModel(model, queue, 'ada').answer(request, never);
  const second = queuedModel(model, queue, 'grace').answer(request, never);
  const third = queuedModel(model, queue, 'ada').answer(request, never);
  await expect(queuedModel(model, queue, 'mary').answer(request, never)).rejects.toMatchObject({
    code: 'busy',
  });
  await settled();
  expect(asked).toHaveLength(1);
  asked[0]?.fail();
  await expect(first).rejects.toThrow('down');
  await settled();
  expect(asked).toHaveLength(2);
  asked[1]?.answer();
  await second;
  await settled();
  asked[2]?.answer();
  await third;
});
