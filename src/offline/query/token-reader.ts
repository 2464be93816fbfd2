import type { Expression } from './tree.ts';

/** Thrown where a text is not of the shapes that are read. */
export class Unread extends Error {}

/** Throws Unread, where an expression is wanted. */
export function unread(): never {
  throw new Unread();
}

const pattern =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_$]*|<>|<=|>=|!=|\|\||\S/gu;

/** Cuts a statement into names, quoted texts, numbers and signs; a semicolon at its end is dropped. */
export function tokensOf(sql: string): string[] {
  return [...sql.replace(/;\s*$/u, '').matchAll(pattern)].map(([token]) => token);
}

/** Reads the tokens of a statement one by one; throws `Unread` where another one was expected. */
export class TokenReader {
  /** The place of the next token. */
  at = 0;
  private readonly tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  /** Whether all was read. */
  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Steps over these tokens if they come next, whatever their case. */
  acceptAll(words: readonly string[]): boolean {
    if (words.some((word, index) => this.ahead(index).toLowerCase() !== word.toLowerCase())) {
      return false;
    }
    this.at += words.length;
    return true;
  }

  /** The token after `count` others; empty at the end. */
  ahead(count: number): string {
    return this.tokens[this.at + count] ?? '';
  }

  /** A name, without its quotes. */
  name(): string {
    const token = this.next();
    const quote = token[0] ?? '';
    if (quote === '"' || quote === '`') {
      return token.slice(1, -1).replaceAll(quote + quote, quote);
    }
    if (!/^[\p{L}_]/u.test(token)) {
      throw new Unread();
    }
    return token;
  }

  /** What stands behind CONCAT: texts, and the characters by their number that MySQL's dialect writes between them. */
  concatenated(): string {
    this.expect('(');
    const parts = this.list(() => {
      const token = this.next();
      if (token.startsWith("'")) {
        return token.slice(1, -1).replaceAll("''", "'");
      }
      if (token.toLowerCase() !== 'char') {
        throw new Unread();
      }
      this.expect('(');
      const code = Number(this.next());
      this.expect('using');
      this.next();
      this.expect(')');
      return String.fromCodePoint(code);
    });
    this.expect(')');
    return parts.join('');
  }

  /** One or more items between commas. */
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.accept(',')) {
      items.push(read());
    }
    return items;
  }

  /** Leaves out what stands before a word on this level of parentheses. */
  skipTo(word: string): void {
    let depth = 0;
    while (this.at < this.tokens.length) {
      const token = this.peek().toLowerCase();
      if (depth === 0 && token === word) {
        return;
      }
      if (token === '(') {
        depth++;
      }
      if (token === ')') {
        depth--;
      }
      this.at++;
    }
    throw new Unread();
  }

  /** The next token; empty at the end. */
  peek(): string {
    return this.tokens[this.at] ?? '';
  }

  next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) {
      throw new Unread();
    }
    this.at++;
    return token;
  }

  /** Steps over a word, in any case, if it comes next. */
  accept(word: string): boolean {
    if (this.peek().toLowerCase() !== word) {
      return false;
    }
    this.at++;
    return true;
  }

  /** `GROUP BY`, `ORDER BY`. */
  acceptBy(word: string): boolean {
    if (!this.accept(word)) {
      return false;
    }
    this.expect('by');
    return true;
  }

  expect(word: string): void {
    if (!this.accept(word)) {
      throw new Unread();
    }
  }
}

/** The column of an expression that is nothing else. Throws Unread for another. */
export function columnOf({ aggregate, column }: Expression): number {
  if (aggregate !== null || column === null) {
    throw new Unread();
  }
  return column;
}
