import { existsSync } from 'node:fs';
import { fitting, mostCharacters } from '../../ask/tools/search-documents.ts';
import type { SendKind } from '../../config/settings/send.ts';
import { describeTarget, type Target } from '../../database/target.ts';
import { messageOf, SqlqError } from '../../errors.ts';
import { withDescriptions } from '../../knowledge/comments.ts';
import { expressionNotes, metricNotes } from '../../knowledge/definitions.ts';
import type { DocumentSearch, Excerpt } from '../../knowledge/excerpt.ts';
import { hiddenIn, type SaysHidden } from '../../knowledge/hidden.ts';
import { stateOf } from '../../knowledge/read/read-bytes.ts';
import { piecesFor } from '../../knowledge/recall.ts';
import type { FoundPiece, Search } from '../../knowledge/search.ts';
import { descriptionsOf, openDocuments, type Store } from '../../knowledge/store.ts';
import { hasVectors } from '../../knowledge/vectors.ts';
import type { WrittenNote } from '../../memory/notes.ts';
import type { Note } from '../../model/model.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Embedder } from './embeddings.ts';
import type { Setup } from './setup.ts';

/** A database that documents speak of. */
export interface DocumentedDatabase {
  readonly target: Target;
  /** Patterns of the columns that are hidden. */
  readonly hide: readonly string[];
}

/** What of the documents on a database a question gets. */
export interface RecalledDocuments {
  readonly documents: readonly Excerpt[];
  readonly notes: readonly Note[];
}

/** By the settings, which the setups of several questions of one run share. */
const openStores = new WeakMap<Setup['settings'], Promise<Store>>();

/** The documents of a user, opened once a run. Rejects with a SqlqError `failed`. */
export function documentsOf(setup: Setup): Promise<Store> {
  const opened = openStores.get(setup.settings) ?? openDocuments(setup.documentsFile);
  openStores.set(setup.settings, opened);
  return opened;
}

/** The documents, where there are some and the settings let them count. */
async function usedDocuments(setup: Setup): Promise<Store | null> {
  return existsSync(setup.documentsFile) && setup.settings.values.docs ? documentsOf(setup) : null;
}

/** Does something with the documents of a user; `otherwise` where there are none, or where they can't be read, which is said. */
async function withDocuments<Result>(
  setup: Setup,
  otherwise: Result,
  work: (store: Store) => Result | Promise<Result>,
): Promise<Result> {
  try {
    const store = await usedDocuments(setup);
    return store === null ? otherwise : await work(store);
  } catch (error) {
    const reason = error instanceof SqlqError ? error.message : `${messageOf(error)}.`;
    warn(setup, `Documents are left out: ${reason}`);
    return otherwise;
  }
}

/** A schema with what dbt projects say of its tables and columns where the database says nothing. */
export function describedSchema(
  setup: Setup,
  { target, hide }: DocumentedDatabase,
  schema: Schema,
): Promise<Schema> {
  const saysHidden = hiddenIn(hide);
  return withDocuments(setup, schema, (store) => {
    const all = descriptionsOf(store, describeTarget(target));
    return withDescriptions(
      schema,
      all.filter(({ text }) => !saysHidden(text)),
    );
  });
}

/**
 * What finds pieces of documents for whoever may be told of them; null where nobody may. `send` is what may leave for the
 * server that is asked, null for the engine on this machine: documents go where notes and the database's comments do.
 */
export function documentSearch(
  setup: Setup,
  { target, hide }: DocumentedDatabase,
  send: readonly SendKind[] | null,
  embedder: Embedder | null = null,
): DocumentSearch | null {
  if (!setup.settings.values.docs || (send !== null && !send.includes('comments'))) {
    return null;
  }
  const place = describeTarget(target);
  const saysHidden = hiddenIn(hide);
  return (words, schema, most) =>
    withDocuments(setup, [], async (store) => {
      const kinds = ['text', 'table', 'metric'] as const;
      const meaning = await meaningOf(setup, store, embedder, words);
      const found = piecesFor(store, words, schema, { place, kinds, meaning, most });
      await warnOfChanges(setup, found);
      return found.filter(isTold(saysHidden)).map(excerptOf);
    });
}

