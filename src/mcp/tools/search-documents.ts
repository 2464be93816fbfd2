import * as z from 'zod';
import { searchDocuments } from '../../ask/tools/search-documents.ts';
import { sourceOf } from '../../knowledge/excerpt.ts';
import { defineTool } from '../tool.ts';

export const searchDocumentsTool = defineTool({
  name: 'search_docs',
  description: 'What documents say of words: metrics, definitions, rules.',
  input: z.object({ words: z.string() }),
  async run({ words }, { database, signal }) {
    const { searchDocuments: search } = database;
    const schema = await database.readSchema(signal);
    const found = search === null ? [] : await searchDocuments(search, schema, words);
    const documents = found.map((excerpt) => ({ source: sourceOf(excerpt), text: excerpt.text }));
    return {
      says: [
        search === null
          ? 'Documents are not told here: whoever started sqlq left them out, or sends no comments.'
          : documents.length === 0
            ? 'No document says anything of these words.'
            : '',
      ],
      data:
        documents.length === 0
          ? null
          : documents.map(({ source, text }) => `From ${source}:\n${text}`).join('\n\n'),
      structured: { documents },
    };
  },
});
