import type { Token } from './lex.ts';

/** What the server would read otherwise than it looks, as far as the text alone can tell. */
export interface Misreadings {
  /** A text stands beside `||`, which is OR unless the mode says PIPES_AS_CONCAT. */
  readonly orsText: boolean;
  /** Columns that are compared with a number: `name` or `t.name`, by their parts. */
  readonly comparedWithNumber: readonly (readonly string[])[];
}

const comparisons = /^(?:=|<=>|<>|!=|<|>|<=|>=)$/;
/** What makes a condition of the text beside it. */
const compares = /^(?:=|<=>|<>|!=|<|>|<=|>=|LIKE|REGEXP|RLIKE|AND|BETWEEN|IN|IS|NOT)$/;
const arithmetic = /^(?:\+|-|\*|\/|%|\.|\(|DIV|MOD)$/;

export function misreadingsOf(tokens: readonly Token[]): Misreadings {
  const isPart = (token: Token | undefined): token is Token =>
    token?.kind === 'word' || token?.kind === 'name';
  let orsText = false;
  const compared: string[][] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.key === '||') {
      const isText = (at: number, beyond: number): boolean =>
        tokens[at]?.kind === 'string' && !compares.test(tokens[beyond]?.key ?? '');
      orsText ||= isText(index - 1, index - 2) || isText(index + 1, index + 2);
    }
    if (!comparisons.test(token.key)) {
      continue;
    }
    const number = tokens[index + 1];
    if (number?.kind !== 'number' || !/^\d/.test(number.text)) {
      continue;
    }
    if (arithmetic.test(tokens[index + 2]?.key ?? '') || tokens[index + 2]?.key === ',') {
      continue;
    }
    const parts: string[] = [];
    let at = index - 1;
    for (let part = tokens[at]; isPart(part); part = tokens[at]) {
      parts.unshift(part.text);
      at -= 2;
      if (tokens[at + 1]?.key !== '.') {
        at += 1;
        break;
      }
    }
    if (parts.length > 0 && !arithmetic.test(tokens[at]?.key === '(' ? '' : (tokens[at]?.key ?? ''))) {
      compared.push(parts);
    }
  }
  return { orsText, comparedWithNumber: compared };
}
