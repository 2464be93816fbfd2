import type { CatalogFunction, Lookup } from '../catalog.ts';
import type { GuardContext } from '../context.ts';
import type { Call, Findings } from '../walk/findings.ts';
import { boundHarm, followFunctions, isTrusted, type Step, stepsOf } from './follow.ts';
import { harmOf, harmOfName, isServers } from './functions.ts';
import { isColumn, meantBy } from './meant.ts';
import { mayShow } from './settings.ts';

/** The first function that a statement must not call, directly or through what it reads, and why. */
export async function functionProblem(
  context: GuardContext,
  found: Lookup,
  findings: Findings,
  kind: 'read' | 'write',
): Promise<string | null> {
  const follow: Step[] = [];
  for (const call of findings.calls) {
    if (isColumn(call, found, findings)) {
      continue;
    }
    const reachable = meantBy(call, found, findings, context.searchPath);
    const unknown = reachable.length === 0 && call.attributeOf === undefined ? harmOfName(call.name) : null;
    if (unknown !== null) {
      return `${call.name}() ${unknown}`;
    }
    for (const candidate of reachable) {
      if (isShownSetting(call, candidate) || isTrusted(context, candidate)) {
        continue;
      }
      if (kind === 'write' && candidate.name === 'nextval' && isServers(candidate)) {
        continue;
      }
      const harm = harmOf(candidate, 'statement') ?? boundHarm(context, candidate);
      if (harm !== null) {
        return `${call.name}${call.attributeOf === undefined ? '()' : ''} ${harm}`;
      }
      follow.push({ id: candidate.id, through: `${call.name}()`, decides: false, anySchema: false });
    }
  }
  return followFunctions(context, [...follow, ...stepsOf(found, null)], found.functions);
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
