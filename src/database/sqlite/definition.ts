import { LexError, lex, type Token } from './guard/lex.ts';

/** What only the text of a CREATE TABLE tells; SQLite keeps it as it was written. */
export interface Definition {
  /** The comment behind the opening parenthesis, or around the table's name. */
  readonly comment: string | null;
  /** Comments of columns: on the column's line, or on lines of their own above it. */
  readonly columnComments: ReadonlyMap<string, string>;
  readonly checks: readonly string[];
  /** Expressions of generated columns. */
  readonly generated: ReadonlyMap<string, string>;
  readonly hasAutoincrement: boolean;
  readonly isWithoutRowid: boolean;
  readonly isStrict: boolean;
  /** The module of a virtual table. */
  readonly module: string | null;
}

const nothing: Definition = {
  comment: null,
  columnComments: new Map(),
  checks: [],
  generated: new Map(),
  hasAutoincrement: false,
  isWithoutRowid: false,
  isStrict: false,
  module: null,
};

const constraintWords = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']);

/** Reads the text of a CREATE TABLE or CREATE VIRTUAL TABLE; what can't be understood is left out. */
export function readDefinition(sql: string): Definition {
  try {
    const tokens = lex(sql);
    if (word(tokens[1]) === 'VIRTUAL') {
      const module = tokens[tokens.findIndex((token) => word(token) === 'USING') + 1];
      return { ...nothing, module: module?.text.toLowerCase() ?? null };
    }
    return readTable(sql, tokens);
  } catch (error) {
    if (error instanceof LexError) {
      return nothing;
    }
    throw error;
  }
}

/** A column or a table constraint: its tokens, and where in the list of all tokens they begin. */
interface Item {
  readonly first: number;
  readonly tokens: readonly Token[];
}

function readTable(sql: string, tokens: readonly Token[]): Definition {
  const open = tokens.findIndex(({ kind, text }) => kind === 'sign' && text === '(');
  if (open < 0) {
    return nothing;
  }
  const items = split(tokens, open);
  const columnComments = new Map<string, string>();
  const generated = new Map<string, string>();
  const checks: string[] = [];
  for (const { first, tokens: item } of items) {
    const name = item[0]?.text ?? '';
    const isColumn = !constraintWords.has(word(item[0]));
    checks.push(...bodies(sql, item, 'CHECK'));
    if (!isColumn) {
      continue;
    }
    const [expression] = bodies(sql, item, 'AS');
    if (expression !== undefined) {
      generated.set(name, expression);
    }
    const comment = commentOf(sql, tokens, first, item.length);
    if (comment !== '') {
      columnComments.set(name, comment);
    }
  }
  const beforeColumns = tokens
    .slice(0, open + 1)
    .map((_, at) => sameLine(gap(sql, tokens, at)))
    .filter((text) => text !== '');
  const behind = sameLine(sql.slice(tokens.at(-1)?.end ?? sql.length));
  const last = items.at(-1);
  const closing = last === undefined ? -1 : last.first + last.tokens.length;
  const behindClosing = tokens[closing + 1] === undefined ? '' : sameLine(gap(sql, tokens, closing));
  return {
    comment: [...beforeColumns, behindClosing, behind].filter((text) => text !== '').join(' ') || null,
    columnComments,
    checks,
    generated,
    hasAutoincrement: tokens.some((token) => word(token) === 'AUTOINCREMENT'),
    ...optionsOf(tokens.slice(closing + 1)),
    module: null,
  };
}

/** What stands behind the list of columns. */
function optionsOf(tokens: readonly Token[]): Pick<Definition, 'isWithoutRowid' | 'isStrict'> {
  const words = tokens.map(word);
  return { isWithoutRowid: words.includes('WITHOUT'), isStrict: words.includes('STRICT') };
}

/** The items between the parenthesis at `open` and its closing one. */
function split(tokens: readonly Token[], open: number): Item[] {
  const items: Item[] = [];
  let depth = 0;
  let first = open + 1;
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at]?.kind === 'sign' ? tokens[at]?.text : '';
    if (text === '(') {
      depth++;
    }
    if (text === ')') {
      depth--;
    }
    if ((text === ',' && depth === 1) || depth === 0) {
      items.push({ first, tokens: tokens.slice(first, at) });
      first = at + 1;
    }
    if (depth === 0) {
      break;
    }
  }
  return items;
}

/** Texts between the parentheses behind each `keyword` of an item, outside of other parentheses. */
function bodies(sql: string, item: readonly Token[], keyword: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = -1;
  item.forEach((token, at) => {
    if (token.kind !== 'sign') {
      return;
    }
    if (token.text === '(' && depth++ === 0 && word(item[at - 1]) === keyword) {
      start = token.end;
    }
    if (token.text === ')' && --depth === 0 && start >= 0) {
      found.push(sql.slice(start, token.start).trim());
      start = -1;
    }
  });
  return found;
}

/** Comments on lines above an item, within it, and on the line on which it ends, before or behind its comma. */
function commentOf(sql: string, tokens: readonly Token[], first: number, length: number): string {
  const last = first + length - 1;
  const above = ownLines(gap(sql, tokens, first - 1));
  const within = Array.from({ length: length - 1 }, (_, offset) => words(gap(sql, tokens, first + offset)));
  const before = words(gap(sql, tokens, last));
  const isLast = tokens[last + 1]?.text !== ',';
  const behind = isLast ? '' : sameLine(gap(sql, tokens, last + 1));
  return [above, ...within, before, behind].filter((text) => text !== '').join(' ');
}

/** The white space and comments behind a token. */
function gap(sql: string, tokens: readonly Token[], at: number): string {
  return sql.slice(tokens[at]?.end ?? 0, tokens[at + 1]?.start ?? sql.length);
}

/** The words of comments that begin on the line on which the gap begins. */
function sameLine(text: string): string {
  return words(comments(text).slice(0, ownLineIndex(text)).join(' '));
}

/** The words of comments on lines of their own. */
function ownLines(text: string): string {
  return words(comments(text).slice(ownLineIndex(text)).join(' '));
}

function comments(text: string): string[] {
  return text.match(/--[^\n]*|\/\*[\s\S]*?\*\//g) ?? [];
}

/** How many of the comments begin before the gap's first line break. */
function ownLineIndex(text: string): number {
  let count = 0;
  for (const match of text.matchAll(/--[^\n]*|\/\*[\s\S]*?\*\/|\n/g)) {
    if (match[0] === '\n') {
      break;
    }
    count++;
  }
  return count;
}

/** Comments without their marks. */
function words(text: string): string {
  return comments(text)
    .map((comment) =>
      comment.startsWith('--') ? comment.replace(/^-+/, '') : comment.slice(2, -2).replace(/^\s*\*+/gm, ''),
    )
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function word(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text.toUpperCase() : '';
}
