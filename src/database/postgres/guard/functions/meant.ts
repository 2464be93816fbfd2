import type { CatalogFunction, Lookup } from '../catalog.ts';
import type { Call, Findings } from '../walk/findings.ts';

/**
 * All functions that a call may mean: of that name, visible on the search path (in whatever schema where it is null),
 * and taking so many arguments. None where it is certainly a column.
 */
export function meantBy(
  call: Call,
  found: Lookup,
  findings: Findings,
  searchPath: readonly string[] | null,
): readonly CatalogFunction[] {
  if (isColumn(call, found, findings)) {
    return [];
  }
  const isSeen = ({ schema }: CatalogFunction) =>
    call.schema === null ? searchPath === null || searchPath.includes(schema) : schema === call.schema;
  return found.functions.filter(
    (candidate) =>
      candidate.name === call.name &&
      isSeen(candidate) &&
      (candidate.takesRow || !isOfRow(call, found, findings)) &&
      (call.argumentCount < 0 ||
        (candidate.fewestArguments <= call.argumentCount && call.argumentCount <= candidate.mostArguments)),
  );
}

/** `alias.name` is a column where everything of that alias has such a column: the server prefers it to a function. */
export function isColumn(call: Call, found: Lookup, findings: Findings): boolean {
  if (call.attributeOf === undefined || call.attributeOf === null) {
    return false;
  }
  const named = findings.sources.filter((source) => source.alias === call.attributeOf);
  return (
    named.length > 0 &&
    named.every((source) => {
      if (source.columns?.includes(call.name)) {
        return true;
      }
      if (source.renamed || source.relation === null) {
        return false;
      }
      const { schema, name } = source.relation;
      const tables = found.relations.filter(
        (relation) => relation.name === name && (schema === null || relation.schema === schema),
      );
      return tables.length > 0 && tables.every((table) => table.columns.includes(call.name));
    })
  );
}

/**
 * `alias.name` where all of that alias are rows, of something that has such a column: it calls at most what takes a
 * row, unless a cast makes more of it.
 */
function isOfRow({ attributeOf, name }: Call, found: Lookup, findings: Findings): boolean {
  if (attributeOf === undefined || attributeOf === null) {
    return false;
  }
  if (found.casts.some((cast) => cast.implicit)) {
    return false;
  }
  const named = findings.sources.filter((source) => source.alias === attributeOf);
  return (
    named.length > 0 &&
    named.every((source) => source.isRow) &&
    found.relations.some((relation) => relation.columns.includes(name))
  );
}
