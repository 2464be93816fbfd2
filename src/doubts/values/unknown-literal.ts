import { isText, type LookContext, overTable, tableText } from '../look.ts';
import { hasAggregate, isTextLiteral, literalText, type Predicate, predicatesOf } from '../predicates.ts';
import type { Node } from '../sql-tree.ts';
import { labelOf } from './label.ts';
import { nearestOf, patternsFor } from './nearest-value.ts';
import { likeIn, rowWith, storedValues, valueLimit } from './stored-values.ts';

/** A literal that no row of its own column has. */
export interface UnknownLiteral {
  readonly predicate: Predicate;
  readonly literal: Node;
  readonly text: string;
  /** The side that it is compared with, over the column's table alone, and that table. */
  readonly subject: string;
  readonly from: string;
  /** It is a pattern of LIKE. */
  readonly isPattern: boolean;
  /** Values of the column; where there are more than are read, the frequent ones and those like the literal. */
  readonly stored: readonly string[];
  /** What may be meant, as it is to be written, the likeliest first. */
  readonly candidates: readonly string[];
  /** The label of a look-up table that the literal is, and its key. */
  readonly label: { readonly key: string; readonly text: string } | null;
}

/** The literals of a statement that are compared for equality or likeness with a column that has them in no row. */
export async function unknownLiterals(context: LookContext): Promise<readonly UnknownLiteral[]> {
  const found: UnknownLiteral[] = [];
  for (const predicate of context.scopes.flatMap(predicatesOf)) {
    if (
      !['=', 'IN', 'LIKE', 'ILIKE', 'GLOB'].includes(predicate.operator) ||
      hasAggregate(predicate.subject)
    ) {
      continue;
    }
    for (const literal of predicate.literals) {
      const unknown = await lookUp(context, predicate, literal);
      if (unknown !== null) {
        found.push(unknown);
      }
    }
  }
  return found;
}

async function lookUp(
  context: LookContext,
  predicate: Predicate,
  literal: Node,
): Promise<UnknownLiteral | null> {
  const { table, column } = predicate.resolved;
  const text = literalText(literal);
  if (literal['type'] === 'bool' || text === '') {
    return null;
  }
  const subject = overTable(context, predicate.subject, predicate.scope);
  const from = tableText(context, table);
  const has = await rowWith(context, predicate, literal, subject, from);
  const isPattern = predicate.operator !== '=' && predicate.operator !== 'IN';
  if (has === null || has.length > 0 || (isPattern && /^[%_*?]*$/u.test(text))) {
    return null;
  }
  const values = await storedValues(context, subject, from);
  // An empty table makes every literal unknown, and says so by itself.
  if (values === null || values.length === 0) {
    return null;
  }
  const read = values.map((value) => value.text);
  const stored = read.length < valueLimit ? read : [...(await likeIn(context, subject, from, text)), ...read];
  const label = isPattern ? null : await labelOf(context, predicate, text);
  const hasWords = isTextLiteral(literal) || isText(column.type) || /^(?:1[5-9]|2\d)\d\d$/u.test(text);
  const near = isPattern ? patternsFor(text, stored) : hasWords ? nearestOf(text, stored) : [];
  const candidates = label === null ? saidFirst(context, near) : [label.key];
  return { predicate, literal, text, subject, from, isPattern, stored, candidates, label };
}

/** Candidates with those first that are of a year which the question says. */
function saidFirst({ asked }: LookContext, candidates: readonly string[]): readonly string[] {
  const isSaid = (value: string): boolean => {
    const year = /(?<!\d)(?:1[5-9]|2\d)\d\d(?!\d)/u.exec(value)?.[0];
    return year !== undefined && asked.says(year);
  };
  return [...candidates.filter(isSaid), ...candidates.filter((value) => !isSaid(value))];
}
