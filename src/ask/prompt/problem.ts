import { dialectOf } from '../../database/engines.ts';
import type { Schema } from '../../schema/schema.ts';
import type { AskContext } from '../context.ts';
import type { Problem } from '../plan-statement.ts';
import { nearNames } from './near-names.ts';
import { fixedWords, messageForModel } from './privacy.ts';

/** What the model hears of a problem: the words of the guard or the database, with its hint and with names that are near. */
export function problemText(context: AskContext, schema: Schema, sql: string, problem: Problem): string {
  const { message, hint, engineCode } = problem.error;
  if (problem.source === 'guard') {
    return message;
  }
  const { messages } = dialectOf(schema.dialect.engine);
  const names = namesOf(schema);
  const said = context.generation.sendRows
    ? message
    : messageForModel(message, engineCode, sql, messages, names);
  const hinted = context.generation.sendRows ? hint : fixedWords(hint ?? '', sql, messages, names);
  return [said, hinted, nearNames(said, schema)].filter((part) => part).join('\n');
}

/** All that a schema calls by a name, which a model may be told. */
function namesOf({ database, tables }: Schema): readonly string[] {
  return [
    database,
    ...tables.flatMap(({ schema, name, columns }) => [schema, name, ...columns.map((column) => column.name)]),
  ];
}
