/** What a document can be read as. */
export type DocumentKind = 'markdown' | 'text' | 'html' | 'sql' | 'dbt';

/** A piece of a document, as it is indexed and told. */
export interface Piece {
  /** The headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  /** `text` can go with a question; `table` and `metric` are of a dbt project, and go as comments and notes do. */
  readonly kind: 'text' | 'table' | 'metric';
  /** The table that a piece of kind `table` is about. */
  readonly table: string | null;
}

/** What a document says that a word means. */
export interface Definition {
  readonly term: string;
  readonly meaning: string;
  /** The same as an SQL expression; null where it is none. */
  readonly expression: string | null;
  /** It is a metric of a dbt project, which goes with a question as a note does. */
  readonly isMetric: boolean;
  /** The headings that it stands under. */
  readonly headings: readonly string[];
}

/** What a dbt project says of a table, or of a column of it. */
export interface Description {
  /** The schema that the project has it in; null where it does not say. */
  readonly schema: string | null;
  readonly table: string;
  /** Null for the table itself. */
  readonly column: string | null;
  readonly text: string;
}

/** A document that was read. */
export interface ReadDocument {
  readonly kind: DocumentKind;
  readonly title: string | null;
  /** The address that it was saved from; null where it holds none. */
  readonly url: string | null;
  readonly pieces: readonly Piece[];
  readonly definitions: readonly Definition[];
  readonly descriptions: readonly Description[];
}

/** A file that is no document, with the reason as the end of a sentence: `it is a picture`. */
export class UnreadableDocument extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnreadableDocument';
  }
}
