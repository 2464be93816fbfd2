import type { ValueIndex } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import { filterFeatures } from './grammar/filter/item.ts';
import { havingFeatures } from './grammar/having.ts';
import { orderFeatures } from './grammar/order.ts';
import { selectFeatures } from './grammar/select.ts';
import { loadWords } from './language/related.ts';
import type { Prepared, Weights } from './parse.ts';
import { prepareSchema } from './prepare.ts';
import { candidateFeatures } from './rank/candidate.ts';
import { confidenceFeatures } from './rank/confidence.ts';
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
      select: readForest('select', text.select, selectFeatures),
      filter: readForest('filter', text.filter, filterFeatures),
      order: readForest('order', text.order, orderFeatures),
      having: readForest('having', text.having, havingFeatures),
      wording: readWording(text.wording),
      listwise: readForest('listwise', text.listwise, candidateFeatures),
      pointwise: readForest('pointwise', text.pointwise, candidateFeatures),
      confidence: readForest('confidence', text.confidence, confidenceFeatures),
    },
    thresholds: text.thresholds,
    prepare(schema, values) {
      if (last?.schema === schema && last.values === values) {
        return last.prepared;
      }
      const prepared = prepareSchema(schema, values, words);
      last = { schema, values, prepared };
      return prepared;
    },
  };
}
