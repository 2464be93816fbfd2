import { spoken } from '../query/spoken.ts';
import { type Comparison, type Condition, type Expression, type Literal, plain } from '../query/tree.ts';
import { truthLiteral } from '../query/truth.ts';
import { within } from '../time/when.ts';
import { namedColumns } from './columns.ts';
import { datesNamed, periodIn } from './dates.ts';
import {
  allOf,
  changed,
  columnName,
  columnOf,
  conditionsOf,
  type Draft,
  findWords,
  type Span,
} from './draft.ts';
import { distanceTo, existsIn, joinsTo, tablesOf } from './reach.ts';

/** Other filters: by stored values, by a comparison with a number, by what is true or missing. */
export function changeConditions(draft: Draft): readonly Draft[] {
  return [changeNumber, changeFlag, changeValue].reduce(
    (drafts: readonly Draft[], change) => drafts.flatMap((next) => change(next)),
    [draft],
  );
}

/** Another filter by a date: the period that words name, in the place of the one before. */
export function changePeriod(draft: Draft): readonly Draft[] {
  const period = periodIn(draft);
  if (period === null) {
    return [draft];
  }
  const { columns, spans } = datesNamed(draft, period);
  const { schemaIndex } = draft.analysis;
  const made = columns.flatMap((id) => {
    const column = schemaIndex.columns[id];
    const condition = column === undefined ? null : within(draft.analysis, column, period.when);
    const line = condition === null ? '' : spoken(schemaIndex).condition(condition);
    return filtered(draft, [...spans, period], id, condition, line, true) ?? [];
  });
  return made.map((next) => ({ ...next, doubt: next.doubt + made.length - 1 }));
}

/** Stored values: of a column that the query filters by already, else of its own tables, else of the nearest. */
function changeValue(draft: Draft): readonly Draft[] {
  const { analysis, query, graph } = draft;
  const tables = tablesOf(query);
  const unread = analysis.values.filter(
    ({ start, end, match }) =>
      (match === 'exact' || match === 'near') &&
      !Array.from({ length: end - start }, (_, offset) => start + offset).some((index) =>
        draft.read.has(index),
      ) &&
      !/^(?:\d+|[a-z])$/u.test(analysis.tokens[start]?.lower ?? ''),
  );
  const longest = Math.max(0, ...unread.map(({ start, end }) => end - start));
  const [first] = unread
    .filter(({ start, end }) => end - start === longest)
    .sort((a, b) => a.start - b.start);
  if (first === undefined) {
    return [draft];
  }
  const same = unread.filter(({ start, end }) => start === first.start && end === first.end);
  const exact = same.filter(({ match }) => match === 'exact');
  const filters = conditionsOf(query.where).flatMap((condition) => columnOf(condition) ?? []);
  const ranked = (exact.length > 0 ? exact : same)
    .map(({ value }) => {
      const table = analysis.schemaIndex.columns[value.column]?.table ?? -1;
      return { value, rank: filters.includes(value.column) ? -1 : distanceTo(graph, tables, table) };
    })
    .filter(({ rank }) => rank <= 3)
    .sort((a, b) => a.rank - b.rank);
  const best = ranked.filter(({ rank }) => rank === ranked[0]?.rank);
  const negated = negationBefore(draft, first);
  const span = { start: negated?.start ?? first.start, end: first.end };
  const made = best.flatMap(({ value }) => {
    const right: Literal = { kind: 'text', text: value.text };
    const condition: Condition = {
      kind: 'compare',
      left: plain(value.column),
      operator: negated === null ? '=' : '<>',
      right,
    };
    const alternative = alsoThis(draft, value.column, condition);
    const also = alternative !== null && isAdded(draft) ? ' as well' : '';
    const line = `${columnName(analysis, value.column)} ${negated === null ? '=' : '<>'} '${value.text}'${also}`;
    // What widens the answer before cannot be a filter more.
    if (alternative === null && /\b(?:include|including|as well as|plus)\b/iu.test(analysis.question)) {
      return [];
    }
    const joined = alternative === null ? span : { ...span, start: span.start - linkBefore(draft, span) };
    return filtered(draft, joined, value.column, alternative ?? condition, line, negated === null) ?? [];
  });
  // Several values stand one after the other: `not Germany, not France`.
  return made.flatMap((next) => changeValue({ ...next, doubt: next.doubt + made.length - 1 }));
}

