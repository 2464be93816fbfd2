import type { Doubt } from '../doubt.ts';
import {
  countAll,
  grouped,
  isNull,
  item,
  type Look,
  type LookContext,
  numberOf,
  overTable,
  selectText,
  standsAlone,
  tableText,
} from '../look.ts';
import {
  hasAggregate,
  literalText,
  type Predicate,
  predicatesOf,
  requiredConditions,
  shown,
} from '../predicates.ts';
import type { Scope } from '../scope.ts';
import { allOf, conjunctsOf, type Node, nodeIn, textIn } from '../sql-tree.ts';

/** Finds conditions that every row passes: an equality or a truth on a column that holds nothing else. */
export const lookForIdleConditions: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    const required = new Set(requiredConditions(scope));
    for (const predicate of predicatesOf(scope)) {
      if (!required.has(predicate.node) || predicate.negated) {
        continue;
      }
      if (!['=', 'IN'].includes(predicate.operator) || hasAggregate(predicate.subject)) {
        continue;
      }
      const doubt = await idle(context, predicate);
      if (doubt !== null) {
        doubts.push(doubt);
      }
    }
  }
  return doubts;
};

async function idle(context: LookContext, predicate: Predicate): Promise<Doubt | null> {
  const { table, column } = predicate.resolved;
  // What the question asks for in so many words, the SQL has to say.
  if (predicate.literals.every((literal) => context.asked.says(literalText(literal)))) {
    return null;
  }
  const from = tableText(context, table);
  const condition = overTable(context, predicate.node, predicate.scope);
  const failing = await context.probe(
    `SELECT 1 FROM ${from} WHERE NOT (${condition}) OR (${condition}) IS NULL LIMIT 1`,
    1,
  );
  if (failing === null || failing.length > 0) {
    return null;
  }
  const rows = numberOf(await context.probe(`SELECT COUNT(*) FROM ${from}`, 1));
  // Of one row nothing can be told.
  if (rows === null || rows < 3) {
    return null;
  }
  return {
    kind: 'passes-all',
    sentence: `All ${grouped(rows)} rows of ${table.name} have ${table.name}.${column.name} = ${predicate.literals.map(shown).join(' or ')}, so this condition leaves none out.`,
    evidence: { column: `${table.name}.${column.name}`, rows },
    mendedSql: null,
  };
}

/** Finds negations that leave out the rows with NULL, and NOT IN lists that a NULL empties. */
export const lookForLostNulls: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    for (const predicate of predicatesOf(scope)) {
      if (!predicate.negated || hasAggregate(predicate.subject)) {
        continue;
      }
      if (!['=', 'IN', 'LIKE', 'ILIKE', 'BETWEEN'].includes(predicate.operator)) {
        continue;
      }
      if (/^IS NOT$/iu.test(textIn(predicate.node, 'operator') ?? '')) {
        continue;
      }
      const doubt = (await lostNulls(context, predicate)) ?? (await lostByOuterJoin(context, predicate));
      if (doubt !== null) {
        doubts.push(doubt);
      }
    }
    doubts.push(...(await emptiedByNull(context, scope)));
  }
  return doubts;
};

async function lostNulls(context: LookContext, predicate: Predicate): Promise<Doubt | null> {
  const { table, column } = predicate.resolved;
  if (!column.nullable || handlesNull(predicate)) {
    return null;
  }
  const subject = overTable(context, predicate.subject, predicate.scope);
  const from = tableText(context, table);
  const nulls = numberOf(await context.probe(`SELECT COUNT(*) FROM ${from} WHERE ${subject} IS NULL`, 1));
  if (nulls === null || nulls === 0) {
    return null;
  }
  const isDirect = /^NOT |^<>$|^!=$/u.test(textIn(predicate.node, 'operator')?.toUpperCase() ?? '');
  return {
    kind: 'null-left-out',
    sentence: `${grouped(nulls)} ${nulls === 1 ? 'row of' : 'rows of'} ${table.name} ${nulls === 1 ? 'has' : 'have'} no ${column.name} (NULL) and ${nulls === 1 ? 'is' : 'are'} left out by this negation.`,
    evidence: { column: `${table.name}.${column.name}`, nulls },
    mendedSql: isDirect ? orMissing(context, predicate) : null,
  };
}

