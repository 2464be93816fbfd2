import { lemmaOf, stemOf } from '../../language/lemma.ts';
import { spoken } from '../../query/spoken.ts';
import { type Condition, plain } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isYearLast, yearFirst } from '../../schema-index/stored-dates.ts';
import { dayOf, writeDay } from '../../time/calendar.ts';
import { isTime } from '../../time/kept.ts';
import { whenAt } from '../../time/when.ts';
import { isQuantity, labelsOf, ownColumns } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { otherStates, words } from '../words.ts';
import { compare, hasValue, joined, negated, truth } from './conditions.ts';
import { late, overdue } from './late.ts';
import type { State } from './state.ts';
import { vacant } from './vacant.ts';

/** `unpaid`, `still open`, `out of stock`, `overdue`, `blocked`: what a flag, a missing value or a date against today says. */
export const states: Rule = (context, reading) =>
  (datedVerb(context, reading) || countsPieces(context, reading)
    ? []
    : statesAt(context, reading.at)
  ).flatMap(({ condition, opposite, end, cost }) => {
    const meant = reading.negated ? opposite : condition;
    return meant === null
      ? []
      : [
          readOn(context, reading, end, spoken(context.analysis.schemaIndex).condition(meant), {
            conditions: [...reading.conditions, meant],
            negated: false,
            having: false,
            more: cost,
          }),
        ];
  });

const inStock = /^(?:in stock|on stock)\b/u;

/** Whether `in stock` stands behind a count of what is called by its name, whose rows nobody means. */
function countsPieces({ analysis, lowers, table }: Context, { at, asked, lastValue }: Reading): boolean {
  return (
    asked === 'count' &&
    lastValue !== null &&
    labelsOf(analysis, table).includes(lastValue) &&
    inStock.test(lowers.slice(at, at + 2).join(' '))
  );
}

/** `how many hammers are in stock`: the pieces of what is called so are added up, its rows are not counted. */
export const pieces: Rule = (context, reading) => {
  const column = countsPieces(context, reading) ? stockColumn(context) : null;
  return column === null || !isQuantity(context.analysis, column)
    ? []
    : [
        readOn(context, reading, reading.at + 2, `sum of ${column.name}`, {
          asked: 'sum',
          measure: { ...plain(column.id), aggregate: 'sum' },
        }),
      ];
};

/** Whether a verb tells which date the period behind it is about: `fixed in 2026` is not fixed, and of 2026. */
export function datedVerb({ analysis, lowers, table }: Context, { at, named }: Reading): boolean {
  const days = named ? whenAt(analysis, lowers, lowers[at + 1] === 'us' ? at + 2 : at + 1) : null;
  return (
    days?.sure === true &&
    ownColumns(analysis.schemaIndex, table.id).some(
      (column) => isTime(analysis, column) && isCalled(column, lowers[at] ?? ''),
    )
  );
}

/** The states that the words at a place speak of, as conditions on the table's own columns. */
export function statesAt(context: Context, at: number): readonly State[] {
  const { lowers } = context;
  const word = lowers[at] ?? '';
  // `did each vet see` is no state of a row that has been done.
  if (/^(?:do|does|did)$/u.test(word)) {
    return [];
  }
  const phrases: readonly (readonly State[])[] = [
    overdue(context, at),
    late(context, at),
    stocked(context, at),
    passed(context, at),
  ];
  const named = calledSo(context, at);
  if (named.length > 0) {
    return named;
  }
  const phrase = phrases.find((found) => found.length > 0);
  if (phrase !== undefined) {
    return phrase;
  }
  const unended = notEnded(context, word, at + 1);
  if (unended.length > 0) {
    return unended;
  }
  const direct = said(context, word, at + 1, false);
  if (direct.length > 0) {
    return direct;
  }
  const base = /^(?:un|non|in|not)-?(\p{L}{4,})$/u.exec(word)?.[1];
  const turned = base === undefined ? [] : said(context, base, at + 1, true);
  if (turned.length > 0) {
    return turned;
  }
  const { same, opposite } = otherStates(word);
  const alike = same.flatMap((other) => said(context, other, at + 1, false, 0.2));
  if (alike.length > 0) {
    return alike;
  }
  const turnedRound = distinct(opposite.flatMap((other) => said(context, other, at + 1, true, 0.1)));
  return turnedRound.length > 0 ? turnedRound : vacant(context, at);
}

function distinct(found: readonly State[]): readonly State[] {
  const seen = new Map(found.map((state) => [JSON.stringify(state.condition), state]));
  return [...seen.values()];
}

/** `open`, `active`, `lent`: what has not ended yet, where a date says when it ends, whatever says when it began. */
function notEnded(context: Context, word: string, end: number): readonly State[] {
  const isFlag = ownColumns(context.analysis.schemaIndex, context.table.id).some(
    (column) => isCalled(column, word) && truth(context.analysis, column, true) !== null,
  );
  return isFlag
    ? []
    : distinct(
        otherStates(word)
          .opposite.filter((other) => words.closing.has(other))
          .flatMap((other) => said(context, other, end, true, 0.1)),
      );
}

/** That a row has not come to its end: a flag that says so, or else a date of its end. */
export function currentStates(context: Context): readonly State[] {
  const flags = ['active', 'current'].flatMap((word) => said(context, word, 0, false));
  return flags.length > 0 ? flags : notEnded(context, 'current', 0);
}

