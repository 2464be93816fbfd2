import type { Doubt } from '../doubt.ts';
import {
  grouped,
  isTemporal,
  isText,
  type Look,
  type LookContext,
  numberOf,
  overTable,
  tableText,
} from '../look.ts';
import { hasAggregate, literalAs, literalText, type Predicate, predicatesOf } from '../predicates.ts';
import { type Node, textIn } from '../sql-tree.ts';
import { nextDay } from '../values/date-forms.ts';

/** A comparison of moments with a day, which a database takes for that day's first moment. */
interface DayBound {
  readonly predicate: Predicate;
  /** The day, and the day after it. */
  readonly bound: Node;
  readonly day: string;
  readonly next: string;
}

/** Finds days that end a period with their first moment, or begin one after it. */
export const lookForCutDays: Look = async (context) => {
  const found: { readonly bound: DayBound; readonly rows: number }[] = [];
  for (const bound of context.scopes.flatMap(predicatesOf).flatMap(dayBoundOf)) {
    const rows = await laterThatDay(context, bound);
    if (rows > 0) {
      found.push({ bound, rows });
    }
  }
  const replacements = found.map(({ bound }) => [bound.predicate.node, wholeDay(context, bound)] as const);
  const mendedSql = found.length === 0 ? null : context.tree.write(new Map(replacements));
  return found.map(({ bound, rows }) => doubtOf(context, bound, rows, mendedSql));
};

function dayBoundOf(predicate: Predicate): readonly DayBound[] {
  const { operator, literals, subject, resolved } = predicate;
  const { type } = resolved.column;
  if (
    !['<=', '>', '=', 'BETWEEN'].includes(operator) ||
    hasAggregate(subject) ||
    !(isTemporal(type) || isText(type))
  ) {
    return [];
  }
  const bound = literals.at(-1);
  const day = bound === undefined ? '' : literalText(bound);
  const next = nextDay(day);
  return bound === undefined || next === null ? [] : [{ predicate, bound, day, next }];
}

/** How many rows are of a day and later than its first moment. */
async function laterThatDay(context: LookContext, { predicate, day, next }: DayBound): Promise<number> {
  const { resolved, scope } = predicate;
  const subject = overTable(context, predicate.subject, scope);
  const { dialect } = context;
  const isDate = isTemporal(resolved.column.type);
  const [from, to] = [day, next].map((text) => (isDate ? dialect.writeDate(text) : dialect.writeText(text)));
  const rows = await context.probe(
    `SELECT COUNT(*) FROM ${tableText(context, resolved.table)} WHERE ${subject} > ${from} AND ${subject} < ${to}`,
  );
  return numberOf(rows) ?? 0;
}

/** The comparison with the whole day in, or out. */
function wholeDay({ dialect }: LookContext, { predicate, bound, next }: DayBound): Node {
  const { node, subject, operator, literals } = predicate;
  const after = literalAs(bound, next, dialect);
  const compared = (sign: string, right: Node): Node => ({
    type: 'binary_expr',
    operator: sign,
    left: subject,
    right,
  });
  if (operator === '<=') {
    return compared('<', after);
  }
  if (operator === '>') {
    return compared('>=', after);
  }
  const [first = bound] = literals;
  const isOutside = /^(?:NOT BETWEEN|<>|!=|IS NOT)$/u.test(textIn(node, 'operator')?.toUpperCase() ?? '');
  return {
    type: 'binary_expr',
    operator: isOutside ? 'OR' : 'AND',
    left: compared(isOutside ? '<' : '>=', first),
    right: compared(isOutside ? '>=' : '<', after),
    parentheses: true,
  };
}

function doubtOf(
  { tree }: LookContext,
  { predicate, day }: DayBound,
  rows: number,
  mendedSql: string | null,
): Doubt {
  const { node, resolved, operator } = predicate;
  const isTakenIn = (operator === '>') !== predicate.negated;
  const verb = rows === 1 ? 'is' : 'are';
  const what = `${grouped(rows)} ${rows === 1 ? 'row' : 'rows'} of ${resolved.table.name}`;
  return {
    kind: 'end-of-day',
    sentence: `${tree.writeExpression(node)} compares with the first moment of ${day}: ${what} ${verb} later that day and ${isTakenIn ? 'taken in' : 'left out'}.`,
    evidence: { column: `${resolved.table.name}.${resolved.column.name}`, day, rows },
    mendedSql,
  };
}
