import { dialectOf } from '../../database/engines.ts';
import type { SqlqError } from '../../errors.ts';
import type { Schema } from '../../schema/schema.ts';
import { nearNames } from './near-names.ts';
import { fixedWords, messageForModel } from './privacy.ts';

/** What a model hears of a database's error: its words, without data unless `sendRows`, its hint, and names that are near. */
export function errorForModel(
  { message, hint, engineCode }: Pick<SqlqError, 'message' | 'hint' | 'engineCode'>,
  sql: string,
  schema: Schema,
  sendRows: boolean,
): string {
  const { messages } = dialectOf(schema.dialect.engine);
  const names = namesOf(schema);
  const said = sendRows ? message : messageForModel(message, engineCode, sql, messages, names);
  const hinted = sendRows ? hint : fixedWords(hint ?? '', sql, messages, names);
  return [said, hinted, nearNames(said, schema)].filter((part) => part).join('\n');
}

/** All that a schema calls by a name, which a model may be told. */
function namesOf({ database, tables }: Schema): readonly string[] {
  return [
    database,
    ...tables.flatMap(({ schema, name, columns }) => [schema, name, ...columns.map((column) => column.name)]),
  ];
}