/** Whether the words ask for more than was shown before, not for something else: `also include France`. */
const isAdded = ({ analysis }: Draft): boolean =>
  /\b(?:also|include|including|add|plus|too|as well)\b/iu.test(analysis.question);

/**
 * A second value of the same column is an alternative to the first, in one follow-up or where it is added to the one
 * before: `only Germany and France`, `also include France`.
 */
function alsoThis(draft: Draft, column: number, condition: Condition): Condition | null {
  if (condition.kind !== 'compare' || condition.operator !== '=') {
    return null;
  }
  const fresh = draft.lines.some((line) => line.includes(`→ ${columnName(draft.analysis, column)} = `));
  const before = conditionsOf(draft.query.where).find((other) => columnOf(other) === column);
  if (!(fresh || isAdded(draft)) || before === undefined) {
    return null;
  }
  const others = before.kind === 'or' ? before.conditions : [before];
  return { kind: 'or', conditions: [...others, condition] };
}

/** 1 where `or`, `and` or a comma stands before a span, which then joins it to the one before; else 0. */
function linkBefore({ analysis }: Draft, { start }: Span): number {
  return /^(?:or|and|,)$/u.test(analysis.tokens[start - 1]?.lower ?? '') ? 1 : 0;
}

const negations = new Set(['not', 'no', 'without', 'except', 'excluding', 'exclude', 'but', 'than']);

function negationBefore({ analysis }: Draft, { start }: Span): Span | null {
  for (let index = start - 1; index >= Math.max(0, start - 4); index--) {
    const word = analysis.tokens[index]?.lower ?? '';
    if (negations.has(word) && word !== 'but') {
      const from = analysis.tokens[index - 1]?.lower === 'other' ? index - 1 : index;
      return word === 'than' && from === index ? null : { start: from, end: start };
    }
  }
  return null;
}

const comparisons: readonly (readonly [Comparison, string])[] = [
  ['>=', 'at least|no less than|not less than|from|>='],
  ['<=', 'at most|no more than|not more than|up to|<='],
  ['>', 'more than|greater than|higher than|larger than|bigger than|above|over|exceeding|>'],
  ['<', 'less than|fewer than|lower than|smaller than|below|under|cheaper than|<'],
  ['<>', 'other than|not equal to|not'],
  ['=', 'equal to|equals|exactly|of|is|='],
];

/** A number compared with a named column, or with what the query works out for each group. */
function changeNumber(draft: Draft): readonly Draft[] {
  const { analysis, query } = draft;
  const between = findWords(draft, /\bbetween (\S+) and (\S+)\b/u);
  const pattern = new RegExp(
    `(?:^|\\s)(${comparisons.map(([, words]) => words).join('|')}) (\\S+)(?: (or (?:more|less|above|below|higher|lower)))?(?=\\s)`,
    'u',
  );
  const found = between ?? findWords(draft, pattern);
  if (found === null) {
    return [draft];
  }
  const numbers = analysis.tokens.flatMap((token, index) =>
    index >= found.start && index < found.end && token.number !== null && token.kind !== 'date'
      ? [token.number]
      : [],
  );
  const [low, high] = numbers;
  if (low === undefined || (between !== null && high === undefined)) {
    return [draft];
  }
  const phrase = found.match[1] ?? '';
  const operator = comparisons.find(([, words]) => words.split('|').includes(phrase))?.[0] ?? '=';
  const condition = (left: Expression): Condition =>
    between !== null && high !== undefined
      ? {
          kind: 'between',
          left,
          low: { kind: 'number', number: low },
          high: { kind: 'number', number: high },
        }
      : { kind: 'compare', left, operator, right: { kind: 'number', number: low } };
  const said = between === null ? `${operator} ${low}` : `between ${low} and ${high}`;
  const span = { start: found.start, end: found.end };
  const [named] = namedColumns(draft).filter(
    ({ column }) => analysis.schemaIndex.columns[column]?.class === 'number',
  );
  const column = named === undefined ? numberFilteredBy(draft) : named.rivals === 0 ? named.column : null;
  if (column !== null) {
    const line = `${columnName(analysis, column)} ${said}`;
    // A currency says nothing beside a column that is named, and means another column where none is.
    const unit = named !== undefined && currency.test(analysis.tokens[span.end]?.lower ?? '') ? 1 : 0;
    const measured = { ...span, end: span.end + unit };
    const spans = named === undefined ? [span] : [named, measured].sort((a, b) => a.start - b.start);
    return filtered(draft, spans, column, condition(plain(column)), line, sameSide(operator)) ?? [];
  }
  const measures = query.select.filter(({ aggregate }) => aggregate !== null);
  const [measure] = measures;
  if (query.group.length === 0 || measure === undefined || measures.length > 1) {
    return [draft];
  }
  const made = changed(draft, [span], `groups whose ${measure.aggregate} is ${said}`, {
    having: condition(measure),
  });
  return made === null ? [] : [made];
}

