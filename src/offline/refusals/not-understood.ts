import type { Answer, Choice } from '../../model/answer.ts';
import { type Analysis, analyse } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import type { Engine } from '../engine.ts';
import { shortInterpretation } from '../interpretation.ts';
import { plural } from '../language/plural.ts';
import { fold } from '../link/values.ts';
import { asksBack } from '../own-words.ts';
import { type Covered, type Prepared, parseAnalysed } from '../parse.ts';
import { plainChoices, theReading } from '../plain/answer.ts';
import { readPlain } from '../plain/plain.ts';
import { words as plainWords } from '../plain/words.ts';
import { queryInWords } from '../query/words.ts';
import { unsupportedIntent } from './unsupported-intent.ts';
import { wayOn } from './way-on.ts';

/** The words of a question that no likely reading reads: those that all leave, or else those of the likeliest. */
export function notUnderstood(analysis: Analysis, ranked: readonly Covered[]): readonly number[] {
  const [first] = ranked;
  if (first === undefined) {
    return unknownWords(analysis);
  }
  if (first.unread.length === 0) {
    return [];
  }
  const likely = ranked.filter(({ share }) => share >= 0.03);
  const always = first.unread.filter((index) => likely.every(({ unread }) => unread.includes(index)));
  return always.length > 0 ? always : first.unread;
}

/** The words of a question that name nothing of the database and say nothing to a grammar either. */
export function unknownWords(analysis: Analysis): readonly number[] {
  const covers = (index: number) => (mention: { readonly start: number; readonly end: number }) =>
    mention.start <= index && index < mention.end;
  return analysis.tokens.flatMap((token, index) => {
    const named =
      [...analysis.tables, ...analysis.columns].some(
        (mention) => mention.weakest >= 0.6 && covers(index)(mention),
      ) || analysis.values.some((mention) => mention.match === 'exact' && covers(index)(mention));
    const said = analysis.cues.some(covers(index)) || isSmall(token);
    return token.kind === 'word' && !named && !said ? [index] : [];
  });
}

/**
 * Says which words are not understood, what of this database is called nearly so, and which questions would be answered.
 * What the question asks without those words is offered as such.
 */
export function refuseWords(
  engine: Engine,
  prepared: Prepared,
  analysis: Analysis,
  unread: readonly number[],
): Answer {
  const words = wordsAt(analysis, unread);
  const refusal = `The offline engine does not understand ${words.map((word) => `"${word}"`).join(' and ')} here.`;
  if (!engine.explains) {
    return { kind: 'unanswerable', reason: refusal };
  }
  const near = [...new Set(words.flatMap((word) => nearest(prepared, word)))].slice(0, 4);
  const without = withoutWords(analysis, unread);
  const rest = turnsRound(analysis, unread) ? null : answered(engine, prepared, without, analysis.now);
  const answers = new Set(rest === null ? [] : [rest.sql]);
  const about = mainTable(analysis);
  const questions = [
    ...(rest === null ? [] : [without]),
    ...workingQuestions(engine, prepared, about).flatMap(({ question, sql }) =>
      answers.has(sql) ? [] : [question],
    ),
  ].slice(0, 2);
  const lines = [
    refusal,
    near.length === 0 ? '' : `Nearest in this database: ${near.join(', ')}.`,
    questions.length === 0 ? '' : `It would answer: ${questions.map((each) => `"${each}"`).join(', ')}.`,
    wayOn,
  ];
  const reason = lines.filter((line) => line !== '').join('\n');
  if (rest === null) {
    return { kind: 'unanswerable', reason };
  }
  return {
    kind: 'clarification',
    question: `${reason}\n${asksBack.unread}`,
    choices: [choiceWithout(rest, words)],
  };
}

/** Whether words are among those that a question asks the opposite without, or that tell what each number is of. */
const turnsRound = ({ tokens }: Analysis, unread: readonly number[]): boolean =>
  unread.some((index) => {
    const { lower = '' } = tokens[index] ?? {};
    return (
      plainWords.negators.has(lower) ||
      plainWords.lacking.has(lower) ||
      /^(?:per|each|every|except|excluding|but|neither|nor|none|nothing|nobody)$/u.test(lower)
    );
  });

const nothing: ReadonlySet<string> = new Set([...harmless.words, ...harmless.asking]);

/** Whether a word only asks, or joins others. */
const isSmall = ({ lower }: { readonly lower: string }): boolean => nothing.has(lower);

/** The unread words as they were typed, neighbours together. */
function wordsAt({ question, tokens }: Analysis, unread: readonly number[]): string[] {
  const runs: number[][] = [];
  for (const index of unread) {
    const last = runs.at(-1);
    if (last?.at(-1) === index - 1) {
      last.push(index);
    } else {
      runs.push([index]);
    }
  }
  return runs.map((run) =>
    question.slice(tokens[run[0] ?? 0]?.start ?? 0, tokens[run.at(-1) ?? 0]?.end ?? question.length),
  );
}

/** Words that lead to the next one and mean nothing without it. */
const leading: ReadonlySet<string> = new Set(
  'in on at of for from by with since before after during until the a an that which who are is were was still'.split(
    ' ',
  ),
);

