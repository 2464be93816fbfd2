import type { DifferenceLine } from '../ask/show/difference.ts';
import type { ResultColumn, Row } from '../database/database.ts';
import { SqlqError } from '../errors.ts';
import { failuresOf } from './assertion.ts';
import {
  expectedRow,
  type LiteralRow,
  literalRows,
  rowsDifference,
  rowsDifferenceInAnyColumnOrder,
} from './compare-rows.ts';
import { literalOf, Numeral, sameLiteral, showLiteral } from './literal.ts';
import type { Expectations, ExpectedRow } from './suite.ts';

/** What a question was answered with, as far as a suite looks at it. */
export interface Answer {
  readonly sql: string;
  readonly reads: readonly string[];
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
  /** Reasons to doubt it, a sentence each. */
  readonly doubts: readonly string[];
}

/** Rows of a query. */
export type Result = Pick<Answer, 'columns' | 'rows' | 'truncated'>;

/** One expectation that does not hold. */
export interface Failure {
  readonly message: string;
  /** What differs: `removed` lines were expected, `added` ones came. */
  readonly difference?: readonly DifferenceLine[];
}

/** Holds an answer against what is expected of it; `reference` runs a query beside it. */
export async function compareAnswer(
  expect: Expectations,
  answer: Answer,
  reference: (sql: string) => Promise<Result>,
): Promise<readonly Failure[]> {
  if (expect.refused !== undefined) {
    return [{ message: `it should be refused with exit code ${expect.refused}, and was answered` }];
  }
  return [
    ...sqlFailures(expect, answer.sql),
    ...readsFailures(expect, answer.reads),
    ...columnFailures(expect, answer.columns),
    ...countFailures(expect, answer),
    ...valueFailures(expect, answer),
    ...checkFailures(expect, answer),
    ...doubtFailures(expect, answer),
    ...(await rowFailures(expect, answer, reference)),
  ];
}

function doubtFailures({ doubts }: Expectations, answer: Answer): readonly Failure[] {
  if (doubts === undefined) {
    return [];
  }
  return answer.doubts.map((sentence) => ({ message: `there is a doubt: ${sentence}` }));
}

function sqlFailures({ sql }: Expectations, actual: string): readonly Failure[] {
  const patterns = sql === undefined ? [] : Array.isArray(sql) ? sql : [sql];
  return patterns
    .filter((pattern) => !pattern.test(actual))
    .map((pattern) => ({ message: `the SQL does not match /${pattern.source}/: ${oneLine(actual)}` }));
}

function readsFailures({ reads }: Expectations, actual: readonly string[]): readonly Failure[] {
  if (reads === undefined) {
    return [];
  }
  const fold = (names: readonly string[]): string =>
    JSON.stringify([...new Set(names.map((name) => name.toLowerCase()))].sort());
  if (fold(reads) === fold(actual)) {
    return [];
  }
  return [{ message: `it should read ${listText(reads)}, and reads ${listText(actual)}` }];
}

function columnFailures({ columns }: Expectations, actual: readonly ResultColumn[]): readonly Failure[] {
  if (columns === undefined) {
    return [];
  }
  const names = actual.map(({ name }) => name);
  if (typeof columns === 'number') {
    return columns === names.length
      ? []
      : [{ message: `${columns} columns are expected, and there are ${names.length}: ${listText(names)}` }];
  }
  return JSON.stringify(columns) === JSON.stringify(names)
    ? []
    : [{ message: `the columns should be ${listText(columns)}, and are ${listText(names)}` }];
}

function countFailures({ count }: Expectations, { rows, truncated }: Answer): readonly Failure[] {
  if (count === undefined || (count === rows.length && !truncated)) {
    return [];
  }
  return [
    { message: `${count} rows are expected, and there are ${truncated ? 'more than ' : ''}${rows.length}` },
  ];
}

function valueFailures({ value, tolerance }: Expectations, { rows, columns }: Answer): readonly Failure[] {
  if (value === undefined) {
    return [];
  }
  const [first] = rows;
  const [column] = columns;
  if (first === undefined || column === undefined) {
    return [{ message: `the value should be ${showLiteral(value)}, and there is no row` }];
  }
  const actual = literalOf(first[0] ?? null, column);
  if (sameLiteral(value, actual, toleranceOf(tolerance))) {
    return [];
  }
  return [{ message: `the value should be ${showLiteral(value)}, and is ${showLiteral(actual)}` }];
}

function checkFailures({ check }: Expectations, answer: Answer): readonly Failure[] {
  if (check === undefined) {
    return [];
  }
  const { columns, rows, truncated } = answer;
  return failuresOf(check, { columns, rows: rows.length, truncated, first: rows[0] ?? null }).map(
    (message) => ({
      message,
    }),
  );
}

async function rowFailures(
  { rows, tolerance }: Expectations,
  answer: Answer,
  reference: (sql: string) => Promise<Result>,
): Promise<readonly Failure[]> {
  if (rows === undefined) {
    return [];
  }
  const actual = literalRows(answer.rows, answer.columns);
  const compare = (
    expected: readonly LiteralRow[],
    ordered: boolean,
    differenceOf = rowsDifference,
  ): readonly Failure[] => {
    if (answer.truncated) {
      return [{ message: `there are more rows than the ${answer.rows.length} that were read` }];
    }
    const difference = differenceOf(expected, actual, { ordered, tolerance: toleranceOf(tolerance) });
    return difference === null ? [] : [{ message: 'the rows differ', difference }];
  };
  if (!Array.isArray(rows) && 'sql' in rows) {
    let right: Result;
    try {
      right = await reference(rows.sql);
    } catch (error) {
      if (!(error instanceof SqlqError) || error.code === 'cancelled') {
        throw error;
      }
      return [{ message: `the query of the right rows fails: ${error.message}` }];
    }
    if (right.truncated) {
      return [{ message: 'the query of the right rows returns too many to compare' }];
    }
    return compare(
      literalRows(right.rows, right.columns),
      rows.ordered === true,
      rowsDifferenceInAnyColumnOrder,
    );
  }
  const [list, ordered]: readonly [readonly ExpectedRow[], boolean] = Array.isArray(rows)
    ? [rows, true]
    : [rows.unordered, false];
  const expected: LiteralRow[] = [];
  for (const row of list) {
    const literals = expectedRow(row, answer.columns);
    if (typeof literals === 'string') {
      return [{ message: literals }];
    }
    expected.push(literals);
  }
  return compare(expected, ordered);
}

function toleranceOf(tolerance: number | undefined): Numeral | null {
  return tolerance === undefined ? null : new Numeral(String(tolerance));
}

function listText(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
