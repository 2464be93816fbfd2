import type { Doubt } from '../doubt.ts';
import { grouped, isText, type Look, type LookContext, numberOf, overTable, tableText } from '../look.ts';
import {
  hasAggregate,
  isTextLiteral,
  literalAs,
  literalText,
  type Predicate,
  predicatesOf,
} from '../predicates.ts';
import { isNode, type Node, textIn } from '../sql-tree.ts';
import { mostCategories } from '../values/clusters.ts';
import { isSameValue, isVariant, namesPeople } from '../values/same-value.ts';
import { likeIn, rowWith, type StoredValue, storedValues, valueLimit } from '../values/stored-values.ts';

/** A misspelling is that much rarer than the word, where a column holds many. */
const oftener = 5;
/** So many other spellings are named. */
const shownLimit = 4;

/** A comparison with texts, and the rows that hold the same value in a spelling that it does not say. */
interface Twinned {
  readonly predicate: Predicate;
  readonly twins: readonly StoredValue[];
}

/** Finds values that are compared, and that the column holds in other spellings besides. */
export const lookForOtherSpellings: Look = async (context) => {
  const found: Twinned[] = [];
  for (const predicate of context.scopes.flatMap(predicatesOf)) {
    const twins = await twinsOf(context, predicate);
    if (twins.length > 0) {
      found.push({ predicate, twins });
    }
  }
  const replacements = found.map(
    ({ predicate, twins }) => [predicate.node, withTwins(context, predicate, twins)] as const,
  );
  const mendedSql = found.length === 0 ? null : context.tree.write(new Map(replacements));
  // In a CASE of one expression there is no comparison to take them in.
  const isMended = mendedSql !== context.tree.write();
  return found.map((one) => doubtOf(context, one, isMended ? mendedSql : null));
};

/** The literals of a comparison for equality with a column of texts; none of another. */
function comparedTexts({ operator, subject, resolved, literals }: Predicate): readonly Node[] {
  if (
    !['=', 'IN', 'LIKE', 'ILIKE'].includes(operator) ||
    hasAggregate(subject) ||
    !isText(resolved.column.type)
  ) {
    return [];
  }
  const isPattern = operator.endsWith('LIKE');
  return literals.filter(
    (literal) => isTextLiteral(literal) && !(isPattern && /[%_\\]/u.test(literalText(literal))),
  );
}

async function twinsOf(context: LookContext, predicate: Predicate): Promise<readonly StoredValue[]> {
  const { table, column } = predicate.resolved;
  const compared = comparedTexts(predicate).map(literalText);
  if (compared.length === 0) {
    return [];
  }
  const subject = overTable(context, predicate.subject, predicate.scope);
  const from = tableText(context, table);
  const values = (await storedValues(context, subject, from)) ?? [];
  const candidates = new Set<string>();
  // What the statement says of the same column besides is kept apart on purpose.
  const said = new Set(
    context.scopes
      .flatMap(predicatesOf)
      .filter(({ resolved }) => resolved.column === column)
      .flatMap(({ literals }) => literals.map(literalText)),
  );
  for (const text of compared) {
    const isAlike = likenessIn(values, text, column.name);
    const more = values.length < valueLimit ? [] : await likeIn(context, subject, from, text);
    for (const value of [...values.map((one) => one.text), ...more]) {
      if (!said.has(value) && !value.includes('\0') && isAlike(value)) {
        candidates.add(value);
      }
    }
  }
  if (candidates.size === 0) {
    return [];
  }
  const node = overTable(context, predicate.node, predicate.scope);
  const one = [...candidates].map((value) => `${subject} = ${context.dialect.writeText(value)}`).join(' OR ');
  // Whether they are the same is for the engine's own comparison to say.
  const other = negates(predicate) ? `(${node})` : `NOT (${node})`;
  const rows = await context.probe(
    `SELECT ${subject} AS v, COUNT(*) AS n FROM ${from} WHERE (${one}) AND ${other} GROUP BY ${subject} ORDER BY COUNT(*) DESC`,
    candidates.size,
  );
  const twins = (rows ?? []).map((row) => ({ text: String(row[0]), rows: numberOf([row], 1) ?? 0 }));
  // The nearest value of one that no row has is told as such.
  return twins.length === 1 && (await hasUnknown(context, predicate, subject, from)) ? [] : twins;
}

