import { type Analysis, tokenClasses } from '../analysis/analysis.ts';
import type { FeatureTable } from '../analysis/feature.ts';
import { type Cue, measureCues } from '../language/lexicon.ts';
import { type Form, type FormHead, formHeads } from './form.ts';
import { readNumbers } from './numbers.ts';

/** As `bench/train/forms.py` writes it: a line a phrase, its text, a tab, and a hundredth of its weight by class. */
export interface WordingText {
  readonly classes: Readonly<Record<FormHead, string>>;
  readonly bias: string;
  readonly phrases: string;
}

/** What the wording of questions tells of a query's form: a linear model over phrases, a softmax for each head. */
export interface Wording {
  readonly classes: Readonly<Record<FormHead, readonly string[]>>;
  /** In hundredths, as the weights of a phrase are. */
  readonly bias: Int32Array;
  /** The weights of each phrase, as text until they are needed: a question has few of them. */
  readonly phrases: Map<string, string | Int32Array>;
}

export function readWording(text: WordingText): Wording {
  return {
    classes: Object.fromEntries(formHeads.map((head) => [head, text.classes[head].split('|')])) as Record<
      FormHead,
      string[]
    >,
    bias: readNumbers(text.bias, Int32Array),
    phrases: new Map(
      text.phrases.split('\n').map((line) => {
        const tab = line.indexOf('\t');
        return [line.slice(0, tab), line.slice(tab + 1)];
      }),
    ),
  };
}

/**
 * The phrases of a question, runs of one to four words: names of tables and columns, values and numbers stand as such,
 * so that what is learned of one database holds for another.
 */
export function phrasesOf(analysis: Analysis): ReadonlySet<string> {
  const covered = (
    list: readonly { readonly start: number; readonly end: number; readonly score: number }[],
  ): boolean[] =>
    analysis.tokens.map((_, index) =>
      list.some((mention) => mention.score >= 0.8 && mention.start <= index && index < mention.end),
    );
  const columns = covered(analysis.columns);
  const tables = covered(analysis.tables);
  const counts = { column: 0, table: 0, value: 0, number: 0, and: 0 };
  const words = analysis.tokens.map((token, index) => {
    if (token.number !== null) {
      counts.number++;
      if (token.number === 1) {
        return '1';
      }
      return token.kind === 'number' && token.number > 1500 && token.number < 2100 ? 'YEAR' : 'NUMBER';
    }
    if (token.kind === 'quoted') {
      counts.value++;
      return 'QUOTED';
    }
    if (token.kind === 'date') {
      return 'DATE';
    }
    const column = columns[index] === true;
    const table = tables[index] === true;
    if (column) {
      counts.column++;
    }
    if (table) {
      counts.table++;
    }
    if (column || table) {
      return column && table ? 'BOTH' : column ? 'COLUMN' : 'TABLE';
    }
    if (analysis.classes[index] === tokenClasses.value) {
      counts.value++;
      return 'VALUE';
    }
    if (token.lower === 'and' || token.lower === ',') {
      counts.and++;
    }
    return token.lower;
  });
  const found = new Set<string>(analysis.tokens.map((token) => `~${token.lemma}`));
  const addRuns = (list: readonly string[], mark: string): void => {
    const all = ['^', ...list, '$'];
    for (let from = 0; from < all.length; from++) {
      for (let length = 1; length <= 4 && from + length <= all.length; length++) {
        found.add(`${mark}${all.slice(from, from + length).join(' ')}`);
      }
    }
  };
  addRuns(words, '');
  addRuns(inCues(analysis, words), '@');
  for (let length = 1; length <= 5; length++) {
    found.add(`^^ ${words.slice(0, length).join(' ')}`);
  }
  for (const [kind, count] of Object.entries(counts)) {
    for (let least = 1; least <= Math.min(4, count); least++) {
      found.add(`#${kind} ${least}`);
    }
  }
  return found;
}

/** Cues whose words say what kind of query is wanted, whichever of them a question uses. */
const telling: ReadonlySet<Cue> = new Set<Cue>([
  ...measureCues,
  'gt',
  'lt',
  'ge',
  'le',
  'between',
  'not',
  'without',
  'except',
  'each',
  'order',
  'asc',
  'desc',
  'distinct',
  'like',
  'start',
  'end',
  'contain',
  'before',
  'after',
  'common',
  'top',
]);

