/** What the guard says of a statement. It admits only what it fully understands. */
export interface Verdict {
  /** `syntax` is what is no statement of this engine. */
  readonly kind: 'read' | 'write' | 'ddl' | 'forbidden' | 'syntax';
  /** Why it is not `read`, in the words of the statement; null for `read`. */
  readonly reason: string | null;
  /** The keyword that a misspelt word most likely means. */
  readonly near?: string;
}

/** A value that the driver binds to `:name` in a statement; it never becomes part of the statement's text. */
export interface Parameter {
  readonly name: string;
  /** Text, or the digits of a number. */
  readonly value: string;
  readonly type: 'text' | 'integer' | 'number';
}

/** What a guard alone makes: `admitted` is imported in an engine's `guard/` and nowhere else. */
export let admitted: (
  text: string,
  values: readonly Parameter[],
  kind: AdmittedStatement['kind'],
) => AdmittedStatement;

/**
 * A statement that an engine's guard has admitted: the very text that was judged, which is the text that the server
 * gets, and its values apart. All that runs, plans or explains a statement takes one of these. The fields are private to
 * the class, so that an object that only looks like one throws a TypeError when its text is read.
 */
export class AdmittedStatement {
  readonly #text: string;
  readonly #values: readonly Parameter[];
  readonly #kind: 'read' | 'write' | 'ddl';

  private constructor(text: string, values: readonly Parameter[], kind: AdmittedStatement['kind']) {
    this.#text = text;
    this.#values = values;
    this.#kind = kind;
  }

  static {
    admitted = (text, values, kind) => new AdmittedStatement(text, values, kind);
  }

  /** With the engine's own placeholders: `$1`, `?`, or SQLite's `:name`. */
  get text(): string {
    return this.#text;
  }

  /** What the placeholders stand for, in the order in which the engine counts them. */
  get values(): readonly Parameter[] {
    return this.#values;
  }

  get kind(): 'read' | 'write' | 'ddl' {
    return this.#kind;
  }
}

/** What became of a statement that was given to a guard. */
export interface Admission {
  readonly verdict: Verdict;
  /** Null where the guard refuses it, or where this connection's access does not allow its kind. */
  readonly statement: AdmittedStatement | null;
}
