import { columnText, type LookContext } from '../look.ts';
import { isTextLiteral, literalText, predicatesOf } from '../predicates.ts';
import { type DoubtRequest, prepareLooks } from '../request.ts';
import { isColumn } from '../scope.ts';
import { nameOf, walk } from '../sql-tree.ts';
import { meantPatterns, meantValues } from './meant.ts';
import { type UnknownLiteral, unknownLiterals } from './unknown-literal.ts';

/** A text of a statement that no row has, and how the data may spell what it means. */
export interface UnknownSpelling {
  /** The text as the statement has it. */
  readonly asked: string;
  /** `customers.country` */
  readonly place: string;
  /** The names by which the statement calls the column that it is compared with. */
  readonly columns: readonly string[];
  /** What may stand there instead; one where nothing else can be meant. */
  readonly meant: readonly {
    /** As it has to be written. */
    readonly text: string;
    /** As the data has it. */
    readonly stored: string;
  }[];
}

/**
 * The texts of a statement that are compared with a column which has them in no row, and that can be read as stored values
 * all the same. What is looked up stays on this machine. Rejects with the signal's reason alone.
 */
export async function findSpellings(request: DoubtRequest): Promise<readonly UnknownSpelling[]> {
  const prepared = await prepareLooks(request);
  if (prepared === null) {
    return [];
  }
  const { context } = prepared;
  const found: UnknownSpelling[] = [];
  for (const unknown of await unknownLiterals(context)) {
    const { literal, text, predicate } = unknown;
    const texts = isTextLiteral(literal) ? meantBy(context, unknown) : [];
    if (texts.length === 0) {
      continue;
    }
    const { table, column } = predicate.resolved;
    const meant = [];
    for (const one of texts) {
      meant.push({ text: one, stored: await storedAs(context, unknown, one) });
    }
    const names = [...walk(predicate.subject, { intoSelects: false })].flatMap((node) =>
      isColumn(node) ? (nameOf(node['column']) ?? []) : [],
    );
    found.push({ asked: text, place: `${table.name}.${column.name}`, columns: names, meant });
  }
  return found;
}

function meantBy(
  { asked, scopes }: LookContext,
  { text, stored, isPattern, label }: UnknownLiteral,
): readonly string[] {
  if (label !== null) {
    return [label.key];
  }
  if (isPattern && /[%_*?]/u.test(text)) {
    return meantPatterns(text, stored);
  }
  const written = scopes.flatMap(predicatesOf).flatMap(({ literals }) => literals.map(literalText));
  return meantValues(text, stored, asked, written);
}

/** How the data spells a value that is compared in another form, as in `LOWER(country) = 'germany'`. */
async function storedAs(
  context: LookContext,
  { predicate, subject, from }: UnknownLiteral,
  text: string,
): Promise<string> {
  if (isColumn(predicate.subject)) {
    return text;
  }
  const { column } = predicate.resolved;
  const rows = await context.probe(
    `SELECT MIN(${columnText(context, column.name)}) FROM ${from} WHERE ${subject} = ${context.dialect.writeText(text)}`,
  );
  const stored = rows?.[0]?.[0];
  return typeof stored === 'string' ? stored : text;
}
