import { aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import { rowsWithout } from '../factor.ts';
import { grouped, groupsOf, type Look, type LookContext, standsAlone, whereOf } from '../look.ts';
import { predicatesOf } from '../predicates.ts';
import { type Scope, type Source, sourcesIn } from '../scope.ts';
import { allOf, conjunctsOf, type Node, nodesOf, textIn } from '../sql-tree.ts';

/** Finds conditions that leave out the groups which an outer join is there to keep. */
export const lookForLostOuterRows: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    const joined = standsAlone(scope)
      ? scope.sources.filter((source) => /^LEFT\b/iu.test(source.join ?? ''))
      : [];
    for (const source of joined) {
      const doubt = keepsGroupsOf(scope, source) ? await lostBy(context, scope, source) : null;
      if (doubt !== null) {
        doubts.push(doubt);
      }
    }
  }
  return doubts;
};

/** Whether a SELECT shows groups of other tables, and of a joined one what it adds up. */
function keepsGroupsOf(scope: Scope, source: Source): boolean {
  const groups = groupsOf(scope);
  return (
    source.on !== null &&
    groups.length > 0 &&
    groups.every((group) => group['type'] !== 'number' && !sourcesIn(group, scope).has(source)) &&
    aggregatesOf(scope).some(({ argument }) => sourcesIn(argument, scope).has(source))
  );
}

async function lostBy(context: LookContext, scope: Scope, source: Source): Promise<Doubt | null> {
  const conditions = conjunctsOf(whereOf(scope));
  const compared = new Set(
    predicatesOf(scope)
      .filter(({ node }) => !/^IS\b/iu.test(textIn(node, 'operator') ?? ''))
      .map(({ node }) => node),
  );
  const moved = conditions.filter((condition) => {
    const read = sourcesIn(condition, scope);
    return (
      compared.has(condition) &&
      read.size === 1 &&
      read.has(source) &&
      !/COALESCE|IFNULL/iu.test(JSON.stringify(condition))
    );
  });
  if (moved.length === 0) {
    return null;
  }
  const on = allOf([...conjunctsOf(source.on), ...moved]);
  const from = nodesOf(scope.select['from']).map(
    (node): Node => (node === source.node ? { ...node, on } : node),
  );
  const where = allOf(conditions.filter((condition) => !moved.includes(condition)));
  const kept = { ...scope, select: { ...scope.select, where } };
  const all = await rowsWithout(context, kept, from);
  const left = all === null ? null : await rowsWithout(context, scope, nodesOf(scope.select['from']));
  if (all === null || left === null || all <= left) {
    return null;
  }
  const written = moved.map((condition) => context.tree.writeExpression(condition)).join(' AND ');
  const name = source.table?.name ?? source.alias;
  const lost = all - left;
  return {
    kind: 'outer-join',
    sentence: `${written} stands in WHERE, so ${grouped(lost)} ${lost === 1 ? 'row that has' : 'rows that have'} no such ${name} ${lost === 1 ? 'is' : 'are'} left out, in spite of the outer join.`,
    evidence: { table: name, rows: lost },
    mendedSql: context.tree.write(new Map([[scope.select, { ...scope.select, from, where }]])),
  };
}