/** A question waits no longer than this for its vector. */
const longestEmbeddingMs = 10_000;

/** A question's own vector, where pieces have some of the model; null where words alone count, which is said where it fails. */
async function meaningOf(
  setup: Setup,
  store: Store,
  embedder: Embedder | null,
  question: string,
): Promise<Search['meaning']> {
  if (embedder === null || !hasVectors(store, embedder.model)) {
    return null;
  }
  try {
    const signal = AbortSignal.timeout(longestEmbeddingMs);
    const [vector] = await setup.report.time('embedding', () => embedder.embed([question], signal));
    return vector === undefined ? null : { model: embedder.model, vector };
  } catch (error) {
    warn(setup, `Documents are found by their words alone: ${messageOf(error)}`);
    return null;
  }
}

/** So many pieces go with a question at most. */
const mostPieces = 5;

/** How documents are recalled. */
export interface RecallOptions {
  /** What the user has noted, which counts more. */
  readonly own: readonly WrittenNote[];
  readonly isServed: boolean;
  /** Characters that there is room for. */
  readonly room: number;
  readonly embedder: Embedder | null;
  /** Patterns of hidden columns: what names one is not told. */
  readonly hide: readonly string[];
}

/**
 * What goes with a question: to a server pieces of documents in `room` characters and the metrics of a dbt project, to the
 * engine on this machine what documents define as an expression.
 */
export function recallDocuments(
  setup: Setup,
  place: string,
  question: string,
  schema: Schema,
  { own, isServed, room, embedder, hide }: RecallOptions,
): Promise<RecalledDocuments> {
  const saysHidden = hiddenIn(hide);
  const told = (notes: readonly Note[]): readonly Note[] =>
    notes.filter(({ term, meaning }) => !saysHidden(`${term} ${meaning}`));
  return withDocuments<RecalledDocuments>(setup, { documents: [], notes: [] }, async (store) => {
    if (!isServed) {
      const { notes, problems } = expressionNotes(store, place, question, schema, own);
      for (const problem of problems) {
        warn(setup, problem);
      }
      return { documents: [], notes: told(notes) };
    }
    const meaning = await meaningOf(setup, store, embedder, question);
    const seeking = { place, kinds: ['text'] as const, meaning, most: mostPieces };
    const found = piecesFor(store, question, schema, seeking);
    await warnOfChanges(setup, found);
    return {
      documents: fitting(found.filter(isTold(saysHidden)).map(excerptOf), Math.min(mostCharacters, room)),
      notes: told(metricNotes(store, place, question, schema, own)),
    };
  });
}

/** Whether a piece says nothing of a hidden column. */
function isTold(saysHidden: SaysHidden): (piece: FoundPiece) => boolean {
  return ({ headings, text }) => !saysHidden([...headings, text].join('\n'));
}

function excerptOf({ source, headings, text }: FoundPiece): Excerpt {
  return { source, headings, text };
}

/** Says of each document whose file is another one than was read, or is gone. */
async function warnOfChanges(setup: Setup, found: readonly FoundPiece[]): Promise<void> {
  const files = new Map(found.map((piece) => [piece.path, piece]));
  for (const { path, source, at, digest } of files.values()) {
    const state = await stateOf({ path, at, digest });
    if (state !== 'same') {
      warn(
        setup,
        state === 'gone'
          ? `The document ${source} is gone, and counts as it was read: sqlq docs remove "${source}"`
          : `The document ${source} has changed since it was read: sqlq docs add`,
      );
    }
  }
}

function warn({ terminal }: Setup, text: string): void {
  terminal.warn(terminal.style('yellow', terminal.escape(text)));
}
