import type { Value } from '../../../database.ts';
import { literal, name, type Sql } from '../sql.ts';
import { countShapes, isMissing, type ShapeCounts, trimmed } from './count.ts';
import { type Decision, decide, decideText, type Evidence, evidenceOf, type Kind } from './decide.ts';
import {
  type DateFirst,
  type Digits,
  doubleDigits,
  mostDigits,
  numberReader,
  plainNumber,
  type Reader,
  readerOf,
  textReader,
  withoutUnit,
} from './reader.ts';
import { unit } from './shapes.ts';
import { type TypeWord, toldKind, toldReader } from './told.ts';

/** How one column is read. */
export interface ColumnPlan {
  readonly column: string;
  /** Its text as SQL, without blanks and units. */
  readonly text: string;
  readonly reader: Reader;
  readonly kind: Kind;
  /** Words for no value stand in it, and are read so. */
  readonly missing: number;
  /** How many values it has that are no blank. */
  readonly values: number;
  /** What most of its values are, where it stays text all the same. */
  readonly mostly: Decision['mostly'];
  /** What would read those. */
  readonly doubted: Reader | null;
  /** The currencies or percent signs that stand by its numbers. */
  readonly units: readonly string[];
  /** No value tells whether the day or the month comes first. */
  readonly isOrderGuessed: boolean;
  readonly first: DateFirst;
  /** The user has said what it is. */
  readonly told: TypeWord | null;
}

/** What is known of a file besides its rows. */
export interface PlanContext {
  /** What the user says of columns, by name in lower case. */
  readonly told: ReadonlyMap<string, TypeWord>;
  /** The decimal mark that the user names. */
  readonly decimal: Evidence;
  /** Columns whose file tells texts from numbers. */
  readonly strings: ReadonlySet<string>;
  /** Columns whose fractions have been rounded to floating point already. */
  readonly doubles: ReadonlySet<string>;
}

/** Plans how some columns of a relation, all of them text, are read, from all of its rows. */
export async function planColumns(
  sql: Sql,
  relation: string,
  columns: readonly string[],
  { told, decimal, strings, doubles }: PlanContext,
): Promise<readonly ColumnPlan[]> {
  const padded = await paddedColumns(sql, relation, columns);
  const texts = new Map(
    columns.map((column) => [column, padded.has(column) ? trimmed(column) : name(column)]),
  );
  const counts = new Map(await countShapes(sql, relation, texts));
  const units = await unitsOf(sql, relation, texts, counts);
  const withUnits = new Map(
    [...units.keys()].map((column) => [column, withoutUnit(texts.get(column) ?? '')]),
  );
  for (const [column, recounted] of await countShapes(sql, relation, withUnits)) {
    counts.set(column, recounted);
    texts.set(column, withUnits.get(column) ?? '');
  }
  const evidence = decimal ?? evidenceOf(counts.values());
  const drafts = columns.map((column) => {
    const shapes = counts.get(column) ?? { counts: new Map(), values: 0 };
    const word = told.get(column.toLowerCase()) ?? null;
    const found = strings.has(column) ? decideText(shapes, evidence) : decide(shapes, evidence);
    const decision = word === null ? found : toldKind(word, shapes, found, evidence);
    return { column, text: texts.get(column) ?? '', shapes, word, decision };
  });
  const digits = await digitsOf(sql, relation, drafts);
  const firsts = await firstsOf(sql, relation, drafts);
  return drafts.map(({ column, text, shapes, word, decision }) => {
    const order = orderOf(firsts.get(column) ?? null, firsts);
    const first = word === 'dmy' ? 'day' : word === 'mdy' ? 'month' : order.first;
    // Amounts of several currencies are no numbers of one kind.
    const isMixed = (units.get(column)?.length ?? 0) > 1 && word === null;
    const kind: Kind = isMixed ? { kind: 'text' } : decision.kind;
    const reader =
      (word === null ? null : toldReader(word)) ??
      (kind.kind === 'number'
        ? numberReader(
            kind.marks,
            digits.get(column) ?? { before: 18, behind: 0 },
            doubles.has(column) ? doubleDigits : mostDigits,
          )
        : readerOf(kind, first)) ??
      textReader;
    return {
      column,
      text,
      reader,
      kind,
      missing: decision.missing,
      values: shapes.values,
      mostly: decision.mostly,
      doubted: decision.mostly === null ? null : doubtedReader(decision.mostly, first),
      units: units.get(column) ?? [],
      isOrderGuessed: word === null && firsts.has(column) && order.isGuessed,
      first,
      told: word,
    };
  });
}

