import { type Cue, type CueMention, findCues } from '../language/lexicon.ts';
import { type Token, tokenize } from '../language/tokenize.ts';
import type { Linker } from '../link/link.ts';
import type { NameMention } from '../link/mention.ts';
import { findValues, type ValueMention } from '../link/stored.ts';
import { fold, type ValueLookup } from '../link/values.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';

/** All that is known of a question before a query is built. */
export interface Analysis {
  readonly question: string;
  /** What `last year` counts from. */
  readonly now: Date;
  readonly schemaIndex: SchemaIndex;
  readonly lookup: ValueLookup;
  readonly tokens: readonly Token[];
  readonly cues: readonly CueMention[];
  readonly columns: readonly NameMention[];
  readonly tables: readonly NameMention[];
  readonly values: readonly ValueMention[];
  /** Class of each token, a number of `tokenClasses` or above it: what stands around a mention, without its words. */
  readonly classes: readonly number[];
  /** Where the clause that a token stands in begins: the last `whose`, `with`, `that`, `for each`, `ordered`… */
  readonly regions: readonly number[];
}

/** Function words that shape a question; each is a class of its own. */
const functionWords =
  'a the of in on at to for from by with and or is are was were do does did have has had what which who whom whose that how many much show list find give return each every per all any most least more less than number average total maximum minimum distinct different order sorted ordered ascending descending not no without where when also both between above below over under before after same name names id ids there their its as top highest lowest largest smallest oldest youngest first last common at count least sum great low high than having whose but only either neither if whether please together respective corresponding'.split(
    ' ',
  );

const classOfWord = new Map(functionWords.map((word, index) => [word, index + 10]));

/** Classes below 10 are kinds of token or mention. */
export const tokenClasses = {
  none: 0,
  other: 1,
  comma: 2,
  mark: 3,
  number: 4,
  quoted: 5,
  value: 6,
  table: 7,
  column: 8,
  date: 9,
} as const;

const boundaries = new Set(
  'whose with that which who where when having if order ordered sorted sort in from by per each for and but or without than not over above between after before'.split(
    ' ',
  ),
);

export function analyse(
  question: string,
  schemaIndex: SchemaIndex,
  linker: Linker,
  lookup: ValueLookup,
  now: Date = new Date(),
  said: readonly Token[] = tokenize(question),
): Analysis {
  const written = said
    .flatMap((token) => opened(question, token, lookup))
    .flatMap((token) => {
      const isStored = lookup.exact(fold(token.text)).length > 0;
      const parts = isStored ? [token] : linker.cut(token);
      return isStored || parts.length > 1 ? parts : [linker.correct(token)];
    });
  const { columns: found, tables } = linker.find(written);
  const columns = withoutMeasuring(schemaIndex, found, findCues(written.map((token) => token.lower))).filter(
    (mention) => !endsIdiom(written, mention),
  );
  const inName = written.map((token, index) => ordinals.has(token.lower) && isPartOfName(columns, index));
  const tokens = written.map((token, index) => (inName[index] === true ? { ...token, number: null } : token));
  const cues = findCues(tokens.map((token) => token.lower)).filter(
    (cue) => inName[cue.start] !== true || cue.end > cue.start + 1,
  );
  const values = findValues(question, tokens, schemaIndex, lookup);
  const inside = (list: readonly { start: number; end: number }[], index: number): boolean =>
    list.some((mention) => mention.start <= index && index < mention.end);
  const strongColumns = columns.filter((mention) => mention.score >= 0.8);
  const strongTables = tables.filter((mention) => mention.score >= 0.8);
  const strongValues = values.filter((mention) => mention.match === 'exact');
  const classes = tokens.map((token, index) => {
    if (token.lower === ',') {
      return tokenClasses.comma;
    }
    if (token.kind === 'mark') {
      return tokenClasses.mark;
    }
    if (token.kind === 'quoted') {
      return tokenClasses.quoted;
    }
    if (token.kind === 'date') {
      return tokenClasses.date;
    }
    const word = classOfWord.get(token.lower);
    if (word !== undefined) {
      return word;
    }
    if (token.number !== null) {
      return tokenClasses.number;
    }
    if (inside(strongValues, index)) {
      return tokenClasses.value;
    }
    if (inside(strongTables, index)) {
      return tokenClasses.table;
    }
    if (inside(strongColumns, index)) {
      return tokenClasses.column;
    }
    return tokenClasses.other;
  });
  const regions: number[] = [];
  let region = 0;
  tokens.forEach((token, index) => {
    if (index > 0 && boundaries.has(token.lower)) {
      region = index;
    }
    regions.push(region);
  });
  return { question, now, schemaIndex, lookup, tokens, cues, columns, tables, values, classes, regions };
}

