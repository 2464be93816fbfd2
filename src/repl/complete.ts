import type { ValueIndex } from '../model/model.ts';
import { escapeLine } from '../render/escape.ts';
import { formats } from '../render/format.ts';
import type { Schema } from '../schema/schema.ts';
import { commands } from './commands.ts';

/** What a database offers to completion, once it has been read. */
export interface Vocabulary {
  readonly tables: readonly string[];
  /** Tables and columns. */
  readonly names: readonly string[];
  /** Stored values, sorted without regard to case. */
  readonly values: readonly string[];
}

export const noVocabulary: Vocabulary = { tables: [], names: [], values: [] };

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
  return { tables, names: sorted([...tables, ...columns]), values: sorted([...values]) };
}

/** Whether a terminal shows all of a text and obeys none of it; readline prints what it completes as it is. */
function isSeen(text: string): boolean {
  return escapeLine(text) === text;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

/** What the end of a line may become, and how much of the line's end that replaces. */
export function complete(line: string, vocabulary: Vocabulary): readonly [readonly string[], string] {
  const command = /^\s*(\.[a-z]*)$/iu.exec(line)?.[1];
  if (command !== undefined) {
    return matching(command, commands.map(({ name }) => `.${name}`).toSorted());
  }
  const argument = /^\s*\.([a-z]+)\s+(\S*)$/iu.exec(line);
  const completes = commands.find(({ name }) => name === argument?.[1]?.toLowerCase())?.completes;
  if (argument !== null && completes !== undefined) {
    return matching(argument[2] ?? '', completes === 'formats' ? formats : vocabulary.tables);
  }
  return phrase(line, vocabulary);
}

/** Names by their last word; values by the last words, the longest that fits, because they may be several. */
function phrase(line: string, { names, values }: Vocabulary): readonly [readonly string[], string] {
  const quoted = /(['"])([^'"]*)$/u.exec(line);
  const words = [...line.matchAll(/[^\s'"(,.=]+/gu)];
  for (const start of words.slice(-4).map(({ index }) => index)) {
    const end = line.slice(start);
    const [found] = matching(end, end.includes(' ') || quoted !== null ? values : [...names, ...values]);
    if (found.length > 0) {
      return [found, end];
    }
  }
  return [[], line];
}

function matching(start: string, texts: readonly string[]): readonly [readonly string[], string] {
  if (start.trim() === '') {
    return [[], start];
  }
  const wanted = start.toLowerCase();
  const found = texts.filter((text) => text.toLowerCase().startsWith(wanted));
  return [found.slice(0, mostAnswers), start];
}
