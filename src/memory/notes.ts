import type { Note } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import { wordsOf } from './similarity.ts';

/** A note as it was written, before anybody asked. */
export interface WrittenNote extends Note {
  /** The table under which it stands; null where it stands under none. */
  readonly table: string | null;
}

/** No more text than this goes with a question. */
const mostCharacters = 4000;

/**
 * The notes that a question needs: on its own words, on tables and columns that it names or that such a note speaks of,
 * and general ones. In their own order.
 */
export function relevantNotes(
  notes: readonly WrittenNote[],
  question: string,
  schema: Schema,
): readonly Note[] {
  const asked = new Set(wordsOf(question));
  const tables = new Map(schema.tables.map((table) => [table.name.toLowerCase(), table]));
  const hasWords = (text: string, words: ReadonlySet<string>): boolean => {
    const own = wordsOf(text.replaceAll('_', ' '));
    return own.length > 0 && own.every((word) => words.has(word));
  };
  const tableOf = ({ term, table }: WrittenNote): string | null => {
    const name = (table ?? term.split('.')[0] ?? '').toLowerCase();
    return tables.has(name) ? name : null;
  };
  const isOnWords = ({ term }: WrittenNote): boolean => hasWords(term.split('.').at(-1) ?? '', asked);
  const direct = notes.filter((note) => note.term === '' || isOnWords(note));
  const spoken = new Set([
    ...asked,
    ...direct.flatMap(({ meaning }) => wordsOf(meaning.replaceAll('_', ' '))),
  ]);
  const kept = notes.filter((note) => {
    if (direct.includes(note)) {
      return true;
    }
    const table = tableOf(note);
    return table !== null && hasWords(table, spoken);
  });
  let left = mostCharacters;
  return kept.flatMap((note) => {
    left -= note.term.length + note.meaning.length;
    if (left < 0) {
      return [];
    }
    const inTable =
      note.table !== null && note.table !== note.term ? `${note.table}.${note.term}` : note.term;
    const from = note.source === undefined ? {} : { source: note.source };
    return [{ term: isColumn(note, schema) ? inTable : note.term, meaning: note.meaning, ...from }];
  });
}

function isColumn({ table, term }: WrittenNote, schema: Schema): boolean {
  return schema.tables.some(
    ({ name, columns }) => name === table && columns.some((column) => column.name === term),
  );
}
