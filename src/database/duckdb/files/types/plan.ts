import { literal, name, type Sql } from '../sql.ts';
import { aggregates } from './aggregate.ts';
import { countShapes, isMissing, type ShapeCounts, trimmed } from './count.ts';
import { firstsOf, isYearPossible, orderOf, toldFirst } from './date-order.ts';
import {
  type Decision,
  decide,
  decideText,
  type Evidence,
  evidenceOf,
  hasBothMarks,
  type Kind,
} from './decide.ts';
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
  /** Dates in it have years of two digits. */
  readonly hasShortYears: boolean;
  /** Its dates, whose years have two digits, may as well begin with the year. */
  readonly isYearOpen: boolean;
  readonly first: DateFirst;
  /** Its numbers have a decimal point in some rows, and a comma in others. */
  readonly hasBothMarks: boolean;
  /** The user has said what it is. */
  readonly told: TypeWord | null;
}

/** What is known of a file besides its rows. */
export interface PlanContext {
  /** What the user says of columns, by name in lower case. */
  readonly told: ReadonlyMap<string, TypeWord>;
  /** The decimal mark that the user names. */
  readonly decimal: Evidence;
  /** The decimal mark that such files have for the most part. */
  readonly usual: Evidence;
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
  { told, decimal, usual, strings, doubles }: PlanContext,
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
    const found = strings.has(column) ? decideText(shapes, evidence) : decide(shapes, evidence, usual);
    const decision = word === null ? found : toldKind(word, shapes, found, evidence);
    return { column, text: texts.get(column) ?? '', shapes, word, decision };
  });
  const digits = await digitsOf(sql, relation, drafts);
  const firsts = await firstsOf(sql, relation, drafts);
  return drafts.map(({ column, text, shapes, word, decision }) => {
    const parts = firsts.get(column) ?? null;
    const order = orderOf(parts, firsts);
    const first = toldFirst(word) ?? order.first;
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
      isOrderGuessed: word === null && parts !== null && order.isGuessed,
      hasShortYears: parts !== null && parts.short > 0,
      isYearOpen: toldFirst(word) === null && parts !== null && isYearPossible(parts),
      first,
      hasBothMarks: word === null && !strings.has(column) && hasBothMarks(shapes),
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