/**
 * The words with the longest cues in the place of what says them, so that what is learned of `highest` holds for
 * `tallest`; a column stands with the kind of its values.
 */
function inCues(analysis: Analysis, words: readonly string[]): string[] {
  const list: string[] = [];
  for (let index = 0; index < words.length; ) {
    const here = analysis.cues.filter((cue) => cue.start === index && telling.has(cue.cue));
    const end = Math.max(index, ...here.map((cue) => cue.end));
    const word = words[index] ?? '';
    if (end > index) {
      const names = here.filter((cue) => cue.end === end).map(({ cue }) => cue);
      list.push([...new Set(names)].sort().join('/'));
      index = end;
      continue;
    }
    const column = word === 'COLUMN' || word === 'BOTH' ? bestColumn(analysis, index) : null;
    const kind = column === null ? '' : `:${analysis.schemaIndex.columns[column]?.class ?? ''}`;
    if (kind === '' || list.at(-1) !== `${word}${kind}`) {
      list.push(`${word}${kind}`);
    }
    index++;
  }
  return list;
}

/** The column that a word names best. */
function bestColumn(analysis: Analysis, index: number): number | null {
  let best: { readonly id: number; readonly score: number } | null = null;
  for (const mention of analysis.columns) {
    if (mention.start <= index && index < mention.end && (best === null || mention.score > best.score)) {
      best = mention;
    }
  }
  return best?.id ?? null;
}

/** The logarithm of each class's probability, and the highest of them. */
interface Odds {
  readonly odds: Map<string, number>;
  readonly highest: number;
}

export type Expected = Readonly<Record<FormHead, Odds>>;

/** The weights of a phrase; none of one that training has not met. */
function weightsOf({ phrases }: Wording, phrase: string): Int32Array {
  const weights = phrases.get(phrase) ?? '';
  if (typeof weights !== 'string') {
    return weights;
  }
  const read = readNumbers(weights, Int32Array);
  if (weights !== '') {
    phrases.set(phrase, read);
  }
  return read;
}

export function expectedForm(wording: Wording, analysis: Analysis): Expected {
  const hundredths = Int32Array.from(wording.bias);
  for (const phrase of phrasesOf(analysis)) {
    const weights = weightsOf(wording, phrase);
    for (let at = 0; at < weights.length; at++) {
      hundredths[at] = (hundredths[at] ?? 0) + (weights[at] ?? 0);
    }
  }
  const sums = Float64Array.from(hundredths, (weight) => weight / 100);
  let from = 0;
  const entries = formHeads.map((head) => {
    const classes = wording.classes[head];
    const odds = sums.subarray(from, from + classes.length);
    from += classes.length;
    const top = Math.max(...odds);
    const total = Math.log(odds.reduce((sum, value) => sum + Math.exp(value - top), 0)) + top;
    const logarithms = new Map(classes.map((name, index) => [name, (odds[index] ?? 0) - total]));
    return [head, { odds: logarithms, highest: Math.max(...logarithms.values()) }] as const;
  });
  return Object.fromEntries(entries) as Record<FormHead, Odds>;
}

/** What the wording makes likely, and the form that a candidate has. */
export interface FormFit {
  readonly expected: Expected;
  readonly form: Form;
}

const least = -9;

/** How likely the wording makes the class of a form; rare classes were put together as `other`. */
function likelihood({ expected, form }: FormFit, head: FormHead): number {
  const { odds } = expected[head];
  return Math.max(least, odds.get(form[head]) ?? odds.get('other') ?? least);
}

/** How likely the wording makes each class of a form, how far it is behind the likeliest, and the sum. */
export const expectedFeatures: FeatureTable<FormFit> = [
  ...formHeads.flatMap(
    (head): FeatureTable<FormFit> => [
      [`${head}~`, (fit) => likelihood(fit, head)],
      [`${head}~behind`, (fit) => fit.expected[head].highest - likelihood(fit, head)],
    ],
  ),
  ['form~', (fit) => formHeads.reduce((sum, head) => sum + likelihood(fit, head), 0)],
];
