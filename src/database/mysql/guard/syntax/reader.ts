import { moreThanOne, neverRunReason, noStatement } from '../../../statement-words.ts';
import type { Analysis, FunctionCall, Star, TableReference } from './findings.ts';
import { LexError, lex, type Token, Unclosed } from './lex.ts';
import { misreadingsOf } from './misreadings.ts';
import { fold } from './names.ts';
import type { SqlMode } from './sql-mode.ts';

/** A statement that is not admitted, whatever the database holds; the message says why, in its own words. */
export class Refusal extends Error {}

/** A word that begins no statement of MySQL. */
export class NoStatement extends Refusal {
  readonly token: Token;

  constructor(token: Token) {
    super(`${token.text} begins no statement`);
    this.token = token;
  }
}

/** Something that begins and does not end. */
export class NotClosed extends Refusal {
  readonly what: 'quote' | 'comment' | 'parenthesis';

  constructor(what: 'quote' | 'comment' | 'parenthesis') {
    super(`A ${what} is not closed`);
    this.what = what;
  }
}

export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'name';
}

/** A place in the tokens of a statement, and what was found on the way there. */
export interface Reader {
  verb: string;
  writes: boolean;
  shows: string;
  at: number;
  depth: number;
  scopes: number;
  hasNaturalJoin: boolean;
  readonly tables: TableReference[];
  readonly targets: TableReference[];
  readonly databases: string[];
  readonly calls: FunctionCall[];
  readonly stars: Star[];
  /** Names that WITH defines, as far as they are in sight here. */
  readonly commonTables: string[];
  readonly tokens: readonly Token[];
  /** For an opening bracket the place of the one that closes it. */
  readonly partners: ReadonlyMap<number, number>;
  peek(ahead?: number): Token | undefined;
  /** The keyword or symbol `ahead`; '' for a name, a literal, or a word after a dot. */
  key(ahead?: number): string;
  accept(...keys: readonly string[]): boolean;
  expect(key: string): void;
  expectEnd(): void;
  name(): string;
  /** `a`, `a.b` or `a.b.c` from here on. */
  chain(): readonly string[];
  /** `before x` or `at the end`, for a reason. */
  place(): string;
  addTable(parts: readonly string[], scope: number, alias: string | null): TableReference;
}

export function openReader(sql: string, mode: SqlMode, values = 0): Reader {
  const tokens = tokensOf(sql, mode);
  const placeholders = tokens.filter(({ kind }) => kind === 'placeholder');
  const named = placeholders.find(({ text }) => text !== '');
  if (named !== undefined) {
    throw new Refusal(`The parameter :${named.text} has no value here`);
  }
  if (placeholders.length !== values) {
    throw new Refusal('A placeholder (?) has no value here');
  }
  const reader: Reader = {
    verb: '',
    writes: false,
    shows: '',
    at: 0,
    depth: 0,
    scopes: 0,
    hasNaturalJoin: false,
    tables: [],
    targets: [],
    databases: [],
    calls: [],
    stars: [],
    commonTables: [],
    tokens,
    partners: partnersOf(tokens),
    peek: (ahead = 0) => tokens[reader.at + ahead],
    key(ahead = 0) {
      const token = reader.peek(ahead);
      return token === undefined || (token.kind === 'word' && token.afterDot) ? '' : token.key;
    },
    accept(...keys) {
      const found = reader.key() !== '' && keys.includes(reader.key());
      if (found) {
        reader.at += 1;
      }
      return found;
    },
    expect(key) {
      if (!reader.accept(key)) {
        throw new Refusal(`${key} is expected ${reader.place()}`);
      }
    },
    expectEnd() {
      const token = reader.peek();
      if (token !== undefined) {
        throw new Refusal(`${token.text} is not expected there`);
      }
    },
    name() {
      const token = reader.peek();
      if (!isName(token)) {
        throw new Refusal(`A name is expected ${reader.place()}`);
      }
      reader.at += 1;
      return token.text;
    },
    chain() {
      const parts = [reader.name()];
      while (reader.key() === '.' && isName(reader.peek(1))) {
        reader.at += 1;
        parts.push(reader.name());
      }
      return parts;
    },
    place() {
      const token = reader.peek();
      return token === undefined ? 'at the end' : `before ${token.text}`;
    },
    addTable(parts, scope, alias) {
      const [first = '', second, third] = parts;
      if (third !== undefined) {
        throw new Refusal(`${parts.join('.')} is not the name of a table`);
      }
      const table = {
        database: second === undefined ? null : first,
        name: second ?? first,
        alias,
        scope,
        // The server may tell names apart by case: what is not quite the same is taken for a table.
        isCommon: second === undefined && reader.commonTables.includes(first),
      };
      reader.tables.push(table);
      return table;
    },
  };
  return reader;
}

