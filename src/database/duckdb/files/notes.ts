import { shellWord } from '../../../errors.ts';
import { literal, type Sql } from './sql.ts';
import { isMisfit } from './types/column-sql.ts';
import { isMissing, trimmed } from './types/count.ts';
import type { Kind } from './types/decide.ts';
import type { ColumnPlan } from './types/plan.ts';
import { textReader } from './types/reader.ts';
import type { TypeWord } from './types/told.ts';

/** The table that sentences are about. */
export interface Subject {
  readonly label: string;
  readonly table: string;
  /** Its rows before types. */
  readonly relation: string;
  /** It itself, as SQL. */
  readonly place: string;
}

/** So many columns are named in one sentence. */
const mostNamed = 5;
const longestExample = 40;

const inWords: Readonly<Record<Kind['kind'], string>> = {
  number: 'numbers',
  date: 'dates',
  instant: 'times',
  nanoseconds: 'times',
  clock: 'times of day',
  truth: 'true or false',
  text: 'text',
};

const flagged: Readonly<Record<Kind['kind'], string>> = {
  number: 'decimal',
  date: 'date',
  instant: 'timestamp',
  nanoseconds: 'timestamp',
  clock: 'time',
  truth: 'boolean',
  text: 'text',
};

const told: Readonly<Record<TypeWord, string>> = {
  text: 'text',
  integer: 'whole numbers',
  decimal: 'numbers',
  real: 'numbers',
  date: 'date',
  dmy: 'dates of day, month, year',
  mdy: 'dates of month, day, year',
  ymd: 'dates of year, month, day',
  timestamp: 'times',
  time: 'times of day',
  boolean: 'true or false',
};

/** What was assumed of the columns of a table, in whole sentences. */
export async function sentencesOf(
  sql: Sql,
  subject: Subject,
  plans: readonly ColumnPlan[],
): Promise<readonly string[]> {
  const { label } = subject;
  const sentences: string[] = [];
  if ((await sql.rows(`SELECT 1 FROM ${subject.place} LIMIT 1`)).length === 0) {
    return [`${label} has columns, and no row.`];
  }
  for (const plan of plans) {
    if (plan.doubted !== null && plan.mostly !== null) {
      sentences.push(await misfitSentence(sql, subject, plan, plan.mostly.kind));
    } else if (plan.told !== null && plan.reader !== textReader) {
      const sentence = await lostSentence(sql, subject, plan);
      sentences.push(...(sentence === null ? [] : [sentence]));
    }
  }
  const mixed = plans.filter(({ reader, units }) => reader === textReader && units.length > 1);
  for (const { column, units } of mixed.slice(0, mostNamed)) {
    sentences.push(
      `${label}: ${shown(column)} has amounts in ${units.join(' and ')}, and is kept as text so that nobody adds them up.`,
    );
  }
  for (const plan of plans.filter(({ hasBothMarks, reader }) => hasBothMarks && reader === textReader)) {
    sentences.push(await bothMarksSentence(sql, subject, plan));
  }
  const dates = plans.filter(({ kind, reader }) => kind.kind === 'date' && reader !== textReader);
  const open = dates.filter(({ isOrderGuessed }) => isOrderGuessed);
  if (open.length > 0) {
    const names = named(open);
    const [{ column = '' } = {}] = open;
    sentences.push(
      `${label}: ${names} ${open.length === 1 ? 'is' : 'are'} read as month, day, year, and no value tells that from day, month, year. If that is wrong: --type ${shellWord(`${subject.table}.${column}=dmy`)}`,
    );
  }
  sentences.push(...yearSentences(subject, dates));
  for (const plan of plans) {
    if (plan.kind.kind === 'number' && plan.kind.marks.isGuess && plan.told === null) {
      sentences.push(await markSentence(sql, subject, plan));
    }
  }
  return [...(await missingSentences(sql, subject, plans)), ...sentences];
}

/** Says how years of two digits are read. */
function yearSentences({ label, table }: Subject, dates: readonly ColumnPlan[]): readonly string[] {
  const short = dates.filter(({ hasShortYears }) => hasShortYears);
  const [{ column = '' } = {}] = short;
  const century = `${label}: the years of ${named(short)} have two digits, and are read as 1970 to 2069. To keep them as they are written: --type ${shellWord(`${table}.${column}=text`)}`;
  const orders = short
    .filter(({ isYearOpen }) => isYearOpen)
    .map((plan) => {
      const [is, other] =
        plan.first === 'year'
          ? (['year, month, day', 'dmy'] as const)
          : (['day, month, year', 'ymd'] as const);
      return `${label}: ${shown(plan.column)} is read as ${is}, though its two digits leave that open. If that is wrong: --type ${shellWord(`${table}.${plan.column}=${other}`)}`;
    });
  return short.length === 0 ? [] : [century, ...orders];
}

/** Says which values keep a column from being what it mostly is. */
async function misfitSentence(
  sql: Sql,
  { label, relation, table }: Subject,
  plan: ColumnPlan,
  mostly: Kind['kind'],
): Promise<string> {
  const reader = plan.doubted ?? textReader;
  const { count, examples } = await misfits(sql, relation, isMisfit(plan, reader), plan);
  const what = inWords[mostly];
  return `${label}: ${shown(plan.column)} is kept as text: ${counted(count)} of ${counted(plan.values)} values are not ${what}: ${examples}. To read those as no value: --type ${shellWord(`${table}.${plan.column}=${flagged[mostly]}`)}`;
}

