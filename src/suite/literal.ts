import Big from 'big.js';
import type { ResultColumn, Value } from '../database/database.ts';
import { valueText } from '../render/value.ts';

/** A number as it was written; it is never rounded. */
export class Numeral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** A value as a suite, a check or a database says it. */
export type Literal = null | boolean | string | Numeral;

const numeral = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu;

/** A text as a number, digit for digit; null where it is none. */
export function parseNumeral(text: string): Numeral | null {
  if (!numeral.test(text)) {
    return null;
  }
  return new Numeral(
    text
      .replace(/^\+/u, '')
      .replace(/^(-?)\./u, '$10.')
      .replace(/\.(?=e|$)/iu, ''),
  );
}

/** What a database returned, as a literal. What is no finite number, no boolean and no NULL is text. */
export function literalOf(value: Value, column: ResultColumn): Literal {
  if (value === null || typeof value === 'boolean') {
    return value;
  }
  const text = valueText(value, column) ?? '';
  const isNumber =
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'string' && column.kind === 'number');
  return (isNumber ? parseNumeral(text) : null) ?? text;
}

/**
 * How two literals stand to each other: negative, zero or positive; null where they can't be compared. Numbers compare
 * exactly and by size, texts by their code units, booleans also with the 0 and 1 that some databases have instead.
 */
export function compareLiterals(left: Literal, right: Literal): number | null {
  if (left === null || right === null) {
    return left === right ? 0 : null;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    return left < right ? -1 : Number(left > right);
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  return a === null || b === null ? null : a.cmp(b);
}

/** Whether two literals are the same, numbers up to a difference. */
export function sameLiteral(left: Literal, right: Literal, tolerance: Numeral | null = null): boolean {
  if (compareLiterals(left, right) === 0) {
    return true;
  }
  if (tolerance === null || left === null || right === null) {
    return false;
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  return a !== null && b !== null && a.minus(b).abs().lte(tolerance.text);
}

/** A text that is the same for literals that are the same, and for no others. */
export function literalKey(literal: Literal): string {
  if (literal === null) {
    return 'null';
  }
  const number = numberOf(literal);
  return number === null ? `text:${String(literal)}` : `number:${number.toString()}`;
}

/** A literal as people read it: texts stand in quotes where they could be taken for something else. */
export function showLiteral(literal: Literal): string {
  if (typeof literal !== 'string') {
    return String(literal);
  }
  const isPlain = /^[^\s"'|][^"'|\n]*$/u.test(literal) && !literal.endsWith(' ');
  const isOther = parseNumeral(literal) !== null || /^(?:null|true|false)$/iu.test(literal);
  return isPlain && !isOther ? literal : JSON.stringify(literal);
}

function numberOf(literal: boolean | string | Numeral): Big | null {
  if (typeof literal === 'string') {
    return null;
  }
  return new Big(typeof literal === 'boolean' ? Number(literal) : literal.text);
}
