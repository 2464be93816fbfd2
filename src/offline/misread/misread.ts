import type { Analysis } from '../analysis/analysis.ts';
import plain from '../data/plain.json' with { type: 'json' };
import type { Expression, Query, SelectQuery } from '../query/tree.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { oneForAllValues } from './all-values.ts';
import {
  anyForStill,
  commonForMost,
  countForMoney,
  dateForAge,
  dateForPerson,
  flagOfOther,
  keyForPerson,
  otherDoer,
  thingForPerson,
  thingsForPeople,
} from './asked-for.ts';
import { otherBound, otherDate } from './bounds.ts';
import { amountForNumber, linesForPieces } from './counts.ts';
import {
  doersForDone,
  flagsCounted,
  flagsListed,
  isPriceOfOne,
  keyForAmount,
  numbersForRanked,
  orderForName,
  pastForNext,
  poundsForPence,
  priceForCost,
  pricesForSpent,
  wordForRows,
} from './no-amount.ts';
import { endForRows, periodOfOwner, yearForCode } from './period.ts';
import { firstForPlace, periodForOtherAct } from './places.ts';
import { countForMuch, lostBoss, repeatedParents } from './repeated-parents.ts';
import { groupsOfOne, repeats } from './repeats.ts';
import { oneOfSeveralTies, roleForWork } from './ties.ts';
import { amountsCounted, otherThings } from './unlike.ts';
import { unsaidRole } from './unsaid-role.ts';
import {
  bornForPeriod,
  countForValue,
  denied,
  eitherForBoth,
  listForSum,
  notYetForDone,
  turnedTwice,
} from './wording.ts';

/**
 * Why a query that a question's words could mean is another question's, in a sentence: a cost taken for income, a number of
 * rows for a column, one row's amount for that of several. Null where nothing of the kind is known.
 */
