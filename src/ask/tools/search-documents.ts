import type { DocumentSearch, Excerpt } from '../../knowledge/excerpt.ts';
import type { Schema } from '../../schema/schema.ts';

/** So many excerpts are told at once. */
const mostExcerpts = 5;
/** Characters of all of them together. */
export const mostCharacters = 6_000;

/**
 * What documents on the database say of some words, the best first. What is found was written by anybody: whoever shows it to
 * a model puts it between marks that its author can't know.
 */
export async function searchDocuments(
  search: DocumentSearch,
  schema: Schema,
  words: string,
  most = mostExcerpts,
): Promise<readonly Excerpt[]> {
  return fitting(await search(words, schema, most), mostCharacters);
}

/** The first of some excerpts that take no more characters than there is room for. */
export function fitting(excerpts: readonly Excerpt[], room: number): readonly Excerpt[] {
  let left = room;
  return excerpts.filter(({ source, headings, text }) => {
    const size = source.length + headings.join().length + text.length;
    if (size > left) {
      return false;
    }
    left -= size;
    return true;
  });
}
