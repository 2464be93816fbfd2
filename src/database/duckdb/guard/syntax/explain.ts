import type { Token } from './lex.ts';
import { closingBracket, isSign, keyword, textOfTokens } from './tokens.ts';

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

/** A bracket may open the query itself. */
function isOption(token: Token | undefined): boolean {
  return ['ANALYZE', 'FORMAT'].includes(keyword(token));
}
