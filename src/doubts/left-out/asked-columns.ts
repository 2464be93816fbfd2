import type { Table } from '../../schema/schema.ts';
import { fold } from '../values/nearest-value.ts';
import type { Mentions } from './mentions.ts';
import { withoutQuotes } from './wording.ts';

/** How a question begins that names what it wants to see, up to what that is of. */
const opening =
  /^\W*(?:please |can you |could you )*(?:what(?: is| are| was| were|'s)|show(?: me)?|list|find|give(?: me)?|return|display|tell me|get|report|provide)(?: me)?(?: out)? (?<asked>.*?)(?=\b(?:of|for|from|in|who|that|with|whose|where|having|by|at|on|which|when|as|along|sorted|ordered|how|what|to|used|offered)\b|[?.;(]|$)/iu;
/** What stands between the names. */
const between = /\s*,\s*(?:and\s+)?|\s+(?:and|or|as well as|plus)\s+/iu;
/** What stands before a name. */
const before =
  /^(?:(?:the|all|distinct|different|unique|their|its|each|every|corresponding|respective|both|also|a|an|his|her|or|out|me|full|complete|list|names?) )+/iu;
const shortest = 4;
/** What a column may be asked for by that is called otherwise: the name of a city is in `city`. */
/** What a column of codes or labels has at its end. */
const coded = / (?:code|label|text)$/u;
const vague = new Set(['name', 'average', 'maximum', 'minimum', 'total', 'number', 'count']);

/**
 * The columns that a question wants to see by their whole names and that its SQL does not read, though it reads their table. Of
 * no name that it reads is any word the same.
 */
export function lostColumns(question: string, mentions: Mentions, read: readonly Table[]): readonly string[] {
  // Of several sentences, each may ask for something.
  const asked = withoutQuotes(question)
    .split(/(?<=[.?!]) (?=\p{Lu})/u)
    .flatMap((sentence) => opening.exec(sentence)?.groups?.['asked']?.split(between) ?? []);
  const names = [...mentions.names, ...mentions.aliases, ...mentions.texts];
  const known = new Set(
    names.flatMap((name) => [stemmed(name).replaceAll(' ', ''), ...stemmed(name).split(' ')]),
  );
  const tables = new Set(read.map(({ name }) => stemmed(name)));
  const columns = new Map(
    read.flatMap((table) =>
      table.columns.flatMap(({ name }) => [
        [stemmed(name).replace(coded, ''), name] as const,
        [stemmed(name), name] as const,
      ]),
    ),
  );
  return asked.flatMap((part) => {
    const said = stemmed(part.trim().replace(before, ''));
    const column = columns.get(said);
    const isKnown = known.has(said.replaceAll(' ', '')) || said.split(' ').some((word) => known.has(word));
    return column === undefined || said.length < shortest || vague.has(said) || isKnown || tables.has(said)
      ? []
      : [column];
  });
}

/** A name or words as words without what makes them plurals: `orderItems` and `order_items` as `order item`. */
export function stemmed(text: string): string {
  return fold(text.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .split(/[ _]+/u)
    .filter((word) => word !== '')
    .map((word) =>
      word
        .replace(/(?<=\p{L}{3})ies$/u, 'y')
        .replace(/(?<=\p{L}{2}(?:[sxz]|ch|sh))es$|(?<=\p{L}{3})(?<!s)s$/u, ''),
    )
    .join(' ');
}
