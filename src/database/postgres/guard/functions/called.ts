import type { GuardContext } from '../context.ts';
import type { CatalogFunction, Lookup } from '../lookup.ts';
import type { Call, Findings } from '../walk/findings.ts';
import { followFunctions, type Step, stepsOf } from './follow.ts';
import { harmOf, harmOfName, isServers, mayShow } from './functions.ts';

/** The first function that a statement must not call, directly or through what it reads, and why. */
export async function functionProblem(
  context: GuardContext,
  found: Lookup,
  findings: Findings,
  kind: 'read' | 'write',
): Promise<string | null> {
  const follow: Step[] = [];
  for (const call of findings.calls) {
    if (isColumn(call, found, findings)) continue;
    const reachable = candidates(call, found.functions, context.searchPath).filter(
      (candidate) => candidate.takesRow || !isOfRow(call, found, findings),
    );
    const unknown = reachable.length === 0 && call.attributeOf === undefined ? harmOfName(call.name) : null;
    if (unknown !== null) return `${call.name}() ${unknown}`;
    for (const candidate of reachable) {
      if (isShownSetting(call, candidate)) continue;
      if (kind === 'write' && candidate.name === 'nextval' && isServers(candidate)) continue;
      const harm = harmOf(candidate, 'statement');
      if (harm !== null) return `${call.name}${call.attributeOf === undefined ? '()' : ''} ${harm}`;
      follow.push({ id: candidate.id, through: `${call.name}()`, decides: false });
    }
  }
  return followFunctions(context, [...follow, ...stepsOf(found, null)], found.functions);
}

/** All functions that a call may mean: of that name, visible, and taking so many arguments. */
function candidates(
  call: Call,
  functions: readonly CatalogFunction[],
  searchPath: readonly string[],
): readonly CatalogFunction[] {
  return functions.filter(
    (candidate) =>
      candidate.name === call.name &&
      (call.schema === null ? searchPath.includes(candidate.schema) : candidate.schema === call.schema) &&
      (call.argumentCount < 0 ||
        (candidate.fewestArguments <= call.argumentCount && call.argumentCount <= candidate.mostArguments)),
  );
}

/** `alias.name` is a column where everything of that alias has such a column: the server prefers it to a function. */
function isColumn(call: Call, found: Lookup, findings: Findings): boolean {
  if (call.attributeOf === undefined || call.attributeOf === null) return false;
  const named = findings.sources.filter((source) => source.alias === call.attributeOf);
  return (
    named.length > 0 &&
    named.every((source) => {
      if (source.columns?.includes(call.name)) return true;
      if (source.renamed || source.relation === null) return false;
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
  if (attributeOf === undefined || attributeOf === null) return false;
  if (found.casts.some((cast) => cast.implicit)) return false;
  const named = findings.sources.filter((source) => source.alias === attributeOf);
  return (
    named.length > 0 &&
    named.every((source) => source.isRow) &&
    found.relations.some((relation) => relation.columns.includes(name))
  );
}

function isShownSetting(call: Call, candidate: CatalogFunction): boolean {
  return (
    candidate.name === 'current_setting' &&
    isServers(candidate) &&
    call.attributeOf === undefined &&
    call.literal !== null &&
    mayShow(call.literal)
  );
}
