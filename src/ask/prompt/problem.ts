import type { Schema } from '../../schema/schema.ts';
import type { AskContext } from '../context.ts';
import type { Problem } from '../plan-statement.ts';
import { errorForModel } from './error-for-model.ts';

/** What the model hears of a problem: the words of the guard or the database, with its hint and with names that are near. */
export function problemText(context: AskContext, schema: Schema, sql: string, problem: Problem): string {
  return problem.source === 'guard'
    ? problem.error.message
    : errorForModel(problem.error, sql, schema, context.generation.sendRows);
}
