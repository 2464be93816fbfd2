import type { NamedPlace } from '../../../placeholders.ts';
import { LexError, lex, type Token } from './lex.ts';
import { isSign, keyword } from './tokens.ts';

/** Where `:name` stands for a value. A colon is part of a slice, a struct and `x::type` as well, which these are not. */
export function namedPlaces(sql: string): readonly NamedPlace[] {
  const tokens = lex(sql);
  if (tokens.some(({ kind }) => kind === 'placeholder')) {
    throw new LexError('Values are named :name here, not ? or $1');
  }
  const brackets: number[] = [];
  const places: NamedPlace[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'sign' && '([{'.includes(token.text)) {
      brackets.push(at);
    } else if (token.kind === 'sign' && ')]}'.includes(token.text)) {
      brackets.pop();
    } else if (token.kind === 'colon' && !isSeparator(tokens, at, brackets.at(-1))) {
      places.push({ start: token.start, end: token.end, name: token.text });
    }
  }
  return places;
}

/** Whether a colon parts the bounds of a slice or the key and the value of a struct. */
function isSeparator(tokens: readonly Token[], at: number, bracket: number | undefined): boolean {
  const open = bracket === undefined ? undefined : tokens[bracket];
  if (bracket === undefined || open === undefined || open.text === '(') {
    return false;
  }
  const isFirst = at === bracket + 1;
  return isFirst ? open.text === '[' && isOperand(tokens[bracket - 1]) : isOperand(tokens[at - 1]);
}

/** Words of the grammar that an operand follows, and that are none. */
const wordsBeforeOperand = new Set(
  `ALL AND ANY ARRAY AS BETWEEN BY CASE DISTINCT ELSE EXCEPT FROM HAVING ILIKE IN INTERSECT IS LIKE LIMIT MAP NOT OFFSET ON
  OR QUALIFY RETURNING SELECT SET SIMILAR SOME THEN TO UNION USING VALUES WHEN WHERE`.split(/\s+/),
);

function isOperand(token: Token | undefined): boolean {
  if (token === undefined || wordsBeforeOperand.has(keyword(token))) {
    return false;
  }
  return token.kind !== 'sign' || [')', ']', '}'].some((mark) => isSign(token, mark));
}
