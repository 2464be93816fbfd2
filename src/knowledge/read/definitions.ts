import type { Token, Tokens } from 'marked';
import { parseNotes } from '../../config/notes.ts';
import type { Definition } from '../document.ts';

/** What stands under a heading, as the blocks of a Markdown text. */
export interface Section {
  readonly headings: readonly string[];
  readonly blocks: readonly Token[];
}

/** A meaning that is longer than this is prose, and stands in its piece. */
const longestMeaning = 300;

/** A heading with more words than this names no term. */
const mostWords = 5;

/**
 * What the sections of a text say that words mean, as far as it stands in a form that notes have: an item of a list or a
 * line of its own (`loyal means a customer with the newsletter`), a row of a glossary's table, or one block alone under
 * a heading.
 */
export function definitionsIn(sections: readonly Section[]): readonly Definition[] {
  return sections.flatMap(({ headings, blocks }) => {
    const inside = blocks.flatMap(inBlock);
    // A body that says its heading's term again is one definition.
    const above = underHeading(headings, blocks).filter(
      ({ term }) => !inside.some((pair) => pair.term.toLowerCase() === term.toLowerCase()),
    );
    return [...inside, ...above]
      .filter(({ term, meaning }) => term !== '' && meaning !== '' && meaning.length <= longestMeaning)
      .map(({ term, meaning }) => ({ term, meaning, expression: meaning, isMetric: false, headings }));
  });
}

interface Pair {
  readonly term: string;
  readonly meaning: string;
}

function inBlock(token: Token): readonly Pair[] {
  if (isList(token)) {
    return token.items.flatMap(({ text }) => asNotes(text));
  }
  if (isTable(token)) {
    return inTable(token);
  }
  return token.type === 'paragraph' && !token.raw.trim().includes('\n') ? asNotes(token.raw) : [];
}

function asNotes(text: string): readonly Pair[] {
  const [line = ''] = text.trim().split('\n');
  return parseNotes(`- ${line}`).filter(({ term }) => term !== '');
}

const ofTerm = /^(?:term|word|name|metric|measure|kpi|concept|begriff|término)s?$/iu;
const ofMeaning =
  /^(?:definition|meaning|description|formula|expression|calculation|sql|bedeutung|definición)s?$/iu;

function inTable({ header, rows }: Tokens.Table): readonly Pair[] {
  const term = header.findIndex(({ text }) => ofTerm.test(text.trim()));
  const meaning = header.findIndex(({ text }) => ofMeaning.test(text.trim()));
  if (term === -1 || meaning === -1) {
    return [];
  }
  return rows.map((row) => ({ term: bare(row[term]?.text), meaning: bare(row[meaning]?.text) }));
}

/** A term that is a heading, and its meaning the one block under it. */
function underHeading(headings: readonly string[], blocks: readonly Token[]): readonly Pair[] {
  const term = headings.at(-1) ?? '';
  const [only, ...others] = blocks;
  if (only === undefined || others.length > 0 || term.split(/\s+/u).length > mostWords) {
    return [];
  }
  if (only.type === 'code') {
    return [{ term, meaning: withoutTerm(bare(only['text']), term) }];
  }
  return only.type === 'paragraph' ? [{ term, meaning: withoutTerm(bare(only.raw), term) }] : [];
}

/** `revenue = a * b` under the heading `Revenue` means `a * b`. */
function withoutTerm(text: string, term: string): string {
  const rest = text.toLowerCase().startsWith(term.toLowerCase()) ? text.slice(term.length) : '';
  const meaning = /^\s*[:=]\s*(.+)$/u.exec(rest)?.[1];
  return meaning ?? text;
}

/** Without marks of code and emphasis that stand around the whole, and without the point at the end. */
function bare(text: unknown): string {
  return String(text ?? '')
    .trim()
    .replace(/^(`+|\*\*)([\s\S]*)\1$/u, '$2')
    .replace(/\.$/u, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

function isList(token: Token): token is Tokens.List {
  return token.type === 'list';
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === 'table';
}
