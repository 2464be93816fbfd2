import { openStore, type Store } from '../memory/store.ts';
import type { Definition, Description, DocumentKind, Piece, ReadDocument } from './document.ts';
import { searchable } from './words.ts';

export type { Store } from '../memory/store.ts';

/** A document as it is kept. */
export interface StoredDocument {
  readonly id: number;
  /** The database that it is about. */
  readonly place: string;
  /** Where its file lies, without links. */
  readonly path: string;
  /** The folder that it was added with; null where it was added by itself. */
  readonly folder: string | null;
  /** What people know it as: a path, or the address of a saved page. */
  readonly source: string;
  readonly kind: DocumentKind;
  readonly title: string | null;
  /** Of the file's bytes. */
  readonly digest: string;
  /** When it was read, in ISO 8601. */
  readonly at: string;
  readonly pieces: number;
}

const layouts = [
  `CREATE TABLE document (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     place TEXT NOT NULL,
     path TEXT NOT NULL,
     folder TEXT,
     source TEXT NOT NULL,
     kind TEXT NOT NULL,
     title TEXT,
     digest TEXT NOT NULL,
     at TEXT NOT NULL,
     UNIQUE (place, path)
   ) STRICT;
   CREATE TABLE piece (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
     headings TEXT NOT NULL,
     text TEXT NOT NULL,
     kind TEXT NOT NULL,
     subject TEXT
   ) STRICT;
   CREATE INDEX piece_document ON piece (document);
   CREATE VIRTUAL TABLE word USING fts5 (headings, text, tokenize = 'porter unicode61 remove_diacritics 2');
   INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
   CREATE TRIGGER piece_gone AFTER DELETE ON piece BEGIN
     DELETE FROM word WHERE rowid = old.id;
   END;
   CREATE TABLE definition (
     document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
     term TEXT NOT NULL,
     meaning TEXT NOT NULL,
     expression TEXT,
     is_metric INTEGER NOT NULL,
     headings TEXT NOT NULL
   ) STRICT;
   CREATE INDEX definition_document ON definition (document);
   CREATE TABLE description (
     document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
     namespace TEXT,
     relation TEXT NOT NULL,
     field TEXT,
     text TEXT NOT NULL
   ) STRICT;
   CREATE INDEX description_document ON description (document);
   CREATE TABLE vector (
     piece INTEGER NOT NULL REFERENCES piece (id) ON DELETE CASCADE,
     model TEXT NOT NULL,
     value BLOB NOT NULL,
     PRIMARY KEY (piece, model)
   ) STRICT;`,
];

/** Opens the documents of a user, in a file of SQLite that they alone may read. Throws a SqlqError `failed`. */
export function openDocuments(file: string): Promise<Store> {
  return openStore(file, layouts);
}

/** A document that is to be kept. */
export type NewDocument = Omit<StoredDocument, 'id' | 'pieces' | 'kind' | 'title'> & {
  readonly read: ReadDocument;
};

/** Keeps a document, in place of the one that was read from the same file. */
export function keepDocument(store: Store, { read, ...document }: NewDocument): void {
  store.transaction(() => {
    store.prepare('DELETE FROM document WHERE place = ? AND path = ?').run(document.place, document.path);
    const { lastInsertRowid: id } = store
      .prepare(
        `INSERT INTO document (place, path, folder, source, kind, title, digest, at)
         VALUES (:place, :path, :folder, :source, :kind, :title, :digest, :at)`,
      )
      .run({ ...document, kind: read.kind, title: read.title });
    keepPieces(store, id, read.pieces);
    keepDefinitions(store, id, read.definitions);
    keepDescriptions(store, id, read.descriptions);
  })();
}

type Id = number | bigint;

