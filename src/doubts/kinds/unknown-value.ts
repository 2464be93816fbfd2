import type { Doubt } from '../doubt.ts';
import { grouped, type Look, type LookContext } from '../look.ts';
import { isTextLiteral, literalAs, literalText, shown } from '../predicates.ts';
import type { Node } from '../sql-tree.ts';
import { valueLimit } from '../values/stored-values.ts';
import { type UnknownLiteral, unknownLiterals } from '../values/unknown-literal.ts';

/** How many values are shown where a column has no more. */
const shownLimit = 25;

/** Finds literals that no row of their own column has, and the stored values that they may mean. */
export const lookForUnknownValues: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const unknown of await unknownLiterals(context)) {
    doubts.push(await doubtOf(context, unknown));
  }
  return doubts;
};

async function doubtOf(context: LookContext, unknown: UnknownLiteral): Promise<Doubt> {
  const { predicate, literal, text, stored, candidates } = unknown;
  const { table, column } = predicate.resolved;
  const [best] = candidates;
  return {
    kind: 'unknown-value',
    sentence: `${noneOf(unknown)}${predicate.negated ? ', so nothing is left out by it' : ''}.${await besides(context, unknown)}`,
    evidence: {
      column: `${table.name}.${column.name}`,
      literal: text,
      nearest: candidates.slice(0, 5),
      values: stored.length <= shownLimit ? stored : null,
      distinct: stored.length,
    },
    mendedSql:
      best === undefined
        ? null
        : context.tree.write(
            new Map([
              [
                literal,
                isOfOtherType(unknown) ? otherType(literal) : literalAs(literal, best, context.dialect),
              ],
            ]),
          ),
  };
}

/** Whether the column has the very text, and the literal is of another type. */
function isOfOtherType({
  text,
  isPattern,
  stored,
}: Pick<UnknownLiteral, 'text' | 'isPattern' | 'stored'>): boolean {
  return !isPattern && stored.includes(text);
}

/** A number as text, or a text as the number that it writes. */
function otherType(literal: Node): Node {
  return isTextLiteral(literal)
    ? { ...literal, type: 'number', value: Number(literalText(literal)) }
    : { ...literal, type: 'single_quote_string', value: literalText(literal) };
}

/** That no row has the literal, without its full stop. */
function noneOf({ predicate, literal, text, isPattern, stored, subject }: UnknownLiteral): string {
  const { table, column } = predicate.resolved;
  if (isOfOtherType({ text, isPattern, stored })) {
    const [kind, other] = isTextLiteral(literal) ? ['a number', 'text'] : ['text', 'a number'];
    return `${subject} is ${kind} and ${shown(literal)} is ${other}, so the two are never equal here`;
  }
  const where = `${table.name}.${column.name}`;
  const isYear = /^(?:1[5-9]|2\d)\d\d$/u.test(text) && predicate.subject['type'] !== 'column_ref';
  return isYear && !isPattern
    ? `No row has ${where} in ${text}`
    : `No row has ${where} ${isPattern ? 'like' : '='} ${shown(literal)}`;
}

/** What the column has instead. */
async function besides(
  context: LookContext,
  { predicate, label, candidates, stored, subject, from, text, isPattern }: UnknownLiteral,
): Promise<string> {
  if (isOfOtherType({ text, isPattern, stored })) {
    return '';
  }
  const { table, column } = predicate.resolved;
  if (label !== null) {
    return ` '${label.text}' is the label of ${table.name}.${column.name} = ${label.key}.`;
  }
  const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');
  if (candidates.length > 0) {
    return ` Near it: ${quoted(candidates.slice(0, 3))}.`;
  }
  return stored.length <= shownLimit
    ? ` Its values: ${quoted(stored)}.`
    : rangeOf(context, subject, from, stored.length);
}

async function rangeOf(
  context: LookContext,
  subject: string,
  from: string,
  distinct: number,
): Promise<string> {
  const [row] = (await context.probe(`SELECT MIN(${subject}), MAX(${subject}) FROM ${from}`, 1)) ?? [];
  if (row === undefined || row[0] === null) {
    return '';
  }
  const count = distinct >= valueLimit ? `${grouped(valueLimit)} or more` : grouped(distinct);
  return ` It has ${count} different values, from ${String(row[0])} to ${String(row[1])}.`;
}
