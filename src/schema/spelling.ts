import { type Literal, literalsOf } from './literals.ts';
import type { Lexicon } from './pieces.ts';

/** A text of SQL that was put as the data spells it. */
export interface Spelling {
  /** As whoever wrote the SQL spelt it. */
  readonly asked: string;
  /** As it stands in the SQL now. */
  readonly stored: string;
  /** The names by which the SQL calls the column that it is compared with. */
  readonly columns: readonly string[];
  /** What is told of it, as one of the numbered assumptions. */
  readonly assumption: string;
}

/** What is told of a text of SQL that the data has otherwise: `germany: stored as 'Germany' (customers.country)`. */
export function assumptionOf(asked: string, stored: string, place: string): string {
  return `${/^\s|\s$/u.test(asked) ? `'${asked}'` : asked}: stored as '${stored}' (${place})`;
}

/** Whether an assumption tells of a stored spelling that was put into SQL. */
export function isOfSpelling(assumption: string): boolean {
  return /^.+: stored as '.*' \(\S.*\)$/su.test(assumption);
}

/** SQL with its texts as the data spells them. */
export function withStored(sql: string, spellings: readonly Spelling[], dialect: Writer): string {
  return rewritten(sql, dialect, ({ value }, columns) => {
    return spellings.find(({ asked, columns: own }) => asked === value && isOneOf(columns, own))?.stored;
  });
}

/** SQL with its texts as they were before `withStored`. */
export function withAsked(sql: string, spellings: readonly Spelling[], dialect: Writer): string {
  return rewritten(sql, dialect, ({ value }, columns) => {
    return spellings.find(({ stored, columns: own }) => stored === value && isOneOf(columns, own))?.asked;
  });
}

type Writer = Lexicon & { writeText(text: string): string };

function rewritten(
  sql: string,
  dialect: Writer,
  change: (literal: Literal, column: string | null) => string | undefined,
): string {
  let text = sql;
  for (const literal of [...(literalsOf(sql, dialect) ?? [])].reverse()) {
    const other = literal.kind === 'text' ? change(literal, literal.column?.name ?? null) : undefined;
    if (other !== undefined) {
      text = text.slice(0, literal.start) + dialect.writeText(other) + text.slice(literal.end);
    }
  }
  return text;
}

function isOneOf(name: string | null, names: readonly string[]): boolean {
  return name === null || names.some((one) => one.toLowerCase() === name.toLowerCase());
}
