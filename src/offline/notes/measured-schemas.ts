import type { Schema } from '../../schema/schema.ts';
import { type Measure, withMeasures } from './measures.ts';

/** Makes a schema with measures the same object while both are the same, since the engine prepares each anew. */
export function measuredSchemas(): (schema: Schema, measures: readonly Measure[]) => Schema {
  let last: { readonly of: Schema; readonly key: string; readonly made: Schema } | null = null;
  return (schema, measures) => {
    const key = JSON.stringify(measures.map(({ name, meaning }) => [name, meaning]));
    if (last?.of !== schema || last.key !== key) {
      last = { of: schema, key, made: withMeasures(schema, measures) };
    }
    return last.made;
  };
}