/** Cues whose words say how much of what was named before them, and of what is named after them. */
const comparing: ReadonlySet<Cue> = new Set<Cue>(['gt', 'lt', 'ge', 'le']);
const superlative: ReadonlySet<Cue> = new Set<Cue>(['adjmax', 'adjmin', 'most', 'least']);

/**
 * Column mentions without those of words that only measure what is named beside them: `higher` in `whose weight is higher
 * than 85` is no height, `cheapest` in `cheapest base price` no other price.
 */
function withoutMeasuring(
  schemaIndex: SchemaIndex,
  columns: readonly NameMention[],
  cues: readonly CueMention[],
): NameMention[] {
  const named = columns.filter(({ id, score }) => {
    const kind = schemaIndex.columns[id]?.class;
    return score >= 0.95 && (kind === 'number' || kind === 'date');
  });
  return columns.filter((mention) => {
    if (mention.weakest >= 0.95) {
      return true;
    }
    const around = cues.filter(({ start, end }) => start <= mention.start && mention.end <= end);
    const compared = around.some(({ cue }) => comparing.has(cue));
    return !named.some(
      ({ id, start, end }) =>
        id !== mention.id &&
        ((compared && end <= mention.start && mention.start - end <= 2) ||
          around.some((cue) => superlative.has(cue.cue) && start === cue.end)),
    );
  });
}

/** Whether a mention rests on the address of `email address` alone: no place is meant. */
function endsIdiom(tokens: readonly Token[], { start, end }: NameMention): boolean {
  return (
    end === start + 1 &&
    tokens[start]?.lemma === 'address' &&
    /^(?:e-?mail|mail|web|ip)$/.test(tokens[start - 1]?.lower ?? '')
  );
}

/** Words that count or compare, unless a name has them: `last name`. */
const ordinals = new Set('first last second third one two'.split(' '));

/** Whether a token is one of several that name a column outright. */
function isPartOfName(columns: readonly NameMention[], index: number): boolean {
  return columns.some(
    (mention) =>
      mention.start <= index &&
      index < mention.end &&
      mention.end - mention.start > 1 &&
      mention.score >= 0.8,
  );
}

/**
 * A quoted text that is no stored value though each of its words is, such as a person's first and last name, as those
 * words; any other token as it is.
 */
function opened(question: string, token: Token, lookup: ValueLookup): Token[] {
  if (token.kind !== 'quoted' || !token.text.includes(' ') || lookup.exact(fold(token.text)).length > 0) {
    return [token];
  }
  const from = question.indexOf(token.text, token.start);
  const words = tokenize(token.text);
  if (from < 0 || words.length > 3 || !words.every((word) => lookup.exact(fold(word.text)).length > 0)) {
    return [token];
  }
  return words.map((word) => ({ ...word, start: word.start + from, end: word.end + from }));
}

/** The nearest cue of a kind that ends at or before `start`, as a distance in tokens; `far` where there is none. */
export function distanceBefore(analysis: Analysis, cue: Cue, start: number): number {
  let best = far;
  for (const mention of analysis.cues) {
    if (mention.cue === cue && mention.end <= start) {
      best = Math.min(best, start - mention.end);
    }
  }
  return best;
}

/** The nearest cue of a kind that begins at or after `end`. */
export function distanceAfter(analysis: Analysis, cue: Cue, end: number): number {
  let best = far;
  for (const mention of analysis.cues) {
    if (mention.cue === cue && mention.start >= end) {
      best = Math.min(best, mention.start - end);
    }
  }
  return best;
}

export const far = 12;

/** The word before a position and so on. */
export function lowerAt(analysis: Analysis, index: number): string {
  return analysis.tokens[index]?.lower ?? '';
}

export function hasCue(analysis: Analysis, cue: Cue): boolean {
  return analysis.cues.some((mention) => mention.cue === cue);
}
