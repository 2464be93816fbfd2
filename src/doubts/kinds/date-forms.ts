import type { StoredDate } from '../../database/dialect.ts';
import type { Doubt } from '../doubt.ts';
import {
  columnText,
  isNumeric,
  isTemporal,
  isText,
  type Look,
  type LookContext,
  overTable,
  tableText,
} from '../look.ts';
import {
  hasAggregate,
  isTextLiteral,
  literalAs,
  literalText,
  type Predicate,
  predicatesOf,
} from '../predicates.ts';
import { readSql } from '../read-sql.ts';
import { type Node, nodeIn, nodesOf } from '../sql-tree.ts';
import {
  type DateForm,
  daysOf,
  formOf,
  isDate,
  type ReadDate,
  readDates,
  sortable,
  writeDate,
} from '../values/date-forms.ts';
import { sortedTexts } from './numerals.ts';

/** So many values show in which form a column writes dates. */
const sampleSize = 200;

/** Finds texts that are compared with dates and are none, or are written otherwise; and dates as text that is put in order. */
export const lookForDateForms: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const predicate of context.scopes.flatMap(predicatesOf)) {
    if (/^(?:=|IN|BETWEEN|[<>]=?)$/u.test(predicate.operator) && !hasAggregate(predicate.subject)) {
      for (const literal of predicate.literals.filter(isTextLiteral)) {
        const doubt = await misread(context, predicate, literal);
        if (doubt !== null) {
          doubts.push(doubt);
        }
      }
    }
  }
  return [...doubts, ...(await unsorted(context))];
};

async function misread(context: LookContext, predicate: Predicate, literal: Node): Promise<Doubt | null> {
  const { resolved, operator } = predicate;
  const { type } = resolved.column;
  if (/^time(?!stamp)/iu.test(type)) {
    return null;
  }
  const text = literalText(literal);
  const read = readDates(text);
  const [iso] = read;
  const isDay = iso?.form === 'YYYY-MM-DD' && iso.isPadded && isDate(iso);
  // Words are compared with texts all the time; with dates, by their order alone.
  const mayBeDate = read.length > 0 || isTemporal(type) || /^(?:B|[<>])/u.test(operator);
  if (!mayBeDate || text === '' || !(isTemporal(type) || isText(type) || (isNumeric(type) && isDay))) {
    return null;
  }
  const typed = isTemporal(type) && !isDay ? await readingOf(context, text) : 'text';
  if (typed === undefined) {
    return null;
  }
  return typed === 'text'
    ? misreadText(context, predicate, literal, read)
    : misreadDate(context, predicate, literal, typed);
}

/**
 * How a database reads a text as a date; null where it can't, `text` where it has no dates and compares texts, undefined
 * where it has not said.
 */
async function readingOf(context: LookContext, text: string): Promise<string | null | undefined> {
  const read = (day: string) => context.probe(`SELECT CAST(${context.dialect.writeText(day)} AS DATE)`);
  const rows = await read(text);
  // An error says that it can't, where there was time to say anything.
  if (rows === null && (await read('2000-01-31')) === null) {
    return undefined;
  }
  const value = rows?.[0]?.[0] ?? null;
  return value === null ? null : typeof value === 'string' ? value : 'text';
}

/** A text that a database reads as a date, and as none or as another than it says. */
async function misreadDate(
  context: LookContext,
  predicate: Predicate,
  literal: Node,
  reading: string | null,
): Promise<Doubt | null> {
  const text = literalText(literal);
  const days = readDates(text).filter(isDate);
  const meant = new Set(days.flatMap((day) => writeDate(day, 'YYYY-MM-DD') ?? []));
  if (reading !== null && meant.size < 2 && (meant.size === 0 || meant.has(reading.slice(0, 10)))) {
    return null;
  }
  const [only] = meant;
  const [first] = readDates(text);
  const nearest = first === undefined || days.length > 0 ? null : clamped(first, predicate, literal);
  const instead = meant.size === 1 ? (only ?? null) : nearest;
  return {
    kind: 'date-form',
    sentence:
      reading === null
        ? `${days.length > 0 ? `'${text}' is no date as this database reads them` : noDay(text)}, and ${days.length > 0 ? 'it' : 'this database'} compares ${placeOf(predicate)} with nothing.`
        : `'${text}' is read as ${reading.slice(0, 10)} here${meant.size > 1 ? ', and may be meant as another day' : ''}.`,
    evidence: { column: placeOf(predicate), literal: text, read: reading },
    mendedSql: instead === null ? null : withLiteral(context, literal, instead),
  };
}

