import type { ResultColumn, Row } from '../database/database.ts';
import { SqlqError } from '../errors.ts';
import { compareLiterals, type Literal, literalOf, parseNumeral, showLiteral } from './literal.ts';

/** What a check looks at. */
export interface AssertionSubject {
  readonly columns: readonly ResultColumn[];
  /** How many rows there are, or how many were read where there are more. */
  readonly rows: number;
  readonly truncated: boolean;
  /** The first row; null where there is none. */
  readonly first: Row | null;
}

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

interface Comparison {
  readonly subject: 'rows' | 'columns' | 'value';
  readonly operator: Operator;
  readonly expected: Literal;
}

/** Comparisons that must all hold, as in `rows > 0 and value >= 100`. */
export interface Assertion {
  readonly text: string;
  readonly comparisons: readonly Comparison[];
}

const operators: Readonly<Record<string, Operator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const comparison =
  /^(?<subject>rows|columns|value)\s*(?<operator>==?|!=|<>|<=?|>=?)\s*(?<expected>'(?:[^']|'')*'|"[^"]*"|null|true|false|[-+.\de]+)(?:\s+and\s+(?=\S)|$)/iu;

/** Reads a check. Throws a SqlqError `usage` that shows how one is written. */
export function parseAssertion(text: string): Assertion {
  const comparisons: Comparison[] = [];
  let rest = text.trim();
  do {
    const found = comparison.exec(rest);
    const { subject = '', operator = '', expected = '' } = found?.groups ?? {};
    const literal = parseLiteral(expected);
    const wanted = operators[operator];
    if (found === null || literal === undefined || wanted === undefined) {
      throw unreadable(text, rest);
    }
    const name = subject.toLowerCase();
    comparisons.push({
      subject: name === 'rows' || name === 'columns' ? name : 'value',
      operator: wanted,
      expected: literal,
    });
    rest = rest.slice(found[0].length);
  } while (rest !== '');
  return { text: text.trim(), comparisons };
}

function parseLiteral(text: string): Literal | undefined {
  if (text.startsWith("'")) {
    return text.slice(1, -1).replaceAll("''", "'");
  }
  if (text.startsWith('"')) {
    return text.slice(1, -1);
  }
  const word = text.toLowerCase();
  if (word === 'null') {
    return null;
  }
  if (word === 'true' || word === 'false') {
    return word === 'true';
  }
  return parseNumeral(text) ?? undefined;
}

function unreadable(text: string, rest: string): SqlqError {
  const where = rest === text.trim() || rest === '' ? '' : ` from "${rest}" on`;
  return new SqlqError('usage', `The check "${text}" can't be read${where}.`, {
    hint: "It compares rows, columns or value (the first row's first) with =, !=, <, <=, > or >=: rows > 0 and value >= 100",
  });
}

/** Whether a check needs to see the first row. */
export function looksAtValue({ comparisons }: Assertion): boolean {
  return comparisons.some(({ subject }) => subject === 'value');
}

/** What a check finds wrong, a sentence each; nothing where it holds. */
export function failuresOf(check: Assertion, found: AssertionSubject): readonly string[] {
  return check.comparisons.flatMap((entry) => failureOf(entry, found) ?? []);
}

function failureOf({ subject, operator, expected }: Comparison, found: AssertionSubject): string | null {
  const wanted = `${subject} ${operator} ${typeof expected === 'string' ? `'${expected}'` : String(expected)}`;
  const [value] = found.first ?? [];
  const [column] = found.columns;
  if (subject === 'value' && (value === undefined || column === undefined)) {
    return `${wanted}: there is no row, and so no value`;
  }
  if (subject === 'rows' && found.truncated) {
    return moreRows(wanted, operator, expected, found.rows);
  }
  const actual =
    value !== undefined && column !== undefined && subject === 'value'
      ? literalOf(value, column)
      : parseNumeral(String(subject === 'rows' ? found.rows : found.columns.length));
  const order = compareLiterals(actual, expected);
  // NULL, or a text beside a number, is not the same, and neither more nor less.
  if (order === null ? operator === '!=' : holds(operator, order)) {
    return null;
  }
  return `${wanted}: ${subject} ${subject === 'value' ? 'is' : 'are'} ${showLiteral(actual)}`;
}

/** Where the rows were cut, there is at least one more than were read; what that leaves open has not been shown to hold. */
function moreRows(wanted: string, operator: Operator, expected: Literal, read: number): string | null {
  const order = compareLiterals(parseNumeral(String(read + 1)), expected);
  const certain =
    order !== null &&
    ((operator === '>' && order > 0) ||
      (operator === '>=' && order >= 0) ||
      (operator === '!=' && order > 0));
  return certain ? null : `${wanted}: there are more rows than the ${read} that were read; raise --limit`;
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
