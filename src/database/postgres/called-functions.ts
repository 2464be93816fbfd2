import { type CatalogFunction, functionsBy, type Lookup } from './catalog.ts';
import type { Call, Findings } from './findings.ts';
import { bodyWords, harmOf, harmOfName, isServers, mayShow } from './functions.ts';
import type { HiddenColumns } from './hide.ts';
import { isSecretName } from './secrets.ts';
import type { Session } from './session.ts';

/** How many times functions are followed into the functions that they call. */
const callDepth = 6;

/** The first function that a statement must not call, directly or through what it reads, and why. */
export async function functionProblem(
  session: Session,
  found: Lookup,
  findings: Findings,
  hidden: HiddenColumns,
  kind: 'read' | 'write',
): Promise<string | null> {
  const follow: { id: number; through: string }[] = [];
  for (const call of findings.calls) {
    if (isColumn(call, found, findings)) continue;
    const reachable = candidates(call, found.functions, session.searchPath);
    const unknown = reachable.length === 0 && call.attributeOf === undefined ? harmOfName(call.name) : null;
    if (unknown !== null) return `${call.name}() ${unknown}`;
    for (const candidate of reachable) {
      if (isShownSetting(call, candidate)) continue;
      if (kind === 'write' && candidate.name === 'nextval' && isServers(candidate)) continue;
      const harm = harmOf(candidate, 'statement');
      if (harm !== null) return `${call.name}${call.attributeOf === undefined ? '()' : ''} ${harm}`;
      follow.push({ id: candidate.id, through: `${call.name}()` });
    }
  }
  for (const operator of found.operators)
    follow.push({ id: operator.function, through: `the operator ${operator.name}` });
  for (const cast of found.casts) follow.push({ id: cast.function, through: `a cast to ${cast.name}` });
  for (const domain of found.domains)
    follow.push({ id: domain.function, through: `the check of the type ${domain.name}` });
  for (const relation of found.relations)
    for (const id of relation.functions) follow.push({ id, through: relation.name });
  return followFunctions(session, follow, found.functions, hidden);
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
      if (source.renamed) return false;
      if (source.relation === null) return source.columns?.includes(call.name) ?? false;
      const { schema, name } = source.relation;
      const tables = found.relations.filter(
        (relation) => relation.name === name && (schema === null || relation.schema === schema),
      );
      return tables.length > 0 && tables.every((table) => table.columns.includes(call.name));
    })
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

/** Follows functions into what their bodies, and the aggregates they make up, may call. */
async function followFunctions(
  session: Session,
  start: readonly { id: number; through: string }[],
  known: readonly CatalogFunction[],
  hidden: HiddenColumns,
): Promise<string | null> {
  const judged = new Set<number>();
  const byId = new Map(known.map((found) => [found.id, found]));
  let next = start;
  for (let depth = 0; next.length > 0; depth++) {
    if (depth === callDepth) return `${next[0]?.through} calls functions deeper than can be followed`;
    const missing = next.filter(({ id }) => !byId.has(id)).map(({ id }) => id);
    if (missing.length > 0)
      for (const found of await functionsBy(session.client, missing, [])) byId.set(found.id, found);
    const deeper: { id: number; through: string }[] = [];
    for (const { id, through } of next) {
      const found = byId.get(id);
      if (judged.has(id)) continue;
      judged.add(id);
      if (found === undefined) return `${through} calls a function that is not there`;
      const harm = harmOf(found, 'definition');
      if (harm !== null)
        return through === `${found.name}()`
          ? `${through} ${harm}`
          : `${through} calls ${found.name}(), which ${harm}`;
      deeper.push(...found.parts.map((part) => ({ id: part, through: `${found.name}()` })));
      if (found.source === '' || found.extension !== null) continue;
      const body = bodyWords(found);
      if (body.dynamic) return `${found.name}() runs SQL that it builds`;
      const secret = body.names.find(isSecretName);
      if (secret !== undefined) return `${found.name}() reads ${secret}`;
      const concealed = body.names.find((name) => hidden.mentions(name));
      if (concealed !== undefined) return `${found.name}() may read ${concealed}, which is hidden`;
      for (const called of found.source.matchAll(/:(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)/g))
        deeper.push({ id: Number(called[1]), through: `${found.name}()` });
      for (const called of await functionsBy(session.client, [], body.names)) {
        byId.set(called.id, called);
        deeper.push({ id: called.id, through: `${found.name}()` });
      }
    }
    next = deeper.filter(({ id }) => id !== 0 && !judged.has(id));
  }
  return null;
}
