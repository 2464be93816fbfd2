import { isTemporal, type LookContext, overTable, tableText } from '../look.ts';
import { literalText, predicatesOf } from '../predicates.ts';
import type { Scope } from '../scope.ts';
import type { Node } from '../sql-tree.ts';

/** The year with rows that is nearest to a period without any. */
export interface NearestYear {
  readonly year: number;
  /** The statement with that year in the place of the other; null where it can't be written. */
  readonly mendedSql: string | null;
}

const date = /^\d{4}-\d\d-\d\d/u;
const yearOf = (text: string): number => Number(text.slice(0, 4));

/** Looks for the year with rows that is nearest to the period which the bounds on one condition's column make. */
export async function nearestYear(
  context: LookContext,
  scope: Scope,
  condition: Node,
): Promise<NearestYear | null> {
  const predicates = predicatesOf(scope);
  const asked = predicates.find(({ node }) => node === condition);
  if (asked === undefined) {
    return null;
  }
  const bounds = predicates.filter(
    ({ resolved, operator, negated }) =>
      resolved.column === asked.resolved.column && !negated && /^(?:[<>]=?|BETWEEN|=)$/u.test(operator),
  );
  const literals = bounds.flatMap((predicate) => predicate.literals);
  const texts = literals.map(literalText).toSorted();
  const [first] = texts;
  const last = texts.at(-1);
  if (first === undefined || last === undefined || !texts.every((text) => date.test(text))) {
    return null;
  }
  const subject = overTable(context, asked.subject, scope);
  const from = tableText(context, asked.resolved.table);
  const edge = async (what: string, operator: string, bound: string): Promise<number | null> => {
    const { dialect } = context;
    const isDate = isTemporal(asked.resolved.column.type);
    const text = isDate ? dialect.writeDate(bound) : dialect.writeText(bound);
    const rows = await context.probe(
      `SELECT ${what}(${subject}) FROM ${from} WHERE ${subject} ${operator} ${text}`,
    );
    const found = String(rows?.[0]?.[0] ?? '');
    return date.test(found) ? yearOf(found) : null;
  };
  const asks = yearOf(first);
  const years = [await edge('MAX', '<', first), await edge('MIN', '>=', last)].filter(
    (year) => year !== null,
  );
  const [year] = years.toSorted((a, b) => Math.abs(a - asks) - Math.abs(b - asks));
  if (year === undefined) {
    return null;
  }
  const shifted = literals.map((literal): readonly [Node, Node] => {
    const text = literalText(literal);
    return [literal, { ...literal, value: `${yearOf(text) + year - asks}${text.slice(4)}` }];
  });
  return { year, mendedSql: year === asks ? null : context.tree.write(new Map(shifted)) };
}
