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
import { inEnglish, isKnown, readTongues, type Tongue } from './tongue/tongue.ts';

/** The engine's data, loaded once, and what it prepared of schemas, as long as they are used. */
export interface Engine {
  readonly weights: Weights;
  /** Probabilities: from `answer` on it answers; from `offer` on a reading is worth showing. */
  readonly thresholds: { readonly answer: number; readonly offer: number };
  /** With a tongue, the names of the schema are those that they are in English. */
  prepare(schema: Schema, values: ValueIndex, tongue?: Tongue): Prepared;
  readonly tongues: readonly Tongue[];
  /** Whether it looks for what to say of words that it does not read: what is near to them, and which questions it would answer. */
  readonly explains: boolean;
  /** Whether a name of a schema is a word of another language than English. */
  isForeign(name: string): boolean;
}

export async function loadEngine(): Promise<Engine> {
  const [{ default: text }, words] = await Promise.all([
    import('./data/weights.json', { with: { type: 'json' } }),
    loadWords(),
  ]);
  const tongues = readTongues();
  const known = new WeakMap<Schema, WeakMap<ValueIndex, Map<string, Prepared>>>();
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
    tongues,
    explains: true,
    isForeign: (name) => tongues.some((tongue) => isKnown(tongue, name)),
    prepare(schema, values, tongue) {
      const ofSchema = known.get(schema) ?? new WeakMap<ValueIndex, Map<string, Prepared>>();
      const ofValues = ofSchema.get(values) ?? new Map<string, Prepared>();
      known.set(schema, ofSchema);
      ofSchema.set(values, ofValues);
      const key = tongue?.name ?? '';
      const before = ofValues.get(key);
      if (before !== undefined) {
        return before;
      }
      const called = tongue === undefined ? undefined : (name: string) => inEnglish(tongue, name);
      const prepared = prepareSchema(schema, values, words, called);
      ofValues.set(key, prepared);
      return prepared;
    },
  };
}
