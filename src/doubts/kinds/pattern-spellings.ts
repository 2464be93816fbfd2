import type { Doubt } from '../doubt.ts';
import { grouped, isText, type Look, type LookContext, numberOf, overTable, tableText } from '../look.ts';
import {
  hasAggregate,
  isTextLiteral,
  literalAs,
  literalText,
  type Predicate,
  predicatesOf,
  shown,
} from '../predicates.ts';
import type { Node } from '../sql-tree.ts';
import { rowWith, type StoredValue, storedValues, valueLimit } from '../values/stored-values.ts';

/** So many values are named, and so many at most are taken in. */
const shownLimit = 4;
const mostTaken = 50;

/** Finds patterns of LIKE that leave out what differs from them in case or accents alone. */
export const lookForPatternSpellings: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const predicate of context.scopes.flatMap(predicatesOf)) {
    const [literal, ...others] = predicate.literals;
    if (literal !== undefined && others.length === 0 && isPattern(predicate, literal)) {
      const left = await leftOut(context, predicate, literal);
      doubts.push(...(left.length === 0 ? [] : [doubtOf(context, predicate, literal, left)]));
    }
  }
  return doubts;
};

function isPattern({ operator, subject, resolved, negated }: Predicate, literal: Node): boolean {
  const text = literalText(literal);
  return (
    operator.endsWith('LIKE') &&
    !negated &&
    !hasAggregate(subject) &&
    isText(resolved.column.type) &&
    isTextLiteral(literal) &&
    /[%_]/u.test(text) &&
    /\p{L}/u.test(text) &&
    !text.includes('\\')
  );
}

/** A text without case and accents. */
function bare(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** The pattern, minding neither case nor accents; what may stand in the middle of a text begins a word there. */
function loosely(pattern: string): RegExp {
  const parts = bare(pattern)
    .replace(/^%(?=\p{L})/u, '\0')
    .split(/([%_\0])/u)
    .map(
      (part) =>
        ({ '%': '[^]*', _: '[^]', '\0': String.raw`(?:[^]*[^\p{L}\p{N}])?` })[part] ??
        part.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`),
    );
  return new RegExp(`^${parts.join('')}$`, 'u');
}

/** The stored values that the pattern would have but for case and accents, where it has others. */
async function leftOut(
  context: LookContext,
  predicate: Predicate,
  literal: Node,
): Promise<readonly StoredValue[]> {
  const { table } = predicate.resolved;
  const subject = overTable(context, predicate.subject, predicate.scope);
  const from = tableText(context, table);
  const values = (await storedValues(context, subject, from)) ?? [];
  const pattern = loosely(literalText(literal));
  const candidates = values.filter(({ text }) => pattern.test(bare(text)) && !text.includes('\0'));
  // Of what is not read whole there may be more; what no row is like is told as such.
  if (candidates.length === 0 || candidates.length > mostTaken || values.length >= valueLimit) {
    return [];
  }
  const one = candidates.map(({ text }) => `${subject} = ${context.dialect.writeText(text)}`).join(' OR ');
  const node = overTable(context, predicate.node, predicate.scope);
  const rows = await context.probe(
    `SELECT ${subject} AS v, COUNT(*) AS n FROM ${from} WHERE (${one}) AND NOT (${node}) GROUP BY ${subject} ORDER BY COUNT(*) DESC`,
    candidates.length,
  );
  const left = (rows ?? []).map((row) => ({ text: String(row[0]), rows: numberOf([row], 1) ?? 0 }));
  const has = left.length === 0 ? null : await rowWith(context, predicate, literal, subject, from);
  return has === null || has.length === 0 ? [] : left;
}

function doubtOf(
  { tree, dialect }: LookContext,
  { node, subject, resolved }: Predicate,
  literal: Node,
  left: readonly StoredValue[],
): Doubt {
  const { table, column } = resolved;
  const rows = left.reduce((sum, value) => sum + value.rows, 0);
  const named = left.slice(0, shownLimit).map(({ text }) => `'${text}'`);
  const more = left.length > shownLimit ? ` and ${left.length - shownLimit} more` : '';
  const taken: Node = {
    type: 'binary_expr',
    operator: 'IN',
    left: subject,
    right: { type: 'expr_list', value: left.map(({ text }) => literalAs(literal, text, dialect)) },
  };
  const mended: Node = { type: 'binary_expr', operator: 'OR', left: node, right: taken, parentheses: true };
  return {
    kind: 'other-spellings',
    sentence: `LIKE ${shown(literal)} leaves out ${grouped(rows)} ${rows === 1 ? 'row' : 'rows'} of ${table.name} that ${rows === 1 ? 'differs' : 'differ'} from it in case or accents alone: ${named.join(', ')}${more}.`,
    evidence: {
      column: `${table.name}.${column.name}`,
      pattern: literalText(literal),
      others: left.map(({ text }) => text),
      rows,
    },
    mendedSql: tree.write(new Map([[node, mended]])),
  };
}