const currency = /^(?:€|\$|£|euros?|eur|dollars?|usd|pounds?|gbp)$/u;

/** The column that a number alone is about: the one number that the query filters its rows by. */
function numberFilteredBy({ query, analysis }: Draft): number | null {
  if (query.group.length > 0) {
    return null;
  }
  const columns = new Set(
    conditionsOf(query.where)
      .flatMap((condition) => columnOf(condition) ?? [])
      .filter((id) => analysis.schemaIndex.columns[id]?.class === 'number'),
  );
  const [only] = columns;
  return columns.size === 1 ? (only ?? null) : null;
}

/** Whether a condition bounds a column from the same side, so that a new bound takes its place; another one joins it. */
function sameSide(operator: Comparison): (other: Condition) => boolean {
  const sideOf = (of: Comparison): string => of.replace('=', '');
  return (other) =>
    other.kind !== 'compare' ||
    sideOf(operator) === '' ||
    sideOf(other.operator) === '' ||
    sideOf(other.operator) === sideOf(operator);
}

/** `only discontinued ones`, `without an email`: a truth or a gap that the name of a column tells. */
function changeFlag(draft: Draft): readonly Draft[] {
  const { analysis } = draft;
  const missing = findWords(draft, /\b(?:without|with no|missing|lacking|no)\b(?: (?:an?|the|any))*/u);
  const present = findWords(draft, /\b(?:with|having|that have|who have|which have)\b(?: (?:an?|the|any))+/u);
  for (const named of namedColumns(draft)) {
    const column = analysis.schemaIndex.columns[named.column];
    if (column === undefined) {
      continue;
    }
    if (column.class === 'boolean') {
      const negated = negationBefore(draft, named);
      const span = { start: negated?.start ?? named.start, end: named.end };
      const condition = truth(draft, named.column, negated === null);
      const line = `${columnName(analysis, named.column)} is ${negated === null ? 'true' : 'false'}`;
      return filtered(draft, span, named.column, condition, line, true) ?? [];
    }
    const cue = [missing, present].find((found) => found !== null && found.end === named.start) ?? null;
    if (cue === null || !column.column.nullable) {
      continue;
    }
    const negated = cue === present;
    const condition: Condition = { kind: 'null', column: named.column, negated };
    const line = `${columnName(analysis, named.column)} is ${negated ? 'not ' : ''}empty`;
    return filtered(draft, { start: cue.start, end: named.end }, named.column, condition, line, true) ?? [];
  }
  return [draft];
}

function truth({ analysis }: Draft, column: number, value: boolean): Condition {
  const right = truthLiteral(analysis.schemaIndex.dialect, value);
  return { kind: 'compare', left: plain(column), operator: '=', right };
}

/**
 * The query with a condition on a column: in the place of one on the same column where `replaces` says so. A table that
 * refers to the query's is asked whether it has such a row, so that none is repeated.
 */
function filtered(
  draft: Draft,
  span: Span | readonly Span[],
  column: number,
  condition: Condition | null,
  line: string,
  replaces: boolean | ((other: Condition) => boolean),
): readonly Draft[] | null {
  const { query, analysis, graph } = draft;
  if (condition === null) {
    return null;
  }
  const table = analysis.schemaIndex.columns[column]?.table ?? -1;
  const tables = tablesOf(query);
  const joins = joinsTo(graph, tables, table);
  const added = joins === null ? existsIn(graph, tables, table, condition) : condition;
  if (added === null) {
    return null;
  }
  const kept = conditionsOf(query.where).filter(
    (other) => columnOf(other) !== column || !(typeof replaces === 'boolean' ? replaces : replaces(other)),
  );
  const made = changed(draft, 'start' in span ? [span] : span, line, {
    where: allOf([...kept, added]),
    joins: [...query.joins, ...(joins ?? [])],
  });
  return made === null ? null : [made];
}