/** `out of service`, `picked up`: states that several words of a column name. */
function calledSo(context: Context, at: number): readonly State[] {
  const { analysis, names, table } = context;
  return names.columnsAt(table.id, at).flatMap(({ id, end, cost }): State[] => {
    const column = analysis.schemaIndex.columns[id];
    if (
      column === undefined ||
      end < at + 2 ||
      cost > 0 ||
      context.lowers[end] === 'time' ||
      !/\b(?:at|on|since)$/u.test(column.words.join(' '))
    ) {
      return [];
    }
    const condition = stateOf(context, column, 'done');
    return condition === null
      ? []
      : [{ condition, opposite: negated(analysis.schemaIndex, condition), end, cost: 0 }];
  });
}

/** What a participle or adjective that one of the columns is called by says of a row. */
function said(context: Context, word: string, end: number, turned: boolean, cost = 0): readonly State[] {
  const { analysis, table } = context;
  const own = ownColumns(analysis.schemaIndex, table.id).filter((column) => isCalled(column, word));
  return distinct(
    own.flatMap((column): State[] => {
      const holds = truth(analysis, column, true) ?? stateOf(context, column, word);
      const fails =
        truth(analysis, column, false) ?? (holds === null ? null : negated(analysis.schemaIndex, holds));
      const [condition, opposite] = turned ? [fails, holds] : [holds, fails];
      return condition === null ? [] : [{ condition, opposite, end, cost }];
    }),
  );
}

const small: ReadonlySet<string> = new Set([
  'at',
  'on',
  'is',
  'was',
  'has',
  'date',
  'time',
  'day',
  'by',
  'of',
  'the',
  'since',
  'ts',
  'flag',
  'stamp',
]);

function isCalled(column: IndexedColumn, word: string): boolean {
  const lemma = lemmaOf(word);
  const own = column.ownWords.filter((each) => !small.has(each));
  const [first] = own;
  return (
    own.length === 1 &&
    first !== undefined &&
    (first === lemma || first === word || (stemOf(lemma).length >= 4 && stemOf(lemma) === stemOf(first)))
  );
}

function stateOf(context: Context, column: IndexedColumn, word: string): Condition | null {
  const { analysis } = context;
  if (!isTime(analysis, column) || words.due.has(column.ownWords[0] ?? '')) {
    return null;
  }
  // A noun such as `end` names the date, and `open` is what has begun only until it ends: what was done tells a state.
  if (word === 'open' || (!/(?:ed|en|t|d|n)$/u.test(word) && lemmaOf(word) === word)) {
    return null;
  }
  const today = writeDay(dayOf(analysis.now));
  const mayLack = column.column.nullable && !column.primary;
  const values = analysis.lookup.of(column.id) ?? [];
  const later = values.some((value) => isLater(value, column, today));
  const past = compare(column.id, '<=', { kind: 'text', text: today });
  if (!mayLack) {
    return later ? past : null;
  }
  const known = hasValue(analysis, column.id, false);
  return later ? joined('and', [known, past]) : known;
}

/** Whether a stored date lies after a day. */
function isLater(value: string, column: IndexedColumn, today: string): boolean {
  if (isYearLast(column.stored)) {
    return yearFirst(value, column.stored) > today;
  }
  if (column.stored === 'digits') {
    return value > today.replaceAll('-', '');
  }
  if (column.stored !== null) {
    return Number(value) / (column.stored === 'seconds' ? 1 : 1000) > Date.parse(`${today}T23:59:59Z`) / 1000;
  }
  return value.slice(0, 10) > today;
}

/** `in stock`, `out of stock`, `sold out`: whether an amount is above nothing. */
function stocked(context: Context, at: number): readonly State[] {
  const { analysis, lowers } = context;
  const text = lowers.slice(at, at + 3).join(' ');
  const phrase = /^(?<none>out of stock|sold out|unavailable)\b|^(?<some>in stock|on stock)\b/u.exec(text);
  if (phrase === null) {
    return [];
  }
  const column = stockColumn(context);
  if (column === null) {
    return [];
  }
  const some = phrase.groups?.['some'] !== undefined;
  const end = at + phrase[0].split(' ').length;
  const flag = truth(analysis, column, some);
  if (flag !== null) {
    return [{ condition: flag, opposite: truth(analysis, column, !some), end, cost: 0 }];
  }
  if (!isQuantity(analysis, column)) {
    return [];
  }
  const zero = { kind: 'number', number: 0 } as const;
  const [above, none] = [compare(column.id, '>', zero), compare(column.id, '<=', zero)];
  return [{ condition: some ? above : none, opposite: some ? none : above, end, cost: 0 }];
}

/** `expired`, `upcoming`, `future`: a date against today, where only one date of the table can be meant. */
function passed(context: Context, at: number): readonly State[] {
  const { analysis, table, lowers } = context;
  const word = lowers[at] ?? '';
  const expired = word === 'expired';
  if (!expired && word !== 'upcoming' && word !== 'future') {
    return [];
  }
  const dates = ownColumns(analysis.schemaIndex, table.id).filter((column) => isTime(analysis, column));
  const meant = dates.filter((column) =>
    column.words.some((each) =>
      expired
        ? /^(?:expir|until$)/u.test(each)
        : /^(?:start|begin|date|day|scheduled?|arrive|arrival|event|departure|due|visit)/u.test(each),
    ),
  );
  const [column] = meant;
  if (column === undefined || meant.length > 1) {
    return [];
  }
  const condition = compare(column.id, expired ? '<' : '>', {
    kind: 'text',
    text: writeDay(dayOf(analysis.now)),
  });
  return [{ condition, opposite: negated(analysis.schemaIndex, condition), end: at + 1, cost: 0 }];
}

/** The one column that says how much of a thing is there; null where none or several do. */
function stockColumn({ analysis, table }: Context): IndexedColumn | null {
  const columns = ownColumns(analysis.schemaIndex, table.id).filter(
    (column) => column.words.includes('stock') || column.words.join(' ') === 'quantity on hand',
  );
  return columns.length === 1 ? (columns[0] ?? null) : null;
}
