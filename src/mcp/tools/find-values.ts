import * as z from 'zod';
import { findValues } from '../../ask/tools/find-values.ts';
import { SqlqError } from '../../errors.ts';
import { rowsWithin } from '../budget.ts';
import { defineTool } from '../tool.ts';

export const findValuesTool = defineTool({
  name: 'find_values',
  description: 'Stored values spelled like a text. Use before filtering on a text.',
  input: z.object({ text: z.string().min(1), column: z.string().describe('table.column').optional() }),
  async run({ text, column }, { database, session, signal }) {
    if (!database.telling.values) {
      throw new SqlqError('refused', 'Stored values stay here: what may be sent does not have samples.', {
        hint: 'Whoever started sqlq can allow it with --send samples or rows. Write the filter as the user spells it: doubts say where no row has it.',
      });
    }
    const { client } = database;
    const schema = await database.readSchema(signal);
    const readValues = (of: typeof schema) => database.readValues(of, signal);
    const found = await findValues({ database: client, schema, readValues }, text, column ?? null, signal);
    const values = found.values.slice(0, rowsWithin(session.budget, found.values.length));
    const { notSearched } = found;
    return {
      says: [
        values.length === 0
          ? `No stored value is like "${text}".`
          : 'The likeliest first; 1 is the same but for case, accents and blanks.',
        ...(notSearched.length === 0
          ? []
          : [`Not looked through, name one as column: ${notSearched.slice(0, 30).join(', ')}.`]),
      ],
      data:
        values.length === 0
          ? null
          : values
              .map(
                ({ column: where, value, likeness }) =>
                  `${where} = ${JSON.stringify(value)} (${likeness.toFixed(2)})`,
              )
              .join('\n'),
      structured: { values, notSearched },
      rows: values.length,
    };
  },
});
