import type { Model } from '../../model/model.ts';
import type { Queue } from './queue.ts';

/** A model of which no more is asked at once than its server's queue lets in. */
export function queuedModel(model: Model, queue: Queue, user: string): Model {
  return {
    provider: model.provider,
    name: model.name,
    async answer(request, signal) {
      const leave = await queue.enter(user, signal);
      try {
        return await model.answer(request, signal);
      } finally {
        leave();
      }
    },
  };
}
