import { lemmaOf } from '../language/lemma.ts';
import { stopWords } from '../language/lexicon.ts';
import { predicates } from '../language/related.ts';
import { type Relatedness, similarity } from '../language/similarity.ts';
import type { Token } from '../language/tokenize.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { splitIdentifier } from '../schema-index/split.ts';
import { type Correction, makeCorrection } from './correct.ts';
import type { NameMention } from './mention.ts';
import { mentionsOf } from './window.ts';

/** An index of a schema index's words, made once, that finds names in questions. */
export interface Linker {
  /** Mends misspelt words. */
  readonly correct: Correction;
  /** A word that the schema has as part of a name, cut as that name was: `countryname`. */
  cut(token: Token): readonly Token[];
  /** The names that share the most meaning or letters with a word, best first, a few at most. */
  nearest(word: string): readonly Pick<NameMention, 'kind' | 'id'>[];
  find(tokens: readonly Token[]): { columns: NameMention[]; tables: NameMention[] };
}

/** A name that is less like a word than this is no help to whoever typed it. */
const nearEnough = 0.65;

export function makeLinker(
  schemaIndex: SchemaIndex,
  related: Relatedness,
  isWord: (word: string) => boolean = () => true,
): Linker {
  const vocabulary = new Map<string, { columns: Set<number>; tables: Set<number> }>();
  const entry = (word: string): { columns: Set<number>; tables: Set<number> } => {
    let found = vocabulary.get(word);
    if (found === undefined) {
      found = { columns: new Set(), tables: new Set() };
      vocabulary.set(word, found);
    }
    return found;
  };
  for (const column of schemaIndex.columns) {
    for (const word of [...column.words, ...column.commentWords.filter((w) => !stopWords.has(w))]) {
      entry(word).columns.add(column.id);
    }
  }
  for (const table of schemaIndex.tables) {
    for (const word of table.words) {
      entry(word).tables.add(table.id);
    }
  }
  const words = [...vocabulary.keys()];
  const cache = new Map<string, ReadonlyMap<string, number>>();

  const matchesOf = (token: Token): ReadonlyMap<string, number> => {
    const key = token.lemma;
    const known = cache.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = new Map<string, number>();
    if (token.kind === 'word' && !stopWords.has(token.lower) && !stopWords.has(token.lemma)) {
      for (const word of words) {
        const score = Math.max(similarity(token.lemma, word, related), token.lower === word ? 1 : 0);
        if (score >= 0.45) {
          found.set(word, score);
        }
      }
    } else if (token.kind === 'word' || token.kind === 'number') {
      if (vocabulary.has(token.lower)) {
        found.set(token.lower, 1);
      }
    }
    if (cache.size > 5000) {
      cache.clear();
    }
    cache.set(key, found);
    return found;
  };

  const compounds = compoundsOf(schemaIndex, isWord);

  return {
    correct: makeCorrection(words, isWord),
    cut(token) {
      const parts = token.kind === 'word' ? compounds.get(token.lower) : undefined;
      return (
        parts?.map((lower) => ({ ...token, lower, lemma: lemmaOf(lower), text: lower, number: null })) ?? [
          token,
        ]
      );
    },
    nearest(word) {
      const lemma = lemmaOf(word.toLowerCase());
      return words
        .map((name) => ({ name, score: similarity(lemma, name, related) }))
        .filter(({ score }) => score >= nearEnough && !predicates.has(lemma))
        .sort((a, b) => b.score - a.score)
        .slice(0, 2)
        .flatMap(({ name }) => {
          const { columns = new Set<number>(), tables = new Set<number>() } = vocabulary.get(name) ?? {};
          return [
            ...[...tables].map((id) => ({ kind: 'table' as const, id })),
            ...[...columns].map((id) => ({ kind: 'column' as const, id })),
          ].slice(0, 2);
        });
    },
    find(tokens) {
      const matches = tokens.map(matchesOf);
      const columns = new Map<number, number[]>();
      const tables = new Map<number, number[]>();
      matches.forEach((found, index) => {
        if (tokens[index] !== undefined && stopWords.has(tokens[index].lower)) {
          return;
        }
        for (const word of found.keys()) {
          const ids = vocabulary.get(word);
          for (const id of ids?.columns ?? []) {
            push(columns, id, index);
          }
          for (const id of ids?.tables ?? []) {
            push(tables, id, index);
          }
        }
      });
      const columnMentions = [...columns].flatMap(([id, anchors]) => {
        const column = schemaIndex.columns[id];
        return column === undefined
          ? []
          : mentionsOf('column', id, column.ownWords, column.words, anchors, matches, tokens);
      });
      const tableMentions = [...tables].flatMap(([id, anchors]) => {
        const table = schemaIndex.tables[id];
        return table === undefined
          ? []
          : mentionsOf('table', id, table.words, table.words, anchors, matches, tokens);
      });
      const all = [...columnMentions, ...tableMentions];
      return {
        columns: columnMentions.filter((mention) => !isOutdone(mention, all)),
        tables: tableMentions.filter((mention) => !isOutdone(mention, all)),
      };
    },
  };
}

/** Whether a mention rests on words that are merely related where another names the same words outright. */
function isOutdone(mention: NameMention, all: readonly NameMention[]): boolean {
  if (mention.weakest >= 0.85) {
    return false;
  }
  return all.some(
    (other) =>
      other.start < mention.end &&
      mention.start < other.end &&
      ((other.weakest >= 0.85 && other.score >= 0.7) || other.score > mention.score + 0.25),
  );
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else if (list[list.length - 1] !== value) {
    list.push(value);
  }
}

/** The parts of names that were cut into words, with those words. */
function compoundsOf(
  { columns, tables }: SchemaIndex,
  isWord: (word: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const parts = [...columns, ...tables].flatMap(({ name }) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return new Map(
    [...new Set(parts)].flatMap((part) => {
      const cut = part.length < 6 ? [] : splitIdentifier(part, isWord);
      return cut.length > 1 && cut.join('').length >= part.length - 2 ? [[part, cut] as const] : [];
    }),
  );
}
