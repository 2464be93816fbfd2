import { setFlagsFromString } from 'node:v8';
import { messageOf } from '../../../errors.ts';
import type { NamedPlace } from '../../placeholders.ts';
import { moreThanOne, noStatement } from '../../statement-words.ts';

/** A node of the server's parse tree, or one of its fields, as libpg-query gives it. */
export type Tree = { readonly [field: string]: unknown };

/** One statement that the server's own parser has understood. */
export interface Statement {
  /** The name of its node, such as `SelectStmt`. */
  readonly tag: string;
  readonly body: Tree;
  /** The statement alone, without what stands before it and the semicolons around it. */
  readonly text: string;
}

/** Why a text is not one statement that can be judged. */
export interface Unparsed {
  readonly problem: string;
  /** Where the parser found a syntax error. */
  readonly syntax?: SyntaxProblem;
}

/** The word that PostgreSQL's parser does not expect; '' at the end of the text. */
export interface SyntaxProblem {
  readonly sql: string;
  readonly word: string;
  /** Characters before the word. */
  readonly at: number;
  readonly isFirst: boolean;
  /** The words that the text begins with, in upper case. */
  readonly words: readonly string[];
}

/** The longest text that is looked at; the longest honest query is far below it. */
const lengthLimit = 200_000;

/**
 * How often the parser may run out of stack: what it then leaves on a stack of its own is lost, and after some dozens of
 * times it would overwrite its own memory.
 */
const overflowLimit = 5;

