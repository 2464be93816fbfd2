import { lex, single } from './lex.ts';

/** An admitted statement without what stands around it. */
export interface Statement {
  /** From its first word to its last, without comments and semicolons around it. */
  readonly text: string;
  readonly verb: string;
  /** The same without an EXPLAIN of the user's own; null for PRAGMA, which EXPLAIN would run. */
  readonly explainable: string | null;
}

/** Takes an admitted statement apart; throws a LexError for a text that the guard would not admit. */
export function statementOf(sql: string): Statement {
  const tokens = single(lex(sql)) ?? [];
  const word = (at: number): string =>
    tokens[at]?.kind === 'word' ? (tokens[at]?.text.toUpperCase() ?? '') : '';
  const end = tokens.at(-1)?.end ?? 0;
  const from = (at: number): string => sql.slice(tokens[at]?.start ?? end, end);
  const verb = word(0);
  const skipped = verb !== 'EXPLAIN' ? 0 : word(1) === 'QUERY' && word(2) === 'PLAN' ? 3 : 1;
  return { text: from(0), verb, explainable: verb === 'PRAGMA' ? null : from(skipped) };
}
