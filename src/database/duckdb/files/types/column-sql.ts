import { literal, name } from '../sql.ts';
import { isMissing } from './count.ts';
import type { ColumnPlan } from './plan.ts';
import { type Reader, textReader } from './reader.ts';

/** What our own statements raise where a value is not of its column's type. */
export const misfit = 'sqlq: not of its type';

/** The value of a column, as SQL. What is not of its type ends the statement, unless the user has said the type. */
export function strictValue(plan: ColumnPlan): string {
  const { column, text, reader, told } = plan;
  if (reader === textReader) {
    return name(column);
  }
  const otherwise = told === null ? `CAST(error(${literal(misfit)}) AS ${reader.type})` : 'NULL';
  return `CASE WHEN ${isAbsent(plan)} THEN NULL ELSE coalesce(${reader.valueOf(text)}, ${otherwise}) END`;
}

/** The value of a column whose values all fit, as SQL. */
export function plainValue({ column, text, reader }: ColumnPlan): string {
  return reader === textReader ? name(column) : reader.valueOf(text);
}

/** Whether a text is a value, and none of what a reader reads, as SQL. */
export function isMisfit(plan: ColumnPlan, reader: Reader): string {
  return `NOT (${isAbsent(plan)}) AND ${reader.valueOf(plan.text)} IS NULL`;
}

/** Whether there is no value: a blank, or a word for none. */
function isAbsent({ text, missing }: ColumnPlan): string {
  return `(${text} IS NULL OR ${text} = ''${missing > 0 ? ` OR ${isMissing(text)}` : ''})`;
}
