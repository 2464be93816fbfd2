import { lex, type Token } from './lex.ts';

/** ASCII letters alone, as DuckDB folds keywords: "ſelect" is no SELECT. */
function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** A bare word in upper case; '' for anything else. */
export function keyword(token: Token | undefined): string {
  return token?.kind === 'word' ? upper(token.text) : '';
}

/** Whether a token is this operator or mark. */
export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** A bare or quoted name, or a keyword. */
export function isIdentifier(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name';
}

/** A statement's tokens without the semicolons before and behind it; null where there is more than one statement. */
export function single(tokens: readonly Token[]): readonly Token[] | null {
  const isSemicolon = (token: Token): boolean => isSign(token, ';');
  const first = tokens.findIndex((token) => !isSemicolon(token));
  if (first < 0) {
    return [];
  }
  const body = tokens.slice(first, tokens.findLastIndex((token) => !isSemicolon(token)) + 1);
  return body.some(isSemicolon) ? null : body;
}

/** The words that tokens begin with, in upper case, as many as a sentence about a statement needs. */
export function firstWords(tokens: readonly Token[]): readonly string[] {
  return tokens.slice(0, 5).map(keyword);
}

/** A statement from its first word to its last, without comments and semicolons around it. */
export function bareText(sql: string): string {
  const tokens = single(lex(sql)) ?? [];
  return textOfTokens(sql, tokens);
}

/** What was written from the first of some tokens to the last. */
export function textOfTokens(sql: string, tokens: readonly Token[]): string {
  return sql.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/** How deep in brackets, and in CASE … END, each token stands; a bracket stands where its outside does. */
export function depths(tokens: readonly Token[]): readonly number[] {
  let depth = 0;
  return tokens.map((token) => {
    const isCase = keyword(token) === 'CASE';
    const isEnd = keyword(token) === 'END';
    if ((token.kind === 'sign' && closing.has(token.text)) || isEnd) {
      depth--;
    }
    const own = depth;
    if ((token.kind === 'sign' && opening.has(token.text)) || isCase) {
      depth++;
    }
    return own;
  });
}

/** Where the bracket that opens at `open` closes; -1 where it does not. */
export function closingBracket(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'word', text: '' };
    if (kind === 'sign' && opening.has(text)) {
      depth++;
    }
    if (kind === 'sign' && closing.has(text) && --depth === 0) {
      return at;
    }
  }
  return -1;
}