export function misreadingOf(analysis: Analysis, query: Query): string | null {
  const selects = query.kind === 'set' ? [query.left, query.right] : [query];
  const unlike = query.kind === 'set' ? otherThings(analysis, query) : null;
  if (unlike !== null) {
    return unlike;
  }
  for (const select of selects) {
    const found = checks.map((check) => check(analysis, select)).find((reason) => reason !== null);
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

type Check = (analysis: Analysis, query: SelectQuery) => string | null;

const outlays: ReadonlySet<string> = new Set(plain.outlays);
const income =
  /\b(?:revenues?|turnover|takings|proceeds|incomes?|earnings|we (?:earn|earned|make|made|take|took))\b/iu;

/** `cost`, and `arbeitskosten` by its end. */
const isOutlay = (word: string): boolean =>
  outlays.has(word) || /^\p{L}{2,}(?:kosten|ausgaben|gebuehren)$/u.test(word);

const expressionsOf = ({ select, order }: SelectQuery): readonly Expression[] => [
  ...select,
  ...order.map(({ by }) => by),
];

/** Money that goes out is no income, nor are the prices of a catalogue. */
const outlayForIncome: Check = (analysis, query) => {
  // In another language the question's own words are translated.
  const asked =
    income.exec(analysis.question)?.[0] ??
    analysis.tokens.find(({ lower, translated }) => translated === true && income.test(lower))?.lower;
  if (asked === undefined) {
    return null;
  }
  for (const { column, times } of expressionsOf(query)) {
    const found = column === null ? undefined : analysis.schemaIndex.columns[column];
    if (found === undefined || namesColumn(analysis, asked, found)) {
      continue;
    }
    const table = analysis.schemaIndex.tables[found.table];
    const words = [...found.words, ...(table?.words ?? [])];
    // `the income of employees` is what they get.
    const ofThem = /^(?:incomes?|earnings)$/iu.test(asked) && isNamed(analysis, found.table);
    const isUnitPrice =
      times === undefined &&
      found.words.includes('price') &&
      (found.words.some((word) => /^(?:purchase|each|unit|per)$/u.test(word)) ||
        isPriceOfOne(analysis, found.table));
    if ((!ofThem && words.some(isOutlay)) || isUnitPrice) {
      return `No column is known to hold ${asked.toLowerCase()}: ${table?.name ?? ''}.${found.name} is none.`;
    }
  }
  return null;
};

const namesColumn = (analysis: Analysis, asked: string, { words }: IndexedColumn): boolean =>
  analysis.tokens.some(
    ({ lower, lemma }) =>
      asked.toLowerCase().includes(lower) && (words.includes(lower) || words.includes(lemma)),
  );

const isNamed = ({ tables }: Analysis, id: number): boolean =>
  tables.some((mention) => mention.id === id && mention.weakest >= 0.85);

/** `amount of orders` is the column of that name where there is one. */
const countForColumn: Check = (analysis, query) => {
  const asked = /\b(amount|quantity) of\b/iu.exec(analysis.question)?.[1]?.toLowerCase();
  if (
    asked === undefined ||
    !query.select.some(({ aggregate, column }) => aggregate === 'count' && column === null)
  ) {
    return null;
  }
  const tables = new Set([query.from, ...query.joins.map(({ table }) => table)]);
  const column = analysis.schemaIndex.columns.find(
    (each) => tables.has(each.table) && each.class === 'number' && each.words.includes(asked),
  );
  return column === undefined
    ? null
    : `"${asked} of" may ask for a number of rows, or for ${column.name}: say "number of", or "total ${asked}".`;
};

/** `average temp per sensor`: a number for each value of a column is no single one. */
const lostGroup: Check = (analysis, query) => {
  if (query.group.length > 0 || !query.select.some(({ aggregate }) => aggregate !== null)) {
    return null;
  }
  const tables = new Set([query.from, ...query.joins.map(({ table }) => table)]);
  const { tokens } = analysis;
  for (const [at, { lower }] of tokens.entries()) {
    if (lower !== 'per' && lower !== 'by' && lower !== 'each') {
      continue;
    }
    const next = tokens[at + 1];
    const column = analysis.schemaIndex.columns.find(
      ({ table, name }) =>
        tables.has(table) && next !== undefined && [next.lower, next.lemma].includes(name.toLowerCase()),
    );
    if (column !== undefined) {
      return `The question asks for a number for each ${column.name}.`;
    }
  }
  return null;
};

/** `player with the most goals` where each player has several rows: the highest single row is not the most. */
const oneRowOfSeveral: Check = (analysis, query) => {
  const { schemaIndex, tokens } = analysis;
  const [order] = query.order;
  const counts = query.select.some(({ aggregate, column }) => aggregate === 'count' && column === null);
  const ranks = order !== undefined && order.by.aggregate === null && query.limit !== null;
  const table = schemaIndex.tables[query.from];
  if (table === undefined || query.joins.length > 0 || query.group.length > 0 || (!ranks && !counts)) {
    return null;
  }
  const measure = schemaIndex.columns[order?.by.column ?? -1];
  if (ranks && measure?.class !== 'number') {
    return null;
  }
  const own = table.columns.flatMap((id) => schemaIndex.columns[id] ?? []);
  const head = tokens.slice(0, 5);
  // Whose rows they are: `player` of `players`, or what is asked for where the rows have no other name.
  const asked = own.find(
    (column) =>
      column.class === 'text' &&
      (column.name.toLowerCase() === table.words.at(-1) ||
        (ranks && query.select.some((each) => each.column === column.id))) &&
      head.some(({ lemma, lower }) => [lemma, lower].includes(column.name.toLowerCase())),
  );
  const other = tokens.some(
    ({ lemma }) => lemma === table.words.at(-1) && lemma !== asked?.name.toLowerCase(),
  );
  if (asked === undefined || other || !repeats(analysis, table, asked)) {
    return null;
  }
  return counts
    ? `Several rows may be of one ${asked.name}: ask for the number of rows, or of different ${asked.name} values.`
    : `Several rows may be of one ${asked.name}: ask for the total ${measure?.name ?? ''} by ${asked.name}, or for the rows with the highest.`;
};

/** `which sensor has the highest temp`: rows added up answer another question, unless the total is asked for. */
const sumForHighest: Check = ({ question, schemaIndex }, query) => {
  const [order] = query.order;
  const high = /\b(?:highest|lowest|maximum|minimum|max|min|largest|smallest|biggest|greatest)\b/iu.exec(
    question,
  )?.[0];
  const total = /\b(?:totals?|sum|combined|overall|altogether|sales|spending|revenues?|turnover|income)\b/iu;
  const measure = schemaIndex.columns[order?.by.column ?? -1];
  return high === undefined ||
    total.test(question) ||
    query.joins.length > 0 ||
    query.limit === null ||
    order?.by.aggregate !== 'sum' ||
    measure === undefined
    ? null
    : `"${high} ${measure.name}" may be that of one row, or the total of several: say "${high} total ${measure.name}", or ask for the rows by ${measure.name}.`;
};

const checks: readonly Check[] = [
  amountForNumber,
  linesForPieces,
  oneForAllValues,
  countForValue,
  notYetForDone,
  turnedTwice,
  listForSum,
  sumForHighest,
  outlayForIncome,
  countForColumn,
  lostGroup,
  otherDate,
  otherBound,
  oneRowOfSeveral,
  repeatedParents,
  groupsOfOne,
  unsaidRole,
  priceForCost,
  countForMuch,
  lostBoss,
  periodOfOwner,
  yearForCode,
  periodForOtherAct,
  firstForPlace,
  endForRows,
  commonForMost,
  keyForPerson,
  otherDoer,
  thingForPerson,
  countForMoney,
  anyForStill,
  dateForAge,
  thingsForPeople,
  flagOfOther,
  eitherForBoth,
  denied,
  bornForPeriod,
  keyForAmount,
  flagsCounted,
  amountsCounted,
  wordForRows,
  pricesForSpent,
  poundsForPence,
  pastForNext,
  orderForName,
  dateForPerson,
  roleForWork,
  oneOfSeveralTies,
  doersForDone,
  flagsListed,
  numbersForRanked,
];