/** Says which values the user's word for a column makes nothing of; null where that are none. */
async function lostSentence(
  sql: Sql,
  { label, relation }: Subject,
  plan: ColumnPlan,
): Promise<string | null> {
  const { count, examples } = await misfits(sql, relation, isMisfit(plan, plan.reader), plan);
  return count === 0
    ? null
    : `${label}: ${counted(count)} of ${counted(plan.values)} values of ${shown(plan.column)} are no ${told[plan.told ?? 'text']}, and are read as no value: ${examples}.`;
}

async function misfits(
  sql: Sql,
  relation: string,
  condition: string,
  { column }: ColumnPlan,
): Promise<{ readonly count: number; readonly examples: string }> {
  const rows = await sql.rows(
    `SELECT ${trimmed(column)} AS text, count(*) AS n FROM ${relation} WHERE ${condition} GROUP BY text ORDER BY n DESC, text LIMIT 1000`,
  );
  const count = rows.reduce((sum, [, n]) => sum + Number(n), 0);
  return {
    count,
    examples: rows
      .slice(0, 3)
      .map(([text]) => quoted(String(text ?? '')))
      .join(', '),
  };
}

async function markSentence(sql: Sql, { label, relation }: Subject, plan: ColumnPlan): Promise<string> {
  const marks = plan.kind.kind === 'number' ? plan.kind.marks : null;
  const [[example = ''] = []] = await sql.rows(
    `SELECT ${plan.text} FROM ${relation} WHERE ${plan.text} LIKE ${literal(marks?.hasFraction === true ? `%${marks.decimal}%` : `%${marks?.group ?? ''}%`)} LIMIT 1`,
  );
  const text = String(example);
  const digits = text.replace(/[.,]/u, '');
  const isDecimal = marks?.hasFraction === true;
  const other = (marks?.decimal === '.') === isDecimal ? 'comma' : 'point';
  return isDecimal
    ? `${label}: ${quoted(text)} in ${shown(plan.column)} is read as a number with decimals, though it could be ${digits}. If it is: --read decimal=${other}`
    : `${label}: ${quoted(text)} in ${shown(plan.column)} is read as ${digits}, though its mark could be a decimal one. If it is: --read decimal=${text.includes(',') ? 'comma' : 'point'}`;
}

/** Says that no decimal mark reads a column's numbers, with one of each kind. */
async function bothMarksSentence(
  sql: Sql,
  { label, relation, table }: Subject,
  { column, text }: ColumnPlan,
): Promise<string> {
  const [examples = []] = await sql.rows(
    `SELECT min(${text}) FILTER (WHERE regexp_matches(${text}, '\\.\\d*$')), min(${text}) FILTER (WHERE regexp_matches(${text}, ',\\d*$')) FROM ${relation}`,
  );
  const shownExamples = examples.map((example) => quoted(String(example ?? ''))).join(' and ');
  return `${label}: ${shown(column)} is kept as text: no decimal mark reads all of its numbers, such as ${shownExamples}. To read those with a comma, and the others as no value: --type ${shellWord(`${table}.${column}=decimal`)} --read decimal=comma`;
}

/** Says which words are read as no value. */
async function missingSentences(
  sql: Sql,
  { label, relation }: Subject,
  plans: readonly ColumnPlan[],
): Promise<readonly string[]> {
  const found = plans.filter(({ missing, reader }) => missing > 0 && reader !== textReader);
  const parts: string[] = [];
  for (const plan of found.slice(0, mostNamed)) {
    const rows = await sql.rows(
      `SELECT ${plan.text} AS text, count(*) AS n FROM ${relation} WHERE ${isMissing(plan.text)} GROUP BY text ORDER BY n DESC, text LIMIT 3`,
    );
    const words = rows.map(([text, n]) => `${quoted(String(text ?? ''))} (${times(Number(n))})`);
    parts.push(`${words.join(', ')} in ${shown(plan.column)}`);
  }
  const more = found.length > mostNamed ? `, and so in ${found.length - mostNamed} more columns` : '';
  return parts.length === 0 ? [] : [`${label}: read as no value: ${parts.join('; ')}${more}.`];
}

function named(plans: readonly ColumnPlan[]): string {
  const names = plans.slice(0, mostNamed).map(({ column }) => shown(column));
  const more = plans.length > mostNamed ? ` and ${plans.length - mostNamed} more` : '';
  return `${names.join(', ')}${more}`;
}

function shown(column: string): string {
  return column.length > longestExample ? `${column.slice(0, longestExample)}…` : column;
}

/** Says that lines stand above a header, in a part of a sentence; `quotes` where their text may be told. */
export function aboveHeader(what: 'line' | 'row', titles: readonly string[], quotes: boolean): string {
  const [title = ''] = titles;
  const many =
    titles.length === 1
      ? `a ${what} above the header is no row of the table`
      : `${counted(titles.length)} ${what}s above the header are no rows of the table`;
  return quotes ? `${many}: '${title.slice(0, 60)}'` : many;
}

/** A value in a sentence. */
export function quoted(text: string): string {
  return `'${text.length > longestExample ? `${text.slice(0, longestExample)}…` : text}'`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${counted(count)} times`;
}

/** A number with its thousands apart. */
export function counted(count: number): string {
  return count.toLocaleString('en');
}
