import * as z from 'zod';
import { foundTablesText, searchSchema } from '../../ask/tools/search-schema.ts';
import { dialectOf } from '../../database/engines.ts';
import { defineTool } from '../tool.ts';

const most = 20;

export const searchSchemaTool = defineTool({
  name: 'search_schema',
  description: 'Find tables by words of names, labels or comments. No words lists tables.',
  input: z.object({ words: z.string().optional() }),
  async run({ words = '' }, { database, signal }) {
    const schema = await database.readSchema(signal);
    const { comments, rows: isCounted } = database.telling;
    const naming = dialectOf(schema.dialect.engine);
    const found = searchSchema(schema, naming, words, { comments, most });
    const { product, version } = schema.dialect;
    const says = [
      `${product} ${version}, ${found.total} tables; ${found.found} ${words === '' ? 'listed' : 'fit'}.`,
      ...(found.found > found.tables.length ? [`The best ${found.tables.length} are shown.`] : []),
    ];
    const tables = found.tables.map((table) => ({
      ...table,
      rows: isCounted ? table.rows : null,
      comment: comments ? table.comment : null,
    }));
    return {
      says,
      data: found.tables.length === 0 ? null : foundTablesText(found, { comments, counts: isCounted }),
      structured: { product, version, found: found.found, total: found.total, tables },
    };
  },
});
