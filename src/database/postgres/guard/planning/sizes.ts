import { asTree, listOf, type Tree, textOf } from '../parser.ts';

/** The most digits that the server's `numeric` has, before and after the point. */
const mostDigits = 147_455;

/** How large a value may be. */
export interface Size {
  /** All digits of a number, or the characters of a text. */
  readonly digits: number;
  /** Those before the point. */
  readonly magnitude: number;
  /** Where it is a number that can be seen. */
  readonly value: number | null;
  /** Its type is of floating point: what is computed with it has few digits. */
  readonly isFloat?: boolean;
}

/** As large as the server's `numeric` can be. */
export const largest: Size = { digits: mostDigits, magnitude: mostDigits, value: null };

/** A number of floating point. */
export const float = (value: number | null): Size => ({ ...sized(17, 3, value), isFloat: true });

/** A size within what the server has. */
export function sized(digits: number, magnitude: number, value: number | null = null): Size {
  const known = value !== null && Number.isFinite(value) ? value : null;
  return { digits: limited(digits), magnitude: limited(magnitude), value: known };
}

function limited(digits: number): number {
  return Math.min(Math.max(1, digits), mostDigits);
}

/** As large as the largest of these. */
export function largestOf(sizes: readonly Size[]): Size {
  return sized(
    Math.max(1, ...sizes.map(({ digits }) => digits)),
    Math.max(1, ...sizes.map(({ magnitude }) => magnitude)),
  );
}

/** How large a literal is, as a number or as a text. */
export function literalSize(node: Tree): Size {
  const written =
    textOf(asTree(node['fval'])?.['fval']) ??
    textOf(asTree(node['sval'])?.['sval']) ??
    String(asTree(node['ival'])?.['ival'] ?? 0);
  const exponent = Math.abs(Number(/[eE]([-+]?\d{1,9})$/.exec(written)?.[1] ?? 0));
  const before = (/^[^.eE]*/.exec(written)?.[0] ?? '').length + exponent;
  return sized(written.length + exponent, before, written.trim() === '' ? null : Number(written));
}

/** The text of the first argument of a call, where it is a literal. */
export function firstText(call: Tree): string {
  const constant = asTree(asTree(listOf(call['args'])[0])?.['A_Const']);
  return textOf(asTree(constant?.['sval'])?.['sval']) ?? '';
}