/** A text that is compared as text with a column's dates, and does not stand where its date would. */
async function misreadText(
  context: LookContext,
  predicate: Predicate,
  literal: Node,
  read: readonly ReadDate[],
): Promise<Doubt | null> {
  const { resolved, scope, operator } = predicate;
  const subject = overTable(context, predicate.subject, scope);
  const form = await formOfColumn(context, subject, tableText(context, resolved.table));
  const text = literalText(literal);
  if (form === null || /^\d{4}(?:-\d\d)?$/u.test(text)) {
    return null;
  }
  const own = read.find((one) => one.form === form);
  const isOrder = /^(?:B|[<>])/u.test(operator);
  const isSorted = sortable.has(form) || !isOrder;
  const doubt = (sentence: string, mendedSql: string | null): Doubt => ({
    kind: 'date-form',
    sentence,
    evidence: { column: placeOf(predicate), form, literal: text },
    mendedSql,
  });
  if (own !== undefined && !isDate(own)) {
    const day = clamped(own, predicate, literal);
    const same = read.filter(isDate);
    return same.length > 0 && day === null
      ? null
      : doubt(`${noDay(text)}.`, day === null ? null : withLiteral(context, literal, day));
  }
  if (own !== undefined && isSorted && (own.isPadded || !isOrder)) {
    return null;
  }
  const days = read.filter(isDate);
  const [day] = days;
  if (day === undefined) {
    return isOrder || isTemporal(resolved.column.type)
      ? doubt(`${placeOf(predicate)} holds ${wordsFor(form)}, and '${text}' is no date.`, null)
      : null;
  }
  const isSure = days.length === 1 || own !== undefined;
  const meant = own ?? day;
  const written = isSorted ? writeDate(meant, form) : null;
  const mendedSql = !isSure
    ? null
    : written === null
      ? await asDates(context, predicate, form)
      : withLiteral(context, literal, `${written}${meant.rest}`);
  const why =
    own === undefined || isSorted ? `and '${text}' is written otherwise` : 'which does not sort as time does';
  return doubt(
    `${placeOf(predicate)} holds ${wordsFor(form)}, ${why}: the two are compared as they are written.`,
    mendedSql,
  );
}

function placeOf({ resolved: { table, column } }: Predicate): string {
  return `${table.name}.${column.name}`;
}

function wordsFor(form: DateForm): string {
  return form === 'seconds' || form === 'milliseconds' ? `${form} since 1970` : `dates as text, ${form}`;
}

function noDay(text: string): string {
  const [day] = readDates(text);
  return day !== undefined && day.month >= 1 && day.month <= 12
    ? `There is no '${text}': that month has ${daysOf(day.year, day.month)} days`
    : `'${text}' is no date`;
}

/** The last day of a month for one after it, or the first of the next where a period begins; null for no month. */
function clamped(date: ReadDate, { operator, literals }: Predicate, literal: Node): string | null {
  if (date.month < 1 || date.month > 12 || date.day < 1) {
    return null;
  }
  const begins = operator.startsWith('>') || (operator === 'BETWEEN' && literal === literals[0]);
  const last = daysOf(date.year, date.month);
  const day = begins
    ? new Date(Date.UTC(date.year, date.month, 1))
    : new Date(Date.UTC(date.year, date.month - 1, last));
  return writeDate(
    { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() },
    date.form,
  );
}

function withLiteral({ tree, dialect }: LookContext, literal: Node, text: string): string | null {
  return tree.write(new Map([[literal, literalAs(literal, text, dialect)]]));
}

async function formOfColumn({ probe }: LookContext, subject: string, from: string): Promise<DateForm | null> {
  const rows = await probe(`SELECT ${subject} AS v FROM ${from} WHERE ${subject} IS NOT NULL`, sampleSize);
  return formOf((rows ?? []).map(([value]) => value));
}

/** How an engine is told to read a column's dates, by the names that dialects give to forms. */
const stored: Partial<Readonly<Record<DateForm, StoredDate>>> = {
  'DD.MM.YYYY': 'day first',
  seconds: 'seconds',
  milliseconds: 'milliseconds',
};

/** An expression as the date that it writes; null where no engine is told how to read its form. */
async function dateOf({ dialect, tree }: LookContext, node: Node, form: DateForm): Promise<Node | null> {
  const name = stored[form];
  if (name === undefined) {
    return null;
  }
  const read = await readSql(`SELECT ${dialect.writeStoredDate(name, tree.writeExpression(node))}`, dialect);
  const [column] = nodesOf(read?.root['columns']);
  return column === undefined ? null : nodeIn(column, 'expr');
}

/** The statement with a comparison by dates instead of by their texts. */
async function asDates(
  context: LookContext,
  { subject, literals }: Predicate,
  form: DateForm,
): Promise<string | null> {
  const replacements = new Map<Node, Node>();
  const date = await dateOf(context, subject, form);
  for (const literal of literals) {
    const days = readDates(literalText(literal)).filter(isDate);
    const day = days.find((one) => one.form === form) ?? days[0];
    const text = day === undefined ? null : writeDate(day, 'YYYY-MM-DD');
    if (text === null) {
      return null;
    }
    replacements.set(literal, literalAs(literal, text, context.dialect));
  }
  return date === null ? null : context.tree.write(replacements.set(subject, date));
}

/** Dates as text that a statement puts in order, or takes the first or last of, and that do not sort as time does. */
async function unsorted(context: LookContext): Promise<readonly Doubt[]> {
  const doubts: Doubt[] = [];
  const seen = new Set<unknown>();
  for (const { resolved } of context.scopes.flatMap(sortedTexts)) {
    const { table, column } = resolved;
    const isNew = !seen.has(column);
    seen.add(column);
    const form = isNew
      ? await formOfColumn(context, columnText(context, column.name), tableText(context, table))
      : null;
    if (form === null || sortable.has(form) || form === 'seconds' || form === 'milliseconds') {
      continue;
    }
    const replacements = new Map<Node, Node>();
    for (const { node, resolved: other } of context.scopes.flatMap(sortedTexts)) {
      const date = other.column === column ? await dateOf(context, node, form) : null;
      if (date !== null) {
        replacements.set(node, date);
      }
    }
    doubts.push({
      kind: 'date-form',
      sentence: `${table.name}.${column.name} holds ${wordsFor(form)}, which does not sort as time does.`,
      evidence: { column: `${table.name}.${column.name}`, form },
      mendedSql: replacements.size === 0 ? null : context.tree.write(replacements),
    });
  }
  return doubts;
}
