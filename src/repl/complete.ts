import type { SqlDialect } from '../database/dialect.ts';
import { dialectOf } from '../database/engines.ts';
import type { ValueIndex } from '../model/model.ts';
import { escapeLine } from '../render/escape.ts';
import { formats } from '../render/format.ts';
import { writeIdentifier } from '../schema/identifier.ts';
import type { Schema } from '../schema/schema.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { startsAsSql } from './input.ts';

/** What a database offers to completion, once it has been read. */
export interface Vocabulary {
  readonly tables: readonly string[];
  /** Tables and columns. */
  readonly names: readonly string[];
  /** Stored values, sorted without regard to case. */
  readonly values: readonly string[];
  /** How SQL of the database's engine is written; null where no schema has been read. */
  readonly dialect: SqlDialect | null;
}

export const noVocabulary: Vocabulary = { tables: [], names: [], values: [], dialect: null };

/** What the end of a line may become, and how much of the line's end that replaces. */
export type Completion = readonly [readonly string[], string];

/** A name or a value, and how it is written where it stands. */
type Written = readonly [text: string, as: string];

/** A value longer than this is text that nobody completes. */
const longestValue = 60;
/** So many answers are shown; with more the user types on. */
const mostAnswers = 100;

export function vocabularyOf(schema: Schema, index: ValueIndex | null): Vocabulary {
  const tables = schema.tables.map(({ name }) => name).filter(isSeen);
  const columns = schema.tables.flatMap((table) => table.columns.map(({ name }) => name)).filter(isSeen);
  const values = new Set<string>();
  for (const table of schema.tables) {
    for (const column of table.columns) {
      for (const value of column.values ?? index?.valuesOf(table.schema, table.name, column.name) ?? []) {
        if (value.length <= longestValue && /\p{L}/u.test(value) && isSeen(value)) {
          values.add(value);
        }
      }
    }
  }
  return {
    tables,
    names: sorted([...tables, ...columns]),
    values: sorted([...values]),
    dialect: dialectOf(schema.dialect.engine),
  };
}

/** Whether a terminal shows all of a text and obeys none of it; readline prints what it completes as it is. */
function isSeen(text: string): boolean {
  return escapeLine(text) === text;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

/** The command of a line whose argument is being typed, with what is typed of it; null elsewhere. */
export function argumentAt(
  line: string,
): { readonly completes: Command['completes']; readonly typed: string } | null {
  const [, name = '', typed = ''] = /^\s*\.([a-z]+)\s+(\S*)$/iu.exec(line) ?? [];
  const command = commands.find((each) => each.name === name.toLowerCase());
  return command === undefined ? null : { completes: command.completes, typed };
}

/** What the end of a line may become; `before` are the lines before it, of the same text. */
export function complete(line: string, vocabulary: Vocabulary, before = ''): Completion {
  const command = /^\s*(\.[a-z]*)$/iu.exec(line)?.[1];
  if (command !== undefined) {
    return matching(command, commands.map(({ name }) => `.${name}`).toSorted());
  }
  const argument = argumentAt(line);
  if (argument?.completes === 'formats') {
    return matching(argument.typed, formats);
  }
  if (argument?.completes === 'tables') {
    return matching(argument.typed, vocabulary.tables);
  }
  const text = `${before}\n${line}`;
  return vocabulary.dialect !== null && startsAsSql(text.trim())
    ? statement(line, text, vocabulary, vocabulary.dialect)
    : phrase(line, vocabulary);
}

/** Words that begin with what was typed. */
export function matching(typed: string, words: readonly string[]): Completion {
  return [written(typed, asTheyAre(words)), typed];
}

/** Names and values as SQL has them: in quotes where they need some, or in those that are open and stay so. */
function statement(line: string, text: string, vocabulary: Vocabulary, dialect: SqlDialect): Completion {
  const { names, values } = vocabulary;
  const literals = values.map((value): Written => [value, dialect.writeText(value)]);
  const open = openQuote(text);
  if (open === null) {
    return byLastWords(line, [
      ...names.map((name): Written => [name, writeIdentifier(dialect, name)]),
      ...literals,
    ]);
  }
  const { quote, typed } = open;
  const at = line.lastIndexOf(quote + typed);
  // What the user has opened, the user closes.
  const inQuotes = (name: string): Written => [name, quote + name.replaceAll(quote, quote + quote)];
  const texts =
    quote === "'" ? literals.map(([text, as]): Written => [text, as.slice(0, -1)]) : names.map(inQuotes);
  return at < 0 ? [[], line] : [written(typed.replaceAll(quote + quote, quote), texts), line.slice(at)];
}

/** The quote that is open at the end of SQL, and what was typed since; null where none is. */
function openQuote(text: string): { readonly quote: string; readonly typed: string } | null {
  const whole =
    /'(?:[^']|'')*'(?!')|"(?:[^"]|"")*"(?!")|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|(['"`])([\s\S]*)$/gu;
  for (const [, quote, typed = ''] of text.matchAll(whole)) {
    if (quote !== undefined) {
      return { quote, typed };
    }
  }
  return null;
}

/** Names and values as a question has them: as they are, or in quotes where one is open. */
function phrase(line: string, { names, values }: Vocabulary): Completion {
  // An apostrophe inside a word opens nothing.
  const [quoted, quote = '', typed = ''] = /(?<![\p{L}\p{N}])(['"])([^'"]*)$/u.exec(line) ?? [];
  if (quoted !== undefined) {
    const other = quote === '"' ? "'" : '"';
    const marked = values.map((value): Written => {
      const mark = value.includes(quote) ? other : quote;
      return [value, mark + value];
    });
    return [written(typed, marked), quoted];
  }
  return byLastWords(line, asTheyAre([...names, ...values]));
}

/** What the last words of a line may become, up to four of them, the most words first: a name may have several. */
function byLastWords(line: string, texts: readonly Written[]): Completion {
  const words = [...line.matchAll(/[^\s'"`(),.=<>]+/gu)];
  for (const { index } of words.slice(-4)) {
    const end = line.slice(index);
    const found = written(end, texts);
    if (found.length > 0) {
      return [found, end];
    }
  }
  return [[], line];
}

/** How those texts are written that begin with what was typed. */
function written(typed: string, texts: readonly Written[]): readonly string[] {
  if (typed.trim() === '') {
    return [];
  }
  const wanted = typed.toLowerCase();
  const found = texts.filter(([text]) => text.toLowerCase().startsWith(wanted)).map(([, as]) => as);
  return [...new Set(found)].slice(0, mostAnswers);
}

function asTheyAre(texts: readonly string[]): readonly Written[] {
  return texts.map((text) => [text, text]);
}
