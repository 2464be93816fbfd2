import * as z from 'zod';
import { describeTables } from '../../ask/tools/describe-tables.ts';
import { dialectOf } from '../../database/engines.ts';
import { SqlqError } from '../../errors.ts';
import { defineTool } from '../tool.ts';

export const describeTablesTool = defineTool({
  name: 'describe_tables',
  description: 'Columns, types, keys, checks, notes of tables. "->" is a foreign key.',
  input: z.object({ tables: z.array(z.string()).min(1).max(20) }),
  async run({ tables: names }, { database, signal }) {
    const schema = await database.readSchema(signal);
    const dialect = dialectOf(schema.dialect.engine);
    const { tables, text, unknown } = describeTables(schema, dialect, names, database.telling);
    const missing = unknown.map(
      ({ name, near }) =>
        `There is no table "${name}".${near === null ? ' Look for it with search_schema.' : ` Did you mean ${near}?`}`,
    );
    if (tables.length === 0) {
      throw new SqlqError('usage', missing.join('\n'));
    }
    const named = new Set(
      tables.flatMap(({ name, columns }) => [
        name.toLowerCase(),
        ...columns.map((column) => column.name.toLowerCase()),
      ]),
    );
    const notes = database.notes.filter(({ term, meaning }) =>
      [...`${term} ${meaning}`.toLowerCase().matchAll(/[\p{L}\p{N}_]+/gu)].some(([word]) => named.has(word)),
    );
    const noted = notes.map(({ term, meaning }) => (term === '' ? meaning : `${term}: ${meaning}`));
    return {
      says: [...missing, dialect.habitsInWords],
      data: [text, ...(noted.length === 0 ? [] : ['notes:', ...noted])].join('\n'),
      structured: { description: text, notes, missing },
    };
  },
});
