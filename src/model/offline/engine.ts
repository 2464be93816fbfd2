import type { Schema } from '../../schema/schema.ts';
import type { ValueIndex } from '../model.ts';
import { makeCatalog } from './catalog/catalog.ts';
import { withContained } from './catalog/contained.ts';
import { loadWords } from './language/related.ts';
import { makeLinker } from './link/link.ts';
import { makeValueLookup } from './link/values.ts';
import type { Prepared, Weights } from './parse.ts';
import { joinGraph } from './query/joins.ts';
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
  const [{ default: text }, { related, isWord }] = await Promise.all([
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
      const declared = makeCatalog(schema, isWord);
      const lookup = makeValueLookup(declared, values);
      const catalog = withContained(declared, lookup.of);
      const prepared = {
        catalog,
        linker: makeLinker(catalog, related, isWord),
        lookup,
        graph: joinGraph(catalog),
      };
      last = { schema, values, prepared };
      return prepared;
    },
  };
}
