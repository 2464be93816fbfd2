import type { Token } from '../syntax/lex.ts';
import { depths, isSign, keyword } from '../syntax/tokens.ts';

/** A part of a statement from a keyword on, and the tokens between that and the next part's. */
export interface Clause {
  readonly word: string;
  readonly tokens: readonly Token[];
}

/** What a statement is parted by: a keyword that stands outside of all brackets. */
export interface Edge {
  readonly word: string;
  /** Keywords before which the word means something else, as FROM in IS DISTINCT FROM. */
  readonly notBehind?: readonly string[];
  /** The keyword that has to follow. */
  readonly before?: string;
}

/** Parts the tokens of a statement at the keywords that are edges; what stands before the first has the word ''. */
export function clausesOf(tokens: readonly Token[], edges: readonly Edge[]): readonly Clause[] {
  const depth = depths(tokens);
  const starts = [...tokens.keys()].filter((at) =>
    edges.some(
      ({ word, notBehind = [], before }) =>
        depth[at] === 0 &&
        keyword(tokens[at]) === word &&
        !notBehind.includes(keyword(tokens[at - 1])) &&
        (before === undefined || keyword(tokens[at + 1]) === before),
    ),
  );
  const first: Clause = { word: '', tokens: tokens.slice(0, starts[0] ?? tokens.length) };
  return [
    first,
    ...starts.map((start, index) => ({
      word: keyword(tokens[start]),
      tokens: tokens.slice(start + 1, starts[index + 1] ?? tokens.length),
    })),
  ];
}

/** The parts between commas that stand outside of all brackets. */
export function listItems(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const depth = depths(tokens);
  const commas = [...tokens.keys()].filter((at) => depth[at] === 0 && isSign(tokens[at], ','));
  return [-1, ...commas].map((comma, index) => tokens.slice(comma + 1, commas[index] ?? tokens.length));
}
