import type { EngineMessages } from '../../database/dialect.ts';
import type { Previous } from '../../model/model.ts';

/** What is told where a text is none of the engine's own. */
const unknownText = 'the database refused the statement, and its words may hold data';
const hidden = '…';
/** No engine's own words are longer; to look for them in more would take its time. */
const longestText = 2_000;

/**
 * A database's error without data, for a model that is to see none. Whoever writes a statement chooses what the engine
 * quotes in its error, and planning computes: a row, a function's source or a setting may stand there, with any quotes
 * in it. So nothing is taken out of the text; it is put together anew, of the engine's fixed words, where it is one of
 * its own `messages`, and of names and literals that the statement itself holds or that the model is told (`names`). `code`
 * is the engine's own.
 */
export function messageForModel(
  text: string,
  code: string | null,
  sql: string,
  messages: EngineMessages,
  names: readonly string[] = [],
): string {
  if (text.length > longestText) {
    return unknownText;
  }
  const tokens = tokensOf(sql);
  // An adapter may have put the code there already.
  const { said, place } = parted(text.replace(/ \(error \d+\)$/, ''), sql, tokens);
  const told =
    code !== null && messages.codes.has(code)
      ? ` (${/^\d{4}$/.test(code) ? 'error' : 'SQLSTATE'} ${code})`
      : '';
  return (fixedWords(said, sql, messages, names, place !== '') ?? unknownText) + place + told;
}

/**
 * A text of the engine without data, see `messageForModel`; null where it is none of the engine's own. `isPlaced` where the
 * engine pointed at a place of the statement with it: then it was reading the statement, and had computed nothing.
 */
export function fixedWords(
  text: string,
  sql: string,
  messages: EngineMessages,
  names: readonly string[] = [],
  isPlaced = false,
): string | null {
  if (text.length > longestText) {
    return null;
  }
  const tokens = new Set([...tokensOf(sql), ...names]);
  for (const template of messages.templates) {
    // What ends a text could have ended in a made-up place.
    const allowed = { tokens, words: messages.words, sql, isPlaced: isPlaced && !template.endsWith('%v') };
    const filled = fill(template, text, allowed);
    if (filled !== null) {
      return filled;
    }
  }
  return null;
}

/** What a statement holds: words as written and in both cases, the insides of what is quoted, operators, numbers. */
function tokensOf(sql: string): ReadonlySet<string> {
  const tokens = new Set<string>();
  const add = (token: string): void => {
    for (const form of [token, token.toLowerCase(), token.toUpperCase()]) {
      tokens.add(form);
    }
  };
  for (const [whole] of sql.matchAll(
    /"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*|\d+(?:\.\d+)?|[-+*/<>=~!@#%^&|?]+|\S/gu,
  )) {
    add(whole);
    const quote = whole[0] ?? '';
    if (whole.length > 1 && `"'\``.includes(quote)) {
      add(whole.slice(1, -1).replaceAll(quote + quote, quote));
    }
  }
  return tokens;
}

interface Allowed {
  readonly tokens: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly sql: string;
  readonly isPlaced: boolean;
}

/** What a placeholder of a template may show of what stands in its place. */
const shown: Readonly<Record<string, (part: string, allowed: Allowed) => boolean>> = {
  /** A name, with dots, or a literal: all of it stands in the statement. */
  s: isNamed,
  /** Types and operators: words of the engine besides. */
  t: (part, { tokens, words }) =>
    (part.match(/"[^"]*"|[^\s,()[\].]+/g) ?? []).every(
      (word) => words.has(word.toLowerCase()) || tokens.has(unquoted(word)),
    ),
  /** A number. */
  d: (part, { tokens }) => tokens.has(part) || /^\d{1,2}$/.test(part),
  /** A part of the statement, as it stands there. */
  q: (part, { sql }) => sql.includes(part),
  /** What may have been computed: which of the statement's own words it is would tell what a row holds. */
  v: (part, allowed) => allowed.isPlaced && isNamed(part, allowed),
};

function isNamed(part: string, { tokens }: Allowed): boolean {
  return tokens.has(part) || part.split('.').every((name) => tokens.has(unquoted(name)));
}

function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1) : name;
}

/** The template with what it may show, where the text is of it; null where it is not. */
function fill(template: string, text: string, allowed: Allowed): string | null {
  const pieces = template.split(/%([a-z])/);
  const pattern = pieces
    .map((piece, index) =>
      index % 2 === 0 ? piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : String.raw`([\s\S]*?)`,
    )
    .join('');
  const found = new RegExp(`^${pattern}$`, 'u').exec(text);
  if (found === null) {
    return null;
  }
  return pieces
    .map((piece, index) => {
      if (index % 2 === 0) {
        return piece;
      }
      const part = found[(index + 1) / 2] ?? '';
      return shown[piece]?.(part, allowed) ? part : hidden;
    })
    .join('');
}

/** The line and the word of the statement that an adapter puts after the engine's text, where both are the statement's. */
function parted(
  text: string,
  sql: string,
  tokens: ReadonlySet<string>,
): { readonly said: string; readonly place: string } {
  const found = /^([\s\S]*) \(line (\d+), at ([\s\S]+)\)$/u.exec(text);
  if (found === null) {
    return { said: text, place: '' };
  }
  const [, said = '', line = '', word = ''] = found;
  const holds =
    sql.split('\n')[Number(line) - 1]?.includes(word) === true &&
    (/^[^\p{L}\p{N}_]$/u.test(word) || word.split('.').every((name) => tokens.has(name)));
  return { said, place: holds ? ` (line ${line}, at ${word})` : '' };
}

/**
 * SQL that an engine wrote which looks values up in the database, without those that the user has not typed: the text
 * of a literal is as the user spells it in `words`, `…` where it is no part of them; dates and numbers stay.
 */
export function withoutStoredValues(sql: string, words: string): string {
  return sql.replace(/'((?:[^']|'')*)'/gu, (literal, text: string) => {
    const value = text.replaceAll("''", "'").replace(/^%|%$/gu, '');
    if (/^[\d\s:.%-]*$/u.test(value)) {
      return literal;
    }
    const at = words.toLowerCase().indexOf(value.toLowerCase());
    const typed = at === -1 ? '…' : words.slice(at, at + value.length);
    return `'${text.startsWith('%') ? '%' : ''}${typed.replaceAll("'", "''")}${text.endsWith('%') ? '%' : ''}'`;
  });
}

/** The answer before, without stored values that the user has not typed, unless rows may be sent. */
export function sendable(previous: Previous | null, question: string, sendRows: boolean): Previous | null {
  if (previous === null || sendRows || previous.holdsStoredValues !== true) {
    return previous;
  }
  const words = `${previous.question}\n${question}`;
  return { ...previous, sql: withoutStoredValues(previous.sql, words) };
}
