import type { ValueIndex } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import type { Words } from './language/related.ts';
import { makeLinker } from './link/link.ts';
import { makeValueLookup } from './link/values.ts';
import type { Prepared } from './parse.ts';
import { joinGraph } from './query/joins.ts';
import { withContained } from './schema-index/contained.ts';
import { indexSchema } from './schema-index/make.ts';
import { withStoredDates } from './schema-index/stored-dates.ts';

/** Prepares a schema and its stored values for parsing. */
export function prepareSchema(
  schema: Schema,
  values: ValueIndex,
  { related, isWord }: Words,
  called?: (identifier: string) => string,
): Prepared {
  const declared = indexSchema(schema, isWord, called);
  const lookup = makeValueLookup(declared, values);
  const schemaIndex = withStoredDates(withContained(declared, lookup.of), lookup.of);
  return {
    schemaIndex,
    linker: makeLinker(schemaIndex, related, isWord),
    lookup,
    graph: joinGraph(schemaIndex),
  };
}
