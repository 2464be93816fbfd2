import type { CatalogFunction, Lookup } from '../catalog.ts';
import type { GuardContext } from '../context.ts';
import { findHiddenColumns } from '../hidden/columns.ts';
import { functionsById } from '../lookup.ts';
import { boundFunctions, secretOf } from '../secrets.ts';
import { type Body, bodyOf } from './body.ts';
import { harmOf } from './functions.ts';
import { settingProblem } from './setting-names.ts';

/** How many times functions are followed into the functions that they call. */
const callDepth = 6;

/** A function that is called, and what calls it. */
export interface Step {
  readonly id: number;
  readonly through: string;
  /** It only decides which rows are seen: what it reads is not shown. */
  readonly decides: boolean;
  /** It runs with another search path than the role's own. */
  readonly anySchema: boolean;
}

/** The bounds of partitions are values of a column, which may be hidden. */
export function boundHarm({ hidden }: GuardContext, { name }: CatalogFunction): string | null {
  return hidden.isActive && boundFunctions.has(name)
    ? 'shows values of columns, some of which are hidden'
    : null;
}

/** Whether the user answers for a function, by its name or with its schema. */
export function isTrusted({ trustedFunctions }: GuardContext, { schema, name }: CatalogFunction): boolean {
  return trustedFunctions.some((trusted) => trusted === name || trusted === `${schema}.${name}`);
}

/** What the operators, casts, domains and relations of a look-up call. */
export function stepsOf(found: Lookup, through: string | null, anySchema = false): readonly Step[] {
  const step = (id: number, own: string, decides = false): Step => ({
    id,
    through: through ?? own,
    decides,
    anySchema,
  });
  return [
    ...found.operators.map((operator) => step(operator.function, `the operator ${operator.name}`)),
    ...found.casts.map((cast) => step(cast.function, `a cast to ${cast.name}`)),
    ...found.domains.map((domain) => step(domain.function, `the check of the type ${domain.name}`)),
    ...found.unseen.map((unseen) => step(unseen.function, `what belongs to ${unseen.name}`)),
    ...found.relations.flatMap((relation) => [
      ...relation.functions.map((id) => step(id, relation.name)),
      ...relation.policyFunctions.map((id) => step(id, relation.name, true)),
    ]),
  ];
}

/**
 * Follows functions into all that their bodies, defaults and parts may reach: further functions, and through views,
 * policies, operators, casts and domains. Gives the first harm that is found; null where there is none.
 */
export async function followFunctions(
  context: GuardContext,
  start: readonly Step[],
  known: readonly CatalogFunction[],
): Promise<string | null> {
  // Met again where it shows what it reads, or with another search path, it is looked at again.
  const seen = new Map<number, Step[]>();
  const isSeen = ({ id, decides, anySchema }: Step) =>
    seen.get(id)?.some((before) => (decides || !before.decides) && (!anySchema || before.anySchema)) === true;
  const byId = new Map(known.map((found) => [found.id, found]));
  let next = start;
  for (let depth = 0; next.length > 0; depth++) {
    if (depth === callDepth) {
      return `${next[0]?.through} calls functions deeper than can be followed`;
    }
    const missing = next.filter(({ id }) => !byId.has(id)).map(({ id }) => id);
    if (missing.length > 0) {
      for (const found of await functionsById(context, missing)) {
        byId.set(found.id, found);
      }
    }
    const deeper: Step[] = [];
    for (const step of next) {
      if (isSeen(step)) {
        continue;
      }
      const { id, through, decides } = step;
      seen.set(id, [...(seen.get(id) ?? []), step]);
      const found = byId.get(id);
      if (found === undefined) {
        return `${through} calls a function that is not there`;
      }
      if (isTrusted(context, found)) {
        continue;
      }
      const harm = harmOf(found, 'definition') ?? boundHarm(context, found);
      const own = `${found.name}()`;
      if (harm !== null) {
        return through === own ? `${through} ${harm}` : `${through} calls ${own}, which ${harm}`;
      }
      const anySchema = step.anySchema || found.ownPath;
      deeper.push(...found.parts.map((part) => ({ id: part, through: own, decides, anySchema })));
      if (found.source === '') {
        continue;
      }
      const body = await bodyOf(context, found, anySchema);
      const problem = typeof body === 'string' ? body : decides ? null : settingProblem(found.source);
      if (problem !== null || typeof body === 'string') {
        return `${own} ${problem}`;
      }
      const read = await readProblem(context, body, decides);
      if (read !== null) {
        return `${own} ${read}`;
      }
      for (const called of body.inside.functions) {
        byId.set(called.id, called);
      }
      deeper.push(
        ...body.called.map((called) => ({ id: called.id, through: own, decides, anySchema })),
        ...stepsOf(body.inside, own, anySchema),
      );
    }
    next = deeper.filter((step) => step.id !== 0 && !isSeen(step));
  }
  return null;
}

/** What a body reads that it must not; which columns it reads of a table that it names, nobody knows. */
async function readProblem(
  { session, hidden }: GuardContext,
  { inside, names }: Body,
  decides: boolean,
): Promise<string | null> {
  for (const relation of inside.relations) {
    if (relation.runsProgram || secretOf(relation, hidden.isActive) !== null) {
      return `reads ${relation.name}`;
    }
  }
  if (inside.relations.some(({ schema, name }) => schema === 'pg_catalog' && name === 'pg_settings')) {
    return 'may read settings that are secret';
  }
  for (const { name, settingCode } of inside.relations) {
    const setting = settingCode === null || decides ? null : settingProblem(settingCode);
    if (setting !== null) {
      return `reads ${name}, which ${setting}`;
    }
  }
  if (decides) {
    return null;
  }
  const hiddenColumns = await findHiddenColumns(session.client, inside.relations, hidden);
  const holding = inside.relations.find(
    ({ id, name }) =>
      names.includes(name) && (hiddenColumns.columnsOf(id).size > 0 || hiddenColumns.isTainted(id)),
  );
  return holding === undefined ? null : `may read a column of ${holding.name} that is hidden`;
}
