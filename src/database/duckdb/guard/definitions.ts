import { lex } from './syntax/lex.ts';
import { fold } from './syntax/names.ts';
import { closingBracket, depths, isSign, keyword, textOfTokens } from './syntax/tokens.ts';

/** The query of a view, of the CREATE VIEW that the engine writes; null where it is not found. */
export function queryOfView(sql: string): string | null {
  const tokens = lex(sql);
  const depth = depths(tokens);
  const as = tokens.findIndex((token, at) => keyword(token) === 'AS' && depth[at] === 0);
  const body = tokens.slice(as + 1).filter((token) => !isSign(token, ';'));
  return as < 0 || body.length === 0 ? null : textOfTokens(sql, body);
}

/** The generated columns of a table with their expressions, of the CREATE TABLE that the engine writes. */
export function generatedColumns(sql: string): ReadonlyMap<string, string> {
  const tokens = lex(sql);
  const depth = depths(tokens);
  const found = new Map<string, string>();
  let column = '';
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    if (depth[at] === 1 && (isSign(before, ',') || (isSign(before, '(') && depth[at - 1] === 0))) {
      column = token.text;
    }
    const words = tokens
      .slice(at, at + 3)
      .map(keyword)
      .join(' ');
    if (words === 'GENERATED ALWAYS AS' && depth[at] === 1) {
      const open = tokens.findIndex((candidate, index) => index > at && isSign(candidate, '('));
      found.set(fold(column), textOfTokens(sql, tokens.slice(open, closingBracket(tokens, open) + 1)));
    }
  }
  return found;
}

/** Names that an opening bracket follows in a text: functions, and words of the grammar. */
export function calledIn(sql: string): readonly string[] {
  const tokens = lex(sql);
  return tokens
    .filter(({ kind }, at) => (kind === 'word' || kind === 'name') && isSign(tokens[at + 1], '('))
    .map(({ text }) => fold(text));
}
