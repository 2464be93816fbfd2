import type { ValueIndex } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import { makeCatalog } from './catalog/catalog.ts';
import { withContained } from './catalog/contained.ts';
import type { Words } from './language/related.ts';
import { makeLinker } from './link/link.ts';
import { makeValueLookup } from './link/values.ts';
import type { Prepared } from './parse.ts';
import { joinGraph } from './query/joins.ts';

/** Prepares a schema and its stored values for parsing. */
export function prepareSchema(schema: Schema, values: ValueIndex, { related, isWord }: Words): Prepared {
  const declared = makeCatalog(schema, isWord);
  const lookup = makeValueLookup(declared, values);
  const catalog = withContained(declared, lookup.of);
  return { catalog, linker: makeLinker(catalog, related, isWord), lookup, graph: joinGraph(catalog) };
}