function keepPieces(store: Store, document: Id, pieces: readonly Piece[]): void {
  const piece = store.prepare(
    'INSERT INTO piece (document, headings, text, kind, subject) VALUES (?, ?, ?, ?, ?)',
  );
  const word = store.prepare('INSERT INTO word (rowid, headings, text) VALUES (?, ?, ?)');
  for (const { headings, text, kind, table } of pieces) {
    const { lastInsertRowid: id } = piece.run(document, JSON.stringify(headings), text, kind, table);
    word.run(id, searchable(headings.join('\n')), searchable(text));
  }
}

function keepDefinitions(store: Store, document: Id, definitions: readonly Definition[]): void {
  const insert = store.prepare(
    'INSERT INTO definition (document, term, meaning, expression, is_metric, headings) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { term, meaning, expression, isMetric, headings } of definitions) {
    insert.run(document, term, meaning, expression, isMetric ? 1 : 0, JSON.stringify(headings));
  }
}

function keepDescriptions(store: Store, document: Id, descriptions: readonly Description[]): void {
  const insert = store.prepare(
    'INSERT INTO description (document, namespace, relation, field, text) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { schema, table, column, text } of descriptions) {
    insert.run(document, schema, table, column, text);
  }
}

const columns = `id, place, path, folder, source, kind, title, digest, at,
  (SELECT COUNT(*) FROM piece WHERE piece.document = document.id) AS pieces`;

/** The document that was read from a file for a database; null where there is none. */
export function documentAt(store: Store, place: string, path: string): StoredDocument | null {
  const found = store
    .prepare<[string, string], StoredDocument>(`SELECT ${columns} FROM document WHERE place = ? AND path = ?`)
    .get(place, path);
  return found ?? null;
}

/** The documents of one database, or of all, in the order of their names. */
export function listDocuments(store: Store, place: string | null): readonly StoredDocument[] {
  return store
    .prepare<[string | null, string | null], StoredDocument>(
      `SELECT ${columns} FROM document WHERE ? IS NULL OR place = ? ORDER BY source, id`,
    )
    .all(place, place);
}

export function removeDocument(store: Store, id: number): void {
  store.prepare('DELETE FROM document WHERE id = ?').run(id);
}

/** The pieces of a document, in its order. */
export function piecesOf(store: Store, document: number): readonly Pick<Piece, 'headings' | 'text'>[] {
  return store
    .prepare<[number], { readonly headings: string; readonly text: string }>(
      'SELECT headings, text FROM piece WHERE document = ? ORDER BY id',
    )
    .all(document)
    .map(({ headings, text }) => ({ headings: parseHeadings(headings), text }));
}

/** What documents of a database say that words mean, the metrics of its dbt project alone or all. */
export function definitionsOf(
  store: Store,
  place: string,
  only: 'metrics' | 'all',
): readonly (Definition & { readonly source: string; readonly path: string })[] {
  return store
    .prepare<[string, number], DefinitionRow>(
      `SELECT term, meaning, expression, is_metric, headings, source, path
       FROM definition JOIN document ON document.id = definition.document
       WHERE place = ? AND is_metric >= ? ORDER BY definition.rowid`,
    )
    .all(place, only === 'metrics' ? 1 : 0)
    .map(({ is_metric: isMetric, headings, ...row }) => ({
      ...row,
      isMetric: isMetric === 1,
      headings: parseHeadings(headings),
    }));
}

interface DefinitionRow {
  readonly term: string;
  readonly meaning: string;
  readonly expression: string | null;
  readonly is_metric: number;
  readonly headings: string;
  readonly source: string;
  readonly path: string;
}

/** What the dbt projects of a database say of its tables and columns, the newest first. */
export function descriptionsOf(store: Store, place: string): readonly Description[] {
  return store
    .prepare<[string], Description>(
      `SELECT namespace AS schema, relation AS "table", field AS column, text
       FROM description JOIN document ON document.id = description.document
       WHERE place = ? ORDER BY document.id DESC, description.rowid`,
    )
    .all(place);
}

/** Headings as they are kept: a JSON list that this program alone writes. */
export function parseHeadings(text: string): readonly string[] {
  const headings: readonly string[] = JSON.parse(text);
  return headings;
}