/** What reads the values that a column has for the most part, however many digits they have. */
function doubtedReader(kind: Kind, first: DateFirst): Reader | null {
  return kind.kind === 'number'
    ? numberReader(kind.marks, { before: mostDigits, behind: mostDigits })
    : readerOf(kind, first);
}

/** Columns with values that have blanks around them. */
async function paddedColumns(
  sql: Sql,
  relation: string,
  columns: readonly string[],
): Promise<ReadonlySet<string>> {
  const row = await aggregates(
    sql,
    relation,
    columns.map((column) => `bool_or(${trimmed(column)} <> ${name(column)})`),
  );
  return new Set(columns.filter((_, index) => row[index] === true));
}

/** The units of the columns whose values are amounts for the most part. */
async function unitsOf(
  sql: Sql,
  relation: string,
  texts: ReadonlyMap<string, string>,
  counts: ReadonlyMap<string, ShapeCounts>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const [column, { counts: shapes, values }] of counts) {
    const amounts = shapes.get('amount') ?? 0;
    const others = (shapes.get('text') ?? 0) + (shapes.get('code') ?? 0);
    if (amounts === 0 || others > values / 5) {
      continue;
    }
    const text = texts.get(column) ?? '';
    const rows = await sql.rows(
      `SELECT DISTINCT regexp_extract(${text}, ${literal(unit)}) AS unit FROM ${relation} WHERE ${text} <> '' ORDER BY unit LIMIT 10`,
    );
    found.set(
      column,
      rows.map(([each]) => String(each ?? '')).filter((each) => each !== ''),
    );
  }
  return found;
}

interface Draft {
  readonly column: string;
  readonly text: string;
  readonly decision: Decision;
}

/** How many digits the numbers of some columns have. */
async function digitsOf(
  sql: Sql,
  relation: string,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<string, Digits>> {
  const numbers = drafts.flatMap(({ column, text, decision: { kind } }) =>
    kind.kind === 'number' ? [{ column, plain: plainNumber(text, kind.marks), text }] : [],
  );
  const row = await aggregates(
    sql,
    relation,
    numbers.flatMap(({ plain, text }) => {
      const known = `FILTER (WHERE NOT ${isMissing(text)})`;
      return [
        `max(length(ltrim(split_part(${plain}, '.', 1), '+-'))) ${known}`,
        `max(length(split_part(${plain}, '.', 2))) ${known}`,
      ];
    }),
  );
  return new Map(
    numbers.map(({ column }, index) => [
      column,
      { before: Number(row[index * 2] ?? 0), behind: Number(row[index * 2 + 1] ?? 0) },
    ]),
  );
}

/** The largest first and second part of dates whose order is open. */
interface Parts {
  readonly first: number;
  readonly second: number;
}

async function firstsOf(
  sql: Sql,
  relation: string,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<string, Parts>> {
  const open = drafts.filter(
    ({ decision: { kind } }) => kind.kind === 'date' && (kind.order === 'slashes' || kind.order === 'dashes'),
  );
  const part = (text: string, index: number): string =>
    `max(TRY_CAST(regexp_extract(${text}, '^(\\d{1,2})[/-](\\d{1,2})[/-]', ${index}) AS INTEGER))`;
  const row = await aggregates(
    sql,
    relation,
    open.flatMap(({ text }) => [part(text, 1), part(text, 2)]),
  );
  return new Map(
    open.map(({ column }, index) => [
      column,
      { first: Number(row[index * 2] ?? 0), second: Number(row[index * 2 + 1] ?? 0) },
    ]),
  );
}

/** Which part comes first: a column's own days past the twelfth say it, else another column's of the file. */
function orderOf(
  own: Parts | null,
  all: ReadonlyMap<string, Parts>,
): { readonly first: DateFirst; readonly isGuessed: boolean } {
  const decided = ({ first, second }: Parts): DateFirst | null =>
    first > 12 === second > 12 ? null : first > 12 ? 'day' : 'month';
  const alone = own === null ? null : decided(own);
  if (alone !== null) {
    return { first: alone, isGuessed: false };
  }
  const others = new Set([...all.values()].flatMap((parts) => decided(parts) ?? []));
  const [other] = others;
  return other !== undefined && others.size === 1
    ? { first: other, isGuessed: false }
    : { first: 'month', isGuessed: true };
}

/** So many aggregates are computed in one statement. */
const mostAtOnce = 100;

async function aggregates(
  sql: Sql,
  relation: string,
  expressions: readonly string[],
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (let start = 0; start < expressions.length; start += mostAtOnce) {
    const some = expressions.slice(start, start + mostAtOnce);
    values.push(...((await sql.rows(`SELECT ${some.join(', ')} FROM ${relation}`))[0] ?? []));
  }
  return values;
}