function tokensOf(sql: string, mode: SqlMode): readonly Token[] {
  if (sql.length > 1 << 20) {
    throw new Refusal('The statement is longer than a megabyte');
  }
  try {
    const tokens = [...lex(sql, mode)];
    while (tokens.at(-1)?.key === ';') {
      tokens.pop();
    }
    if (tokens.length === 0) {
      throw new Refusal(noStatement);
    }
    if (tokens.some((token) => token.key === ';')) {
      throw new Refusal(moreThanOne);
    }
    return tokens;
  } catch (error) {
    if (error instanceof Unclosed) {
      throw new NotClosed(error.what);
    }
    if (error instanceof LexError) {
      throw new Refusal(`The statement can't be read safely: ${error.message}`);
    }
    throw error;
  }
}

const deepest = 150;

function partnersOf(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.key === '(') {
      open.push(index);
    }
    if (open.length > deepest) {
      throw new Refusal('The statement is nested too deeply');
    }
    if (token.key !== ')') {
      continue;
    }
    const start = open.pop();
    if (start === undefined) {
      throw new Refusal('A closing bracket has no partner');
    }
    partners.set(start, index);
  }
  if (open.length > 0) {
    throw new NotClosed('parenthesis');
  }
  return partners;
}

/** What was found, once the whole statement has been read. */
export function resultOf(reader: Reader, kind: Analysis['kind'], form: Analysis['form']): Analysis {
  return {
    kind,
    form,
    verb: reader.verb,
    tables: reader.tables,
    targets: reader.targets,
    databases: reader.databases,
    calls: reader.calls,
    stars: reader.stars,
    names: new Set(reader.tokens.filter(isName).map((token) => fold(token.text))),
    words: firstWords(reader.tokens),
    hasNaturalJoin: reader.hasNaturalJoin,
    limit: limitOf(reader.tokens),
    misreadings: misreadingsOf(reader.tokens),
    drops: dropsOf(reader),
    variables: reader.tokens
      .filter(({ kind }) => kind === 'system')
      .map(({ text }) => text.replace(/^@@(?:\w+\.)?/, '')),
    shows: reader.shows,
  };
}

/** The words that a statement begins with, in upper case. */
export function firstWords(tokens: readonly Token[]): readonly string[] {
  return tokens.slice(0, 8).map(({ kind, key }) => (kind === 'word' ? key : ''));
}

/** Why a statement is none that runs here: because it never does, or because it is no statement at all. */
export function refusalOfOther({ tokens }: Reader): Error {
  const never = neverRunReason(firstWords(tokens));
  const [first] = tokens;
  return never !== null || first === undefined ? new Refusal(never ?? noStatement) : new NoStatement(first);
}

/** The names behind DROP in an ALTER. */
function dropsOf({ verb, tokens }: Reader): readonly string[] {
  if (verb !== 'ALTER') {
    return [];
  }
  const what = /^(?:COLUMN|INDEX|KEY|PARTITION|CONSTRAINT|CHECK|FOREIGN|PRIMARY|IF|EXISTS)$/;
  return tokens.flatMap(({ key, afterDot }, index) => {
    if (key !== 'DROP' || afterDot) {
      return [];
    }
    let at = index + 1;
    while (what.test(tokens[at]?.key ?? '')) {
      at += 1;
    }
    const name = tokens[at];
    return isName(name) ? [name.text] : ['the primary key'];
  });
}

/** The n of a last `LIMIT n`, `LIMIT m, n` or `LIMIT n OFFSET m`. */
function limitOf(tokens: readonly Token[]): number | null {
  const texts = tokens.slice(-5).map((token) => (token.kind === 'word' ? token.key : token.text));
  const tail = /(?:^|\s)LIMIT (?:\d+ , )?(\d+)(?: OFFSET \d+)?$/.exec(texts.join(' '));
  return tail ? Number(tail[1]) : null;
}
