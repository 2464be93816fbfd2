import { isForm } from '../../language/form.ts';
import { lemmaOf } from '../../language/lemma.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime, isYear } from '../../time/kept.ts';
import { ownColumns } from '../names.ts';
import { isUp } from '../paths.ts';
import type { Context } from '../reading.ts';
import { wholeOf } from '../wholes.ts';
import { words } from '../words.ts';

/** A column of time that a period may be about, with what it costs to take it. */
export interface Dated {
  readonly column: IndexedColumn;
  readonly cost: number;
}

/**
 * The dates that a period may be about: the one that a verb names, or else the one that says when the rows came to be. A
 * verb that names none of them makes the period unreadable.
 */
export function datesFor(context: Context, verb: string | null, years: boolean): readonly Dated[] {
  const { analysis, table } = context;
  const own = ownColumns(analysis.schemaIndex, table.id).filter(
    (column) => isTime(analysis, column) || (years && isYear(analysis, column)),
  );
  if (verb !== null) {
    const named = own.filter((column) => column.words.some((word) => isForm(verb, word)));
    if (named.length > 0) {
      return named.map((column) => ({ column, cost: named.length > 1 ? 0.1 : 0 }));
    }
    const beyond = referredDates(context, verb, years);
    if (beyond.length > 0) {
      return beyond;
    }
    // `placed`, `made`: the rows themselves came to be.
    if (
      !comesToBe.has(lemmaOf(verb)) &&
      !comesToBe.has(verb) &&
      !table.words.some((word) => isForm(verb, word))
    ) {
      return [];
    }
  }
  // The lines of an order have its date.
  const whole = analysis.schemaIndex.tables[wholeOf(analysis, table)?.to ?? -1];
  const main = whole === undefined ? eventDate(context, own) : null;
  if (main !== null) {
    return [{ column: main, cost: own.length > 1 ? 0.1 : 0.05 }];
  }
  return whole === undefined
    ? []
    : datesFor({ ...context, table: whole }, verb, years).map((dated) => ({
        ...dated,
        cost: dated.cost + 0.05,
      }));
}

/** Dates that a verb names of what the rows refer to: `flats built after 1990` of their buildings. */
function referredDates({ analysis, paths }: Context, verb: string, years: boolean): readonly Dated[] {
  return [...paths].flatMap(([to, ways]) => {
    const [way] = ways;
    if (way === undefined || ways.length > 1 || way.steps.length === 0 || !isUp(way)) {
      return [];
    }
    return ownColumns(analysis.schemaIndex, to)
      .filter((column) => isTime(analysis, column) || (years && isYear(analysis, column)))
      .filter((column) => column.ownWords.some((word) => isForm(verb, word)))
      .map((column) => ({ column, cost: 0.1 * way.steps.length }));
  });
}

const comesToBe: ReadonlySet<string> = new Set([
  'place',
  'make',
  'create',
  'happen',
  'take',
  'add',
  'record',
  'begin',
  'do',
  'get',
  'come',
  'occur',
  'was',
  'were',
  'receive',
  'register',
  'book',
  'file',
  'start',
  'issue',
  'raise',
  'date',
]);

/** The date on which a row came to be: the one that is called as its table, or the first that tells of no end; null for a table that keeps none. */
function eventDate({ table }: Context, dates: readonly IndexedColumn[]): IndexedColumn | null {
  const called = dates.filter((column) =>
    column.words.some((word) => table.words.some((name) => isForm(name, word))),
  );
  if (called.length === 1 && called[0] !== undefined) {
    return called[0];
  }
  const begun = dates.filter((column) => !column.words.some((word) => words.closing.has(word)));
  const full = begun.filter(({ column }) => !column.nullable);
  return full[0] ?? begun[0] ?? null;
}
