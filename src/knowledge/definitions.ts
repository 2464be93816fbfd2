import { relevantNotes, type WrittenNote } from '../memory/notes.ts';
import { wordingOf } from '../memory/similarity.ts';
import type { Note } from '../model/model.ts';
import type { Schema } from '../schema/schema.ts';
import { sourceOf } from './excerpt.ts';
import { definitionsOf, type Store } from './store.ts';

/** Notes that documents give, and what they disagree about. */
export interface DefinedNotes {
  readonly notes: readonly Note[];
  /** Sentences for the user. */
  readonly problems: readonly string[];
}

/** The metrics of a dbt project that a question needs, as notes; a term that the user has noted means what they say. */
export function metricNotes(
  store: Store,
  place: string,
  question: string,
  schema: Schema,
  own: readonly WrittenNote[],
): readonly Note[] {
  const written = definitionsOf(store, place, 'metrics').map((definition) =>
    noteOf(definition, definition.meaning),
  );
  const notes = relevantNotes(without(written, own), question, schema);
  // A project's manifest says again what its schema.yml says.
  return [...new Map(notes.map((note) => [JSON.stringify([note.term, note.meaning]), note])).values()];
}

/**
 * What documents define as an expression, as notes for the engine on this machine. Where two define a word otherwise, neither
 * counts: it can't tell which is meant.
 */
export function expressionNotes(
  store: Store,
  place: string,
  question: string,
  schema: Schema,
  own: readonly WrittenNote[],
): DefinedNotes {
  const written = definitionsOf(store, place, 'all').flatMap((definition) =>
    definition.expression === null ? [] : [noteOf(definition, definition.expression)],
  );
  const notes = relevantNotes(without(written, own), question, schema);
  const byTerm = Map.groupBy(notes, ({ term }) => wordingOf(term));
  const kept: Note[] = [];
  const problems: string[] = [];
  for (const same of byTerm.values()) {
    const [first, ...others] = same;
    const other = others.find(({ meaning }) => meaning !== first?.meaning);
    if (first !== undefined && other === undefined) {
      kept.push(first);
    } else if (first !== undefined) {
      problems.push(
        `"${first.term}" is defined in ${first.source ?? ''} and otherwise in ${other?.source ?? ''}: neither counts.`,
      );
    }
  }
  return { notes: kept, problems };
}

function noteOf(definition: ReturnType<typeof definitionsOf>[number], meaning: string): WrittenNote {
  return { term: definition.term, meaning, table: null, source: sourceOf(definition) };
}

function without(written: readonly WrittenNote[], own: readonly WrittenNote[]): readonly WrittenNote[] {
  const taken = new Set(own.map(({ term }) => wordingOf(term)));
  return written.filter(({ term }) => !taken.has(wordingOf(term)));
}
