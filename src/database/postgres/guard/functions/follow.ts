import type { GuardContext } from '../context.ts';
import { findHiddenColumns } from '../hidden/columns.ts';
import { type CatalogFunction, functionsById, type Lookup, lookUp } from '../lookup.ts';
import { secretOf } from '../secrets.ts';
import { type BodyWords, bodyWords, harmOf } from './functions.ts';

/** How many times functions are followed into the functions that they call. */
const callDepth = 6;

/** A function that is called, and what calls it. */
export interface Step {
  readonly id: number;
  readonly through: string;
  /** It only decides which rows are seen: what it reads is not shown. */
  readonly decides: boolean;
}

/** What the operators, casts, domains and relations of a look-up call. */
export function stepsOf(found: Lookup, through: string | null): readonly Step[] {
  const step = (id: number, own: string, decides = false): Step => ({ id, through: through ?? own, decides });
  return [
    ...found.operators.map((operator) => step(operator.function, `the operator ${operator.name}`)),
    ...found.casts.map((cast) => step(cast.function, `a cast to ${cast.name}`)),
    ...found.domains.map((domain) => step(domain.function, `the check of the type ${domain.name}`)),
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
  const judged = new Set<number>();
  const byId = new Map(known.map((found) => [found.id, found]));
  let next = start;
  for (let depth = 0; next.length > 0; depth++) {
    if (depth === callDepth) return `${next[0]?.through} calls functions deeper than can be followed`;
    const missing = next.filter(({ id }) => !byId.has(id)).map(({ id }) => id);
    if (missing.length > 0)
      for (const found of await functionsById(context, missing)) byId.set(found.id, found);
    const deeper: Step[] = [];
    for (const { id, through, decides } of next) {
      const found = byId.get(id);
      if (judged.has(id)) continue;
      judged.add(id);
      if (found === undefined) return `${through} calls a function that is not there`;
      const harm = harmOf(found, 'definition');
      const own = `${found.name}()`;
      if (harm !== null)
        return through === own ? `${through} ${harm}` : `${through} calls ${own}, which ${harm}`;
      deeper.push(...found.parts.map((part) => ({ id: part, through: own, decides })));
      if (found.source === '' || found.extension !== null) continue;
      const body = bodyWords(found);
      if (body.problem !== null) return `${own} ${body.problem}`;
      const inside = await lookUp(context, {
        calls: [],
        relations: [],
        types: [],
        operators: body.operators,
        words: body.names,
        assigns: true,
      });
      const read = await readProblem(context, inside, body, decides);
      if (read !== null) return `${own} ${read}`;
      for (const called of inside.functions) byId.set(called.id, called);
      deeper.push(
        ...inside.functions.filter(body.mayCall).map((called) => ({ id: called.id, through: own, decides })),
        ...stepsOf(inside, own),
      );
    }
    next = deeper.filter(({ id }) => id !== 0 && !judged.has(id));
  }
  return null;
}

/** What a body reads that it must not; which columns it reads of a table that it names, nobody knows. */
async function readProblem(
  { session, hidden }: GuardContext,
  inside: Lookup,
  body: BodyWords,
  decides: boolean,
): Promise<string | null> {
  for (const relation of inside.relations)
    if (relation.runsProgram || secretOf(relation, hidden.isActive) !== null) return `reads ${relation.name}`;
  if (inside.relations.some(({ schema, name }) => schema === 'pg_catalog' && name === 'pg_settings'))
    return 'may read settings that are secret';
  if (decides) return null;
  const hiddenColumns = await findHiddenColumns(session.client, inside.relations, hidden);
  const holding = inside.relations.find(
    ({ id, name }) =>
      body.names.includes(name) && (hiddenColumns.columnsOf(id).size > 0 || hiddenColumns.isTainted(id)),
  );
  return holding === undefined ? null : `may read a column of ${holding.name} that is hidden`;
}
