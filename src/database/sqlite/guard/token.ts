import type { Token } from './lex.ts';

/** Why a statement is not admitted; thrown inside the guard alone. */
export class Refusal extends Error {}

/** A parenthesis that opens and does not close. */
export class UnclosedParenthesis extends Refusal {}

/** A call of a function that this library does not have. */
export class MissingFunction extends Refusal {
  readonly called: string;

  constructor(called: string) {
    super(`SQLite has no function ${called}.`);
    this.called = called;
  }
}

/** A word that begins no statement of SQLite. */
export class NoStatement extends Refusal {
  readonly token: Token;

  constructor(token: Token) {
    super(`${token.text} begins no statement`);
    this.token = token;
  }
}

/** SQLite folds ASCII letters alone. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** ASCII letters alone, as SQLite folds keywords: "ſelect" is no SELECT. */
export function upper(token: Token | undefined): string {
  return token?.text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) ?? '';
}

/** A bare word in upper case; '' for anything else. */
export function keyword(token: Token | undefined): string {
  return token?.kind === 'word' ? upper(token) : '';
}

/** Whether a token is this operator or mark. */
export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** A bare or quoted name, or a keyword. */
export function isIdentifier(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name';
}

/** Where the parenthesis that opens at `open` closes. */
export function closingParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) {
      depth++;
    }
    if (isSign(tokens[at], ')') && --depth === 0) {
      return at;
    }
  }
  throw new UnclosedParenthesis('A parenthesis is not closed');
}