/** Whether no row has one of the compared texts. */
async function hasUnknown(
  context: LookContext,
  predicate: Predicate,
  subject: string,
  from: string,
): Promise<boolean> {
  for (const literal of comparedTexts(predicate)) {
    const rows = await rowWith(context, predicate, literal, subject, from);
    if (rows?.length === 0) {
      return true;
    }
  }
  return false;
}

/** A test for values that are the same as a text, or its misspelling as far as a column's values let that be told. */
function likenessIn(
  values: readonly StoredValue[],
  text: string,
  column: string,
): (value: string) => boolean {
  const all = values.reduce((sum, { rows }) => sum + rows, 0);
  // Values that each row has its own of are names, and no categories.
  const repeats = all >= 2 * values.length && !namesPeople.test(column);
  const rowsOf = new Map(values.map((value) => [value.text, value.rows]));
  const own = rowsOf.get(text) ?? 0;
  return (value) => {
    if (value === text) {
      return false;
    }
    if (isSameValue(text, value)) {
      return true;
    }
    const rows = rowsOf.get(value) ?? 0;
    const isRare = Math.max(rows, own) >= oftener * Math.max(1, Math.min(rows, own));
    return repeats && isVariant(text, value, { isLoose: values.length <= mostCategories || isRare });
  };
}

/** Whether a comparison is a negation by its own operator. */
function negates({ node }: Predicate): boolean {
  return /^NOT |^<>$|^!=$|^IS NOT$/u.test(textIn(node, 'operator')?.toUpperCase() ?? '');
}

/** A comparison that takes the other spellings in. */
function withTwins({ dialect }: LookContext, predicate: Predicate, twins: readonly StoredValue[]): Node {
  const { node, subject, literals } = predicate;
  const [literal] = comparedTexts(predicate);
  const { suffix: collation, ...plain } = literal ?? {};
  const others = twins.map(({ text }) => literalAs(plain, text, dialect));
  const not = negates(predicate);
  const list = (value: readonly Node[]): Node => ({
    type: 'binary_expr',
    operator: not ? 'NOT IN' : 'IN',
    left: subject,
    right: { type: 'expr_list', value },
  });
  // A list has no collation of its own for each of its texts.
  if (
    !isNode(collation) &&
    /^(?:==?|<>|!=|(?:NOT )?IN)$/u.test(textIn(node, 'operator')?.toUpperCase() ?? '')
  ) {
    return list([...literals, ...others]);
  }
  return {
    type: 'binary_expr',
    operator: not ? 'AND' : 'OR',
    left: node,
    right: list(others),
    parentheses: true,
  };
}

function doubtOf({ tree }: LookContext, { predicate, twins }: Twinned, mendedSql: string | null): Doubt {
  const { table, column } = predicate.resolved;
  const rows = twins.reduce((sum, one) => sum + one.rows, 0);
  const named = twins.slice(0, shownLimit).map((one) => `'${one.text}' (${grouped(one.rows)})`);
  const more = twins.length > shownLimit ? ` and ${twins.length - shownLimit} other spellings` : '';
  const what = `${table.name}.${column.name}`;
  const written = tree.writeExpression(predicate.node);
  return {
    kind: 'other-spellings',
    sentence: `${rows === 1 ? '1 row more of' : `${grouped(rows)} rows more of`} ${table.name} ${rows === 1 ? 'has' : 'have'} ${column.name} spelt as ${named.join(', ')}${more}: ${written} does not name ${twins.length === 1 ? 'it' : 'them'}.`,
    evidence: {
      column: what,
      literals: comparedTexts(predicate).map(literalText),
      others: twins.map((one) => one.text),
      rows,
    },
    mendedSql,
  };
}
