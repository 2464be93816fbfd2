import type { ValueIndex } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import { loadWords } from './language/related.ts';
import type { Prepared, Weights } from './parse.ts';
import { prepareSchema } from './prepare.ts';
import { readForest } from './rank/forest.ts';
import { readWording } from './rank/wording.ts';

/** The engine's data, loaded once, and what it prepared of the last schema. */
export interface Engine {
  readonly weights: Weights;
  /** Probabilities: from `answer` on it answers; from `offer` on a reading is worth showing. */
  readonly thresholds: { readonly answer: number; readonly offer: number };
  prepare(schema: Schema, values: ValueIndex): Prepared;
}

export async function loadEngine(): Promise<Engine> {
  const [{ default: text }, words] = await Promise.all([
    import('./data/weights.json', { with: { type: 'json' } }),
    loadWords(),
  ]);
  let last: { schema: Schema; values: ValueIndex; prepared: Prepared } | null = null;
  return {
    weights: {
      select: readForest(text.select),
      filter: readForest(text.filter),
      order: readForest(text.order),
      having: readForest(text.having),
      wording: readWording(text.wording),
      candidate: readForest(text.candidate),
      opinion: readForest(text.opinion),
      confidence: readForest(text.confidence),
    },
    thresholds: text.thresholds,
    prepare(schema, values) {
      if (last?.schema === schema && last.values === values) return last.prepared;
      const prepared = prepareSchema(schema, values, words);
      last = { schema, values, prepared };
      return prepared;
    },
  };
}