/** The question without words. */
function withoutWords({ question, tokens }: Analysis, unread: readonly number[]): string {
  let rest = question;
  // What led to a word that goes, goes with it: `in 2025`, `that are late`.
  const goes = new Set(unread);
  for (const index of [...unread].reverse()) {
    for (let before = index - 1; before > 0 && leading.has(tokens[before]?.lower ?? ''); before--) {
      goes.add(before);
    }
  }
  // So does the mark between two halves of a word: `left-handed`.
  tokens.forEach(({ kind }, index) => {
    if (kind === 'mark' && goes.has(index - 1) && goes.has(index + 1)) {
      goes.add(index);
    }
  });
  for (const index of [...goes].sort((a, b) => b - a)) {
    const token = tokens[index];
    if (token !== undefined) {
      rest = rest.slice(0, token.start) + rest.slice(token.end);
    }
  }
  return rest
    .replace(/\s+/gu, ' ')
    .replace(/\(\s*\)/gu, '')
    .replace(/\s+([?.!,)])/gu, '$1')
    .replace(/[\s,;:-]+(?=[?.!]*$)/u, '')
    .trim();
}

/** Names and stored values that are spelled or meant nearly as a word. */
function nearest({ linker, lookup, schemaIndex }: Prepared, word: string): string[] {
  const values = /^\p{L}/u.test(word)
    ? [
        ...lookup.near(fold(word)),
        ...lookup.containing(fold(word)).filter(({ text }) => text.split(' ').length <= 3),
      ]
    : [];
  return [
    ...linker.nearest(word).map((mention) => {
      if (mention.kind === 'table') {
        return `the table ${schemaIndex.tables[mention.id]?.name ?? ''}`;
      }
      const column = schemaIndex.columns[mention.id];
      return `${schemaIndex.tables[column?.table ?? -1]?.name ?? ''}.${column?.name ?? ''}`;
    }),
    ...values.slice(0, 2).map(({ column, text }) => {
      const entry = schemaIndex.columns[column];
      return `"${text}" in ${schemaIndex.tables[entry?.table ?? -1]?.name ?? ''}.${entry?.name ?? ''}`;
    }),
  ];
}

/** What would be answered, and what it means in words. */
interface Reading {
  readonly sql: string;
  readonly interpretation: string;
}

/** What the engine is sure enough to answer of a question, all of it read; null where it is not. */
function answered(engine: Engine, prepared: Prepared, question: string, now: Date): Reading | null {
  const { schemaIndex, linker, lookup } = prepared;
  const analysis = analyse(question, schemaIndex, linker, lookup, now);
  const plain = theReading(readPlain(analysis));
  if (plain !== null) {
    return { sql: plain.sql, interpretation: queryInWords(schemaIndex, plain.query) };
  }
  if (unsupportedIntent(analysis) !== null || plainChoices(analysis).length > 0) {
    return null;
  }
  const { ranked, probability } = parseAnalysed(analysis, prepared, engine.weights);
  const [covered] = ranked;
  return covered !== undefined && covered.unread.length === 0 && probability >= engine.thresholds.answer
    ? { sql: covered.sql, interpretation: shortInterpretation(analysis, covered.candidate) }
    : null;
}

/** The table that a question names most clearly, or else the first. */
const mainTable = ({ tables }: Analysis): number =>
  tables.reduce((best, each) => (each.score > best.score ? each : best), { id: 0, score: 0 }).id;

/** Questions of a table that would be answered: they take as long to read as others, and are the same each time. */
const working = new WeakMap<Prepared, Map<number, readonly Suggested[]>>();

/** A question that works, and the query that answers it. */
interface Suggested {
  readonly question: string;
  readonly sql: string;
}

/** Questions about a table that would be answered: how many rows it has, or how many for each value of a column. */
function workingQuestions(engine: Engine, prepared: Prepared, about: number): readonly Suggested[] {
  const known = working.get(prepared) ?? new Map<number, readonly Suggested[]>();
  working.set(prepared, known);
  const before = known.get(about);
  if (before !== undefined) {
    return before;
  }
  const { tables, columns } = prepared.schemaIndex;
  const table = tables[about];
  const own = (table?.columns ?? []).filter((id) => {
    const values = prepared.lookup.of(id)?.length ?? 0;
    const column = columns[id];
    return column?.class === 'text' && !column.primary && !column.foreign && values > 1 && values < 30;
  });
  const called = (table?.name ?? '').replaceAll('_', ' ').toLowerCase();
  // A name of another language has its own plural.
  const name = engine.isForeign(table?.name ?? '') ? called : plural(called);
  const tried = [
    `how many ${name} are there?`,
    ...own.slice(0, 2).map((id) => `number of ${name} for each ${columns[id]?.ownWords.join(' ') ?? ''}`),
  ];
  const found: Suggested[] = [];
  for (const question of tried) {
    if (found.length === 2) {
      break;
    }
    const reading = answered(engine, prepared, question, new Date());
    if (reading !== null) {
      found.push({ question, sql: reading.sql });
    }
  }
  known.set(about, found);
  return found;
}

/** What the question asks without the words, said as such. */
function choiceWithout({ sql, interpretation }: Reading, words: readonly string[]): Choice {
  return { interpretation: `${interpretation} (without: ${words.join(', ')})`, sql };
}
