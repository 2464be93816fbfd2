import { fold } from '../../names.ts';
import type { Findings } from './findings.ts';
import { isName, type Token } from './lex.ts';

/** A statement that reads nothing that Trino or this reader understands; `token` is where. */
export class NoStatement extends Error {
  readonly token: Token;

  constructor(token: Token) {
    super('not expected here');
    this.token = token;
  }
}

/** Something that is understood and may not be. */
export class Refusal extends Error {}

/** How often a text may be read in more ways than one. */
const mostTries = 500;

/** How deep queries and expressions may stand within one another. */
const deepest = 200;

/** Goes through the tokens of one statement, and notes what it finds. */
export class Cursor {
  readonly findings: Findings;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #tries = 0;
  #farthest: Token | null = null;
  /** Names of WITH that are known at this place, the innermost last. */
  readonly #common: Set<string>[] = [];

  constructor(tokens: readonly Token[], findings: Findings) {
    this.#tokens = tokens;
    this.findings = findings;
  }

  /** The token that comes `ahead` tokens later; behind the last one it is of kind `end`. */
  peek(ahead = 0): Token {
    const end = this.#tokens.at(-1)?.end ?? 0;
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', text: '', start: end, end };
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  isWord(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text === text;
  }

  isOneOf(words: ReadonlySet<string>, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && words.has(token.text);
  }

  isSign(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'sign' && token.text === text;
  }

  /** Takes these words where they come next, one after the other. */
  takeWords(...words: readonly string[]): boolean {
    if (!words.every((word, index) => this.isWord(word, index))) {
      return false;
    }
    this.#at += words.length;
    return true;
  }

  takeSign(text: string): boolean {
    if (!this.isSign(text)) {
      return false;
    }
    this.#at += 1;
    return true;
  }

  needWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) {
      throw this.unexpected();
    }
  }

  needSign(text: string): void {
    if (!this.takeSign(text)) {
      throw this.unexpected();
    }
  }

  need(kind: Token['kind']): Token {
    if (this.peek().kind !== kind) {
      throw this.unexpected();
    }
    return this.next();
  }

  /** The error for what comes next; of several ways to read a text it tells where the one failed that came farthest. */
  unexpected(): NoStatement {
    const token = this.peek();
    if (this.#farthest === null || token.start > this.#farthest.start) {
      this.#farthest = token;
    }
    return new NoStatement(this.#farthest);
  }

  isName(ahead = 0): boolean {
    return isName(this.peek(ahead));
  }

  /** A name, folded as Trino folds it. */
  name(): string {
    if (!this.isName()) {
      throw this.unexpected();
    }
    return fold(this.next().text);
  }

  /** `a.b.c`. */
  qualifiedName(): readonly string[] {
    const parts = [this.name()];
    while (this.takeSign('.')) {
      parts.push(this.name());
    }
    return parts;
  }

  /** Reads one thing or more with commas between them. */
  list(read: () => void): void {
    do {
      read();
    } while (this.takeSign(','));
  }

  within(read: () => void): void {
    this.needSign('(');
    read();
    this.needSign(')');
  }

  /** Notes a name that may be of a column. Those that begin with a dollar sign are Trino's own, such as paths of files. */
  noteColumn(name: string): void {
    if (name.startsWith('$')) {
      throw new Refusal(`"${name}" tells where a row is kept, and not what is in it`);
    }
    this.findings.columns.add(name);
  }

  noteTable(parts: readonly string[], renames: boolean): void {
    const [name = '', ...others] = parts;
    const isCommon = others.length === 0 && this.#common.some((names) => names.has(name));
    if (!isCommon) {
      this.findings.tables.push({ parts, renames });
    }
  }

  /** A query with names of its own from WITH; `declare` adds one of them. */
  scope(read: (declare: (name: string) => void) => void): void {
    const names = new Set<string>();
    this.#common.push(names);
    read((name) => names.add(name));
    this.#common.pop();
  }

  deeper(read: () => void): void {
    this.#depth += 1;
    if (this.#depth > deepest) {
      throw new Refusal(`It is nested deeper than ${deepest} levels`);
    }
    read();
    this.#depth -= 1;
  }

  /** Tries one way to read what comes; goes back, and says so, where it is none. What it noted stays: rather too much. */
  tries(read: () => void): boolean {
    this.#tries += 1;
    if (this.#tries > mostTries) {
      throw new Refusal('It has too many parentheses within one another to be understood');
    }
    const at = this.#at;
    const depth = this.#depth;
    const scopes = this.#common.length;
    try {
      read();
      return true;
    } catch (error) {
      if (!(error instanceof NoStatement)) {
        throw error;
      }
      this.#at = at;
      this.#depth = depth;
      this.#common.length = scopes;
      return false;
    }
  }
}
