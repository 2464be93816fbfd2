/** A piece of a statement. White space and comments are left out. */
export interface Token {
  /**
   * `word`: a bare keyword or name. `name`: a quoted name ("…", […], `…`). `text`: '…'. `number` includes hexadecimal,
   * `bytes` is x'…', `parameter` is `:name`, `sign` an operator or a punctuation mark.
   */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'bytes' | 'parameter' | 'sign';
  /** As written, but without its quotes for `name` and `text`, and without its colon for `parameter`. */
  readonly text: string;
  /** Offsets into the statement: first character, and the one behind the last. */
  readonly start: number;
  readonly end: number;
}

/** Text that SQLite's tokenizer would refuse, or that this one does not understand. */
export class LexError extends Error {}

/** A quote or comment that begins and does not end. */
export class Unclosed extends LexError {
  readonly what: 'quote' | 'comment';

  constructor(what: 'quote' | 'comment') {
    super(`A ${what} is not closed`);
    this.what = what;
  }
}

// SQLite takes a byte order mark that begins a token for white space.
const space = /[ \t\n\f\r\uFEFF]+/y;
const word = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y;
const number =
  /(?:0[xX][\dA-Fa-f](?:_?[\dA-Fa-f])*|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?)/y;
const sign = /->>|->|<=|>=|<>|<<|>>|==|!=|\|\||[()+\-*/%=<>|&~,;.]/y;
const parameter = /:[\w$\u0080-\uFFFF]+/y;
const bytes = /[xX]'(?:[\dA-Fa-f]{2})*'/y;
const patterns = [
  { kind: 'word', pattern: word },
  { kind: 'number', pattern: number },
  { kind: 'sign', pattern: sign },
] as const;
const nameCharacter = /[\w$\u0080-\uFFFF]/;

const closing: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' };

/**
 * Splits a statement the way SQLite's own tokenizer does (https://sqlite.org/src/file/src/tokenize.c), and throws where
 * that one would, or where the two could ever differ.
 */
export function lex(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const matches = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(sql)) {
      return false;
    }
    at = pattern.lastIndex;
    return true;
  };
  if (sql.includes('\0')) {
    throw new LexError('A NUL character would end the statement for SQLite');
  }
  while (at < sql.length) {
    const start = at;
    const character = sql.charAt(at);
    const push = (kind: Token['kind'], text: string): void => {
      tokens.push({ kind, text, start, end: at });
    };
    if (matches(space)) {
      continue;
    }
    if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length : end + 1;
    } else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2);
      if (end < 0) {
        throw new Unclosed('comment');
      }
      at = end + 2;
    } else if (/[xX]/.test(character) && sql.charAt(at + 1) === "'") {
      if (!matches(bytes)) {
        throw new LexError("A x'…' literal is not whole");
      }
      push('bytes', sql.slice(start, at));
    } else if (character in closing) {
      const text = quoted(sql, at);
      at = text.end;
      push(character === "'" ? 'text' : 'name', text.content);
    } else if (matches(parameter)) {
      // For SQLite, `:a(b)` and `:a::b` are one name, as in Tcl.
      if (/\(|::/y.test(sql.slice(at, at + 2))) {
        throw new LexError(unexpected(character));
      }
      push('parameter', sql.slice(start + 1, at));
    } else {
      const kind = patterns.find((candidate) => matches(candidate.pattern))?.kind;
      if (kind === undefined) {
        throw new LexError(unexpected(character));
      }
      const text = sql.slice(start, at);
      if (kind === 'number' && nameCharacter.test(sql.charAt(at))) {
        throw new LexError(`A number runs into a name: ${sql.slice(start, at + 1)}`);
      }
      if (text.includes('\uFEFF')) {
        throw new LexError('A byte order mark is not allowed');
      }
      push(kind, text);
    }
  }
  return tokens;
}

/** The content of a quoted name or text that starts at `start`, and where it ends; doubled quotes stand for one. */
function quoted(sql: string, start: number): { content: string; end: number } {
  const close = closing[sql.charAt(start)] ?? '';
  let at = start + 1;
  for (;;) {
    const end = sql.indexOf(close, at);
    if (end < 0) {
      throw new Unclosed('quote');
    }
    if (close !== ']' && sql.charAt(end + 1) === close) {
      at = end + 2;
      continue;
    }
    const inner = sql.slice(start + 1, end);
    return { content: close === ']' ? inner : inner.replaceAll(close + close, close), end: end + 1 };
  }
}

function unexpected(character: string): string {
  if ('?:@$#'.includes(character)) {
    return `A parameter (${character}) has no value here`;
  }
  return `The character ${JSON.stringify(character)} has no meaning in SQL`;
}

/** A statement's tokens without the semicolons before and behind it; null where there is more than one statement. */
export function single(tokens: readonly Token[]): readonly Token[] | null {
  const isSemicolon = ({ kind, text }: Token): boolean => kind === 'sign' && text === ';';
  const first = tokens.findIndex((token) => !isSemicolon(token));
  if (first < 0) {
    return [];
  }
  const last = tokens.findLastIndex((token) => !isSemicolon(token));
  const body = tokens.slice(first, last + 1);
  return body.some(isSemicolon) && !isTrigger(body) ? null : body;
}

/** `CREATE [TEMP] TRIGGER … BEGIN …; END`, whose body has statements of its own. */
function isTrigger(body: readonly Token[]): boolean {
  const isWord = (token: Token | undefined, text: string): boolean =>
    token?.kind === 'word' && token.text.toUpperCase() === text;
  const semicolon = body.findIndex(({ kind, text }) => kind === 'sign' && text === ';');
  const begin = body.findIndex((token) => isWord(token, 'BEGIN'));
  return (
    isWord(body[0], 'CREATE') &&
    body.slice(1, 3).some((token) => isWord(token, 'TRIGGER')) &&
    begin > 0 &&
    begin < semicolon &&
    isWord(body.at(-1), 'END')
  );
}
