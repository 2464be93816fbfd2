import type { Analysis } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import type { Candidate } from '../grammar/candidate.ts';
import { usedColumns } from '../rank/open.ts';
import { isYear } from '../time/kept.ts';

const describes: ReadonlySet<string> = new Set(harmless.describing);
const called: ReadonlySet<string> = new Set(harmless.called);
const asks: ReadonlySet<string> = new Set(harmless.asking);
const beforeEach: ReadonlySet<string> = new Set(harmless.beforeEach);

/**
 * Words that only say what a word beside them is, which the query reads: `job title`, `active status`; `full` before the
 * name whose first and last parts are shown; `under the subject "Art"`; `courses available for each subject`.
 */
export function describing(analysis: Analysis, candidate: Candidate, read: ReadonlySet<number>): number[] {
  const { tokens } = analysis;
  return tokens.flatMap(({ kind, lower }, index) => {
    const before = tokens[index - 1];
    const isTold =
      describes.has(lower) &&
      (before?.kind === 'word' || before?.kind === 'quoted') &&
      read.has(index - 1) &&
      !isNamed(analysis, index);
    const isFull =
      lower === 'full' &&
      /^names?$/u.test(tokens[index + 1]?.lower ?? '') &&
      showsWholeName(analysis, candidate);
    const isUnder = lower === 'under' && comesToText(candidate, index);
    const isThrough = lower === 'through' && leadsToRead(analysis, read, index);
    const isForEach =
      beforeEach.has(lower) &&
      /^(?:for|in|at|on|by|per)$/u.test(tokens[index + 1]?.lower ?? '') &&
      /^(?:each|every)$/u.test(tokens[index + 2]?.lower ?? '');
    const isOfOrigin = /^(?:origin|residence)$/u.test(lower) && before?.lower === 'of' && read.has(index - 2);
    const isOfYears = /^years?$/u.test(lower) && read.has(index - 1) && usesYear(analysis, candidate);
    const isWhichDay =
      /^(?:day|date)$/u.test(lower) &&
      /^(?:which|what)$/u.test(before?.lower ?? '') &&
      showsDate(analysis, candidate);
    const isTheList =
      lower === 'list' && before?.lower === 'the' && /^(?:of|by)$/u.test(tokens[index + 1]?.lower ?? '');
    const isTerms =
      lower === 'terms' && before?.lower === 'in' && tokens[index + 1]?.lower === 'of' && read.has(index + 2);
    const isOnly =
      /^(?:only|just)$/u.test(lower) &&
      (asks.has(before?.lower ?? '') || asks.has(tokens[index + 1]?.lower ?? ''));
    const said = [
      isKindOfValue(analysis, candidate, index),
      isTerms,
      isOnly,
      isTheList,
      isTold,
      isFull,
      isUnder,
      isThrough,
      isForEach,
      isOfOrigin,
      isOfYears,
      isWhichDay,
    ];
    return kind === 'word' && (said.includes(true) || measures(analysis, candidate, index)) ? [index] : [];
  });
}

/** Whether a noun says what the stored value behind it is, `the country "Canada"`, and nothing of the schema is called so. */
function isKindOfValue(analysis: Analysis, { filter }: Candidate, index: number): boolean {
  const { tokens, values } = analysis;
  const lead = tokens[index - 1]?.lower ?? '';
  return (
    called.has(tokens[index]?.lower ?? '') &&
    /^(?:the|in|of|for|by|from|at|on|with|to)$/u.test(lead) &&
    !isNamed(analysis, index) &&
    filter.items.some(
      ({ condition, start, end }) =>
        start === index + 1 &&
        condition.kind === 'compare' &&
        condition.operator === '=' &&
        condition.right.kind === 'text' &&
        values.some((value) => value.match === 'exact' && value.start === start && value.end === end),
    )
  );
}

/** Whether a preposition leads to a thing that is read, no number or day: `contacted through a channel`. */
function leadsToRead({ tokens }: Analysis, read: ReadonlySet<number>, index: number): boolean {
  const next = /^(?:the|an?)$/u.test(tokens[index + 1]?.lower ?? '') ? index + 2 : index + 1;
  const { kind, number = null } = tokens[next] ?? {};
  return read.has(next) && kind === 'word' && number === null;
}

/** Whether something of the schema is called as a word. */
const isNamed = ({ columns, tables }: Analysis, index: number): boolean =>
  [...columns, ...tables].some(({ start, end, weakest }) => weakest >= 0.95 && start <= index && index < end);

/** Whether a query shows the first and the last name of somebody. */
function showsWholeName({ schemaIndex }: Analysis, { select }: Candidate): boolean {
  const shown = select.items.map(
    ({ expression }) => schemaIndex.columns[expression.column ?? -1]?.words ?? [],
  );
  const has = (part: string): boolean => shown.some((words) => words.includes(part));
  return has('first') && has('last');
}

/** Whether a condition that a text is equal to another begins within three words. */
const comesToText = ({ filter }: Candidate, index: number): boolean =>
  filter.items.some(
    ({ condition, start }) =>
      condition.kind === 'compare' &&
      condition.operator === '=' &&
      condition.right.kind === 'text' &&
      start > index &&
      start <= index + 3,
  );

/** Whether a verb says what is measured by the condition behind it: `that cost more than 100`, of prices. */
function measures({ schemaIndex, tokens }: Analysis, { filter }: Candidate, index: number): boolean {
  const { lemma = '' } = tokens[index] ?? {};
  const names = Object.hasOwn(measuring, lemma) ? (measuring[lemma] ?? []) : [];
  return filter.items.some(
    ({ condition, start, end }) =>
      (condition.kind === 'compare' || condition.kind === 'between') &&
      end > index &&
      start <= index + 4 &&
      schemaIndex.columns[condition.left.column ?? -1]?.words.some((word) => names.includes(word)) === true,
  );
}

const measuring: Readonly<Record<string, readonly string[]>> = harmless.measuring;

/** Whether a column of years or days is used: `ordered by founding year`. */
function usesYear(analysis: Analysis, candidate: Candidate): boolean {
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  return [...usedColumns(candidate, main), ...main.group].some((id) => {
    const column = analysis.schemaIndex.columns[id];
    return column !== undefined && isYear(analysis, column);
  });
}

const showsDate = ({ schemaIndex }: Analysis, { select }: Candidate): boolean =>
  select.items.some(({ expression }) => schemaIndex.columns[expression.column ?? -1]?.class === 'date');
