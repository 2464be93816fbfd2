import type { Literal } from '../../schema/literals.ts';
import type { Token } from '../language/tokenize.ts';
import type { Prepared } from '../parse.ts';
import { keysOf } from './content.ts';
import { foldSpan, isYear, type Shape, type Slot } from './shape.ts';

/** An example's SQL with other values in it, and what became of which words. */
export interface Filled {
  readonly sql: string;
  readonly changes: readonly string[];
}

/** A value has no more words than this. */
const mostWords = 8;

/** A slot and the tokens of the new question that stand there. */
interface Fill {
  readonly slot: Slot;
  readonly start: number;
  readonly end: number;
}

/**
 * The SQL of a question that is an example's but for values. A text must be stored in the column that it is compared with,
 * a number must be one. Null where the questions differ in more, or in a way that can be read twice.
 */
export function fillShape(shape: Shape, tokens: readonly Token[], prepared: Prepared): Filled | null {
  const made = new Map<string, Filled>();
  for (const fills of alignments(shape, tokens)) {
    const filled = write(shape, fills, tokens, prepared);
    if (filled !== null) {
      made.set(filled.sql, filled);
    }
  }
  const [only, ...others] = made.values();
  return others.length > 0 ? null : (only ?? null);
}

/** Every way to lay the example's question over the new one, its slots over any words and all else over its like. */
function alignments(shape: Shape, tokens: readonly Token[]): readonly (readonly Fill[])[] {
  const example = keysOf(shape.tokens);
  const keys = keysOf(tokens);
  const from = (at: number, next: number): (readonly Fill[])[] => {
    if (at === example.length) {
      return next === keys.length ? [[]] : [];
    }
    const slot = shape.slots.find(({ start }) => start === at);
    if (slot === undefined) {
      return example[at] === keys[next] ? from(at + 1, next + 1) : [];
    }
    const longest = slot.kind === 'text' || slot.kind === 'pattern' ? mostWords : 1;
    const found: (readonly Fill[])[] = [];
    for (let end = next + 1; end <= Math.min(keys.length, next + longest); end += 1) {
      for (const rest of from(slot.end, end)) {
        found.push([{ slot, start: next, end }, ...rest]);
      }
    }
    return found;
  };
  return from(0, 0);
}

function write(
  shape: Shape,
  fills: readonly Fill[],
  tokens: readonly Token[],
  prepared: Prepared,
): Filled | null {
  const edits: { readonly literal: Literal; readonly text: string }[] = [];
  const changes: string[] = [];
  for (const { slot, start, end } of fills) {
    if (foldSpan(tokens, start, end) === foldSpan(shape.tokens, slot.start, slot.end)) {
      continue;
    }
    for (const literal of slot.literals) {
      const text = valueFor(shape, slot, literal, tokens.slice(start, end), prepared);
      if (text === null) {
        return null;
      }
      edits.push({ literal, text });
      changes.push(`${shape.sql.slice(literal.start, literal.end)} → ${text}`);
    }
  }
  const sql = edits
    .sort((a, b) => b.literal.start - a.literal.start)
    .reduce(
      (text, { literal, text: value }) => text.slice(0, literal.start) + value + text.slice(literal.end),
      shape.sql,
    );
  return { sql, changes };
}

/** What stands in a literal's place, as SQL; null where the words give no such value. */
function valueFor(
  shape: Shape,
  slot: Slot,
  literal: Literal,
  tokens: readonly Token[],
  prepared: Prepared,
): string | null {
  const [token] = tokens;
  if (token === undefined) {
    return null;
  }
  const number = token.number;
  switch (slot.kind) {
    case 'count':
      return number !== null && Number.isInteger(number) && number > 0 ? String(number) : null;
    case 'number':
      if (number === null) {
        return null;
      }
      return literal.kind === 'number' ? String(number) : shape.dialect.writeText(String(number));
    case 'year': {
      const before = shape.tokens[slot.start]?.number ?? null;
      // February's end is another day in another year.
      if (!isYear(before) || !isYear(number) || /^\d{4}-02-2[89]/u.test(literal.value)) {
        return null;
      }
      const year = Number(literal.value.slice(0, 4)) + number - before;
      return shape.dialect.writeText(`${year}${literal.value.slice(4)}`);
    }
    case 'pattern': {
      const text = tokens.map((word) => word.text).join(' ');
      if (/[%_\\]/u.test(text)) {
        return null;
      }
      const [, open = '', close = ''] = /^(%?)[\s\S]*?(%?)$/u.exec(literal.value) ?? [];
      return shape.dialect.writeText(open + text + close);
    }
    case 'text': {
      const stored = storedValue(shape, literal, foldSpan(tokens, 0, tokens.length), prepared);
      return stored === null ? null : shape.dialect.writeText(stored);
    }
  }
}

/** The one spelling of a value in the column that a literal is compared with. */
function storedValue(
  { names }: Shape,
  { column }: Literal,
  folded: string,
  { schemaIndex, lookup }: Prepared,
): string | null {
  const texts = new Set(
    lookup.exact(folded).flatMap((value) => {
      const own = schemaIndex.columns[value.column];
      const table = schemaIndex.tables[own?.table ?? -1];
      const fits =
        own?.name.toLowerCase() === column?.name.toLowerCase() && names.has(table?.name.toLowerCase() ?? '');
      return fits ? [value.text] : [];
    }),
  );
  const [only, ...others] = texts;
  return others.length > 0 ? null : (only ?? null);
}
