import type { Analysis } from '../analysis/analysis.ts';
import { stemOf } from '../language/lemma.ts';
import type { Token } from '../language/tokenize.ts';
import { labelsOf } from '../plain/names.ts';
import type { SelectQuery } from '../query/tree.ts';
import { splitIdentifier } from '../schema-index/split.ts';
import { asksWhether } from './small-words.ts';

/** Whether a word is a name's, or made of it: `measurement` of `measure`, `max` of `maximum`. */
export const isOneOf = (names: ReadonlySet<string>, { lower, lemma }: Token): boolean =>
  names.has(stemOf(lemma)) ||
  names.has(stemOf(lower)) ||
  [...names].some((name) => isCutOf(name, lemma)) ||
  (lemma.length >= 7 &&
    [...names].some((name) => name.length > lemma.length + 2 && name.endsWith(stemOf(lemma)))) ||
  names.has(stemOf(lemma).replace(/e$/u, '')) ||
  splitIdentifier(lower).some((word) => word !== lemma && names.has(stemOf(word)));

/** Whether a name is a word cut short, `prereq` of `prerequisite`, or a word that another is made of, `member` of `membership`. */
const isCutOf = (name: string, word: string): boolean =>
  name.length >= 5 &&
  word.length >= name.length + 3 &&
  word.startsWith(name) &&
  !/(?:ed|ing|able|less|free|y)$/u.test(word);

/** The words of the columns that a query uses and of its tables, and of those that each of its rows belongs to. */
export function namesOf(
  analysis: Analysis,
  used: ReadonlySet<number>,
  tables: ReadonlySet<number>,
): ReadonlySet<string> {
  const { schemaIndex, tokens, tables: mentions } = analysis;
  const names = new Set<string>();
  const add = (words: readonly string[] | undefined): void => {
    for (const word of words ?? []) {
      names.add(stemOf(word));
    }
  };
  for (const id of used) {
    add(schemaIndex.columns[id]?.words);
  }
  for (const id of tables) {
    const table = schemaIndex.tables[id];
    add(table?.words);
    // Rows that are told apart by a number of players, or by their names, are players, whatever their table is called.
    for (const key of table?.primaryKey ?? []) {
      add(schemaIndex.columns[key]?.words);
    }
    for (const label of table === undefined ? [] : labelsOf(analysis, table)) {
      add(schemaIndex.columns[label]?.words);
    }
  }
  for (const { from, to, left } of schemaIndex.links) {
    if (!tables.has(from) || tables.has(to)) {
      continue;
    }
    const surely = left.every((id) => {
      const column = schemaIndex.columns[id];
      return column?.primary === true || column?.column.nullable === false;
    });
    const asked = mentions.some(
      ({ id, start }) => id === to && asksWhether.has(tokens[start - 1]?.lower ?? ''),
    );
    if (surely || !asked) {
      add(schemaIndex.tables[to]?.words);
    }
  }
  return names;
}

/**
 * What the keys by which a query joins make of a row, `advisor` of the faculty that students refer to; not a word that a
 * table or another key of it goes by, which tells no role from another.
 */
export function rolesOf({ schemaIndex }: Analysis, { joins }: SelectQuery): ReadonlySet<string> {
  const { columns, links, tables } = schemaIndex;
  const joined = new Set(joins.flatMap(({ on }) => on.flat()));
  const keys = links.filter(({ left }) => left.some((id) => joined.has(id)));
  return new Set(
    keys.flatMap(({ from, to, left }) => {
      const others = links
        .filter(
          (other) => other.from === from && other.to === to && !other.left.some((id) => left.includes(id)),
        )
        .flatMap((other) => other.left.flatMap((id) => columns[id]?.words ?? []));
      return left
        .flatMap((id) => columns[id]?.words ?? [])
        .filter((word) => !others.includes(word) && !tables.some(({ words }) => words.includes(word)));
    }),
  );
}
