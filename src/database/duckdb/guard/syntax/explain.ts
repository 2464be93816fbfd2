import { LexError, lex, type Token } from './lex.ts';
import { closingBracket, isSign, keyword, single, textOfTokens } from './tokens.ts';

/** The statement behind EXPLAIN [ANALYZE] [(options)]; null where it is not plain which that is. */
export function explainedQuery(sql: string, tokens: readonly Token[]): string | null {
  let at = 1;
  if (keyword(tokens[at]) === 'ANALYZE') {
    at++;
  }
  if (isSign(tokens[at], '(') && isOption(tokens[at + 1])) {
    at = closingBracket(tokens, at) + 1;
  }
  const rest = tokens.slice(at);
  return at === 0 || rest.length === 0 ? null : textOfTokens(sql, rest);
}

/** Whether a statement that was admitted is an EXPLAIN; only what can be cut into tokens is admitted as one. */
export function isExplain(sql: string): boolean {
  try {
    return keyword(single(lex(sql))?.[0]) === 'EXPLAIN';
  } catch (error) {
    if (error instanceof LexError) {
      return false;
    }
    throw error;
  }
}

/** A bracket may open the query itself. */
function isOption(token: Token | undefined): boolean {
  return ['ANALYZE', 'FORMAT'].includes(keyword(token));
}