/** The statement with the rows let in that have NULL where a condition is on. */
function orMissing(context: LookContext, { node, subject }: Predicate): string | null {
  const either: Node = {
    type: 'binary_expr',
    operator: 'OR',
    left: node,
    right: isNull(subject),
    parentheses: true,
  };
  return context.tree.write(new Map([[node, either]]));
}

/** A negation on a table that an outer join brings leaves out the rows that have none of it. */
async function lostByOuterJoin(context: LookContext, predicate: Predicate): Promise<Doubt | null> {
  const { node, scope, subject, resolved } = predicate;
  const conditions = conjunctsOf(nodeIn(scope.select, 'where'));
  const isOuter =
    /^(?:LEFT|FULL)\b/iu.test(resolved.source.join ?? '') && scope.sources.includes(resolved.source);
  if (!isOuter || !conditions.includes(node) || handlesNull(predicate) || !standsAlone(scope)) {
    return null;
  }
  const sql = selectText(context, scope, {
    columns: [item(countAll)],
    where: allOf([...conditions.filter((condition) => condition !== node), isNull(subject)]),
    groupby: null,
    having: null,
    orderby: null,
    limit: null,
    distinct: null,
  });
  const rows = sql === null ? null : numberOf(await context.probe(sql, 1));
  if (rows === null || rows === 0) {
    return null;
  }
  return {
    kind: 'null-left-out',
    sentence: `${grouped(rows)} ${rows === 1 ? 'row has' : 'rows have'} no ${resolved.table.name} (NULL) and ${rows === 1 ? 'is' : 'are'} left out by this negation, in spite of the outer join.`,
    evidence: { column: `${resolved.table.name}.${resolved.column.name}`, nulls: rows },
    mendedSql: orMissing(context, predicate),
  };
}

/** Whether the statement says what becomes of NULLs of this column: it tests for them somewhere. */
function handlesNull({ scope, resolved, subject }: Predicate): boolean {
  if (/COALESCE|IFNULL|NVL/iu.test(JSON.stringify(subject))) {
    return true;
  }
  const text = JSON.stringify(scope.select).toLowerCase();
  const name = JSON.stringify(resolved.column.name).toLowerCase();
  return (
    requiredConditions(scope).some((condition) => {
      const said = JSON.stringify(condition).toLowerCase();
      return said.includes(name) && /"operator":"is(?: not)?"/u.test(said);
    }) && text.includes(name)
  );
}

/** NOT IN of a subquery that returns a NULL is never true. */
async function emptiedByNull(context: LookContext, scope: Scope): Promise<readonly Doubt[]> {
  const doubts: Doubt[] = [];
  for (const condition of conjunctsOf(nodeIn(scope.select, 'where'))) {
    if (textIn(condition, 'operator')?.toUpperCase() !== 'NOT IN') {
      continue;
    }
    const inner = context.scopes.find(
      (candidate) =>
        candidate.outer === scope && JSON.stringify(condition).includes(JSON.stringify(candidate.select)),
    );
    const [selected] = Array.isArray(inner?.select['columns']) ? inner.select['columns'] : [];
    const expression = inner === undefined ? null : nodeIn(selected ?? {}, 'expr');
    if (inner === undefined || expression === null || !standsAlone(inner) || hasAggregate(expression)) {
      continue;
    }
    const where = allOf([...conjunctsOf(nodeIn(inner.select, 'where')), isNull(expression)]);
    const sql = selectText(context, inner, {
      columns: [item(countAll)],
      where,
      groupby: null,
      having: null,
      orderby: null,
      limit: null,
      distinct: null,
    });
    const nulls = sql === null ? null : numberOf(await context.probe(sql, 1));
    if (nulls === null || nulls === 0) {
      continue;
    }
    const mended = {
      ...inner.select,
      where: allOf([...conjunctsOf(nodeIn(inner.select, 'where')), isNull(expression, 'IS NOT')]),
    };
    doubts.push({
      kind: 'null-left-out',
      sentence: `The list after NOT IN has ${grouped(nulls)} NULL, and so no row passes it.`,
      evidence: { nulls },
      mendedSql: context.tree.write(new Map([[inner.select, mended]])),
    });
  }
  return doubts;
}