/** A piece of a statement; `start` and `end` count bytes. */
export interface Token {
  /** `escaped name` is `U&"…"`. */
  readonly kind: 'name' | 'escaped name' | 'other';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Numbers of the lexer's tokens. */
const tokenKinds = new Map<number, Token['kind']>([
  [258, 'name'],
  [259, 'escaped name'],
]);

/** The server's own parser and lexer. */
export interface Parser {
  /** One statement and no more. */
  parse(sql: string): Statement | Unparsed;
  /** All statements of a text, such as the body of a function. */
  statements(sql: string): readonly Statement[] | Unparsed;
  /** The tokens of a text; null where it can't be cut into them. */
  tokens(sql: string): readonly Token[] | null;
  /** The words that a text begins with, in upper case; none where it can't be cut into tokens. */
  firstWords(sql: string): readonly string[];
  /** Where `:name` stands for a value; null where the text can't be cut into tokens. */
  namedPlaces(sql: string): readonly NamedPlace[] | null;
}

/**
 * To compile WebAssembly a second time, for speed, takes 500 MB on Node.js 24, and longer than a statement lasts. A module
 * is as it was loaded; flags that differ for longer would cost all JavaScript its compiled code that is kept.
 */
function setSecondCompiler(state: 'on' | 'off'): void {
  for (const flag of ['wasm-tier-up', 'wasm-dynamic-tiering']) {
    setFlagsFromString(`--${state === 'on' ? '' : 'no-'}${flag}`);
  }
}

/** Loads PostgreSQL's parser (2 MB of WebAssembly); to be called early, so that it loads while something else waits. */
export async function loadParser(): Promise<Parser> {
  const { loadModule, parseSync, scanSync } = await import('libpg-query');
  setSecondCompiler('off');
  await loadModule();
  // Its code is compiled when it first runs: better now, while the server is waited for.
  parseSync('SELECT a, count(*) AS n FROM b WHERE c > 1 GROUP BY a ORDER BY n DESC LIMIT 3');
  setSecondCompiler('on');
  let overflows = 0;
  const statements = (sql: string): readonly Statement[] | Unparsed => {
    const problem = unfit(sql);
    if (problem !== null) {
      return { problem };
    }
    if (overflows >= overflowLimit) {
      return { problem: 'the parser has failed too often; start anew' };
    }
    let parsed: unknown;
    try {
      parsed = parseSync(sql);
    } catch (error) {
      if (error instanceof Error && error.name === 'RuntimeError') {
        overflows = overflowLimit;
      }
      if (error instanceof RangeError) {
        overflows++;
        return { problem: 'it is nested too deep' };
      }
      const problem = `it does not parse: ${messageOf(error)}`;
      const place = placeOf(error);
      const found = tokens(sql);
      if (place === null || found === null || !messageOf(error).startsWith('syntax error')) {
        return { problem };
      }
      return { problem, syntax: syntaxErrorAt(sql, written(found), place) };
    }
    return statementsIn(parsed, sql);
  };
  const tokens = (sql: string): readonly Token[] | null => {
    if (unfit(sql) !== null) {
      return null;
    }
    try {
      return scanSync(sql).tokens.map(({ tokenType, text, start, end }) => ({
        kind: tokenKinds.get(tokenType) ?? 'other',
        text,
        start,
        end,
      }));
    } catch {
      return null;
    }
  };
  const namedPlaces = (sql: string): readonly NamedPlace[] | null => {
    const found = tokens(sql);
    return found === null ? null : placesOf(found, Buffer.from(sql));
  };
  const parse = (sql: string): Statement | Unparsed => {
    const found = statements(sql);
    if ('problem' in found) {
      return found;
    }
    const [first, ...more] = found;
    if (first === undefined) {
      return { problem: noStatement };
    }
    return more.length === 0 ? first : { problem: moreThanOne };
  };
  const firstWords = (sql: string): readonly string[] => wordsOf(written(tokens(sql) ?? []));
  return { parse, statements, tokens, firstWords, namedPlaces };
}

/** Tokens without comments. */
const written = (tokens: readonly Token[]): readonly Token[] =>
  tokens.filter(({ text }) => !/^(?:--|\/\*)/.test(text));

const wordsOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.slice(0, 8).map(({ text }) => (/^[a-z]+$/i.test(text) ? text.toUpperCase() : ''));

/** The characters before the place of a syntax error; null where the parser names none. */
function placeOf(error: unknown): number | null {
  const details = error instanceof Error && 'sqlDetails' in error ? asTree(error.sqlDetails) : null;
  return numberOf(details?.['cursorPosition']);
}

function syntaxErrorAt(sql: string, tokens: readonly Token[], at: number): SyntaxProblem {
  const bytes = Buffer.from(sql);
  const index = tokens.findIndex(({ start }) => bytes.toString('utf8', 0, start).length >= at);
  const token = tokens[index];
  return { sql, word: token?.text ?? '', at, isFirst: index === 0, words: wordsOf(tokens) };
}

/** A colon and a bare name right behind it; the lexer counts in bytes. */
function placesOf(tokens: readonly Token[], bytes: Buffer): readonly NamedPlace[] {
  const characters = (end: number): number => bytes.toString('utf8', 0, end).length;
  return tokens.flatMap(({ start, end, text }, index) => {
    const next = tokens[index + 1];
    if (text !== ':' || next?.start !== end || !/^[a-z_]\w*$/i.test(next.text)) {
      return [];
    }
    return [{ start: characters(start), end: characters(next.end), name: next.text }];
  });
}

/** The parser stops at a NUL and the driver writes what is not Unicode as something else: both would hide text. */
function unfit(sql: string): string | null {
  if (sql.includes('\0')) {
    return 'it holds a NUL character';
  }
  if (!sql.isWellFormed()) {
    return 'it is not valid Unicode';
  }
  if (sql.length > lengthLimit) {
    return `it is longer than ${lengthLimit} characters`;
  }
  if (sql.trim() === '') {
    return noStatement;
  }
  return null;
}

function statementsIn(parsed: unknown, sql: string): readonly Statement[] | Unparsed {
  // Byte offsets; a length of nothing means up to the end.
  const bytes = Buffer.from(sql);
  const found: Statement[] = [];
  for (const item of listOf(asTree(parsed)?.['stmts'])) {
    const raw = asTree(item);
    const [entry, ...more] = Object.entries(asTree(raw?.['stmt']) ?? {});
    const body = asTree(entry?.[1]);
    if (raw === null || entry === undefined || more.length > 0 || body === null) {
      return { problem: 'it is not understood' };
    }
    const start = numberOf(raw['stmt_location']) ?? 0;
    const length = numberOf(raw['stmt_len']) ?? bytes.length - start;
    found.push({ tag: entry[0], body, text: bytes.toString('utf8', start, start + length).trim() });
  }
  return found;
}

/** The value as a node or a struct, null where it is something else. */
export function asTree(value: unknown): Tree | null {
  return isTree(value) ? value : null;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list, empty where it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text, null where it is something else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** The names in a list of `String` nodes, such as those of a qualified function; null where one is no name. */
export function namesOf(value: unknown): readonly string[] | null {
  const names: string[] = [];
  for (const item of listOf(value)) {
    const name = textOf(asTree(asTree(item)?.['String'])?.['sval'] ?? (asTree(item)?.['String'] ? '' : null));
    if (name === null) {
      return null;
    }
    names.push(name);
  }
  return names;
}
