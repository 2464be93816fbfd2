import type { Cue } from '../language/lexicon.ts';
import type { NameMention } from '../link/link.ts';
import type { Comparison, Condition, Literal, SelectQuery } from '../query/tree.ts';
import { plain } from '../query/tree.ts';
import { contextNames, contextOf } from '../rank/context.ts';
import { type Analysis, distanceAfter, distanceBefore, far, hasCue, lowerAt } from './analysis.ts';
import { columnFeatureNames, columnFeatures, columnMentions } from './columns.ts';

/** A condition that rows may have to meet, and what speaks for it. */
export interface FilterItem {
  readonly kind: (typeof filterKinds)[number];
  readonly condition: Condition;
  /** The table that the condition is about. */
  readonly table: number;
  /** The table in a subquery of kind `without`; conditions on it move inside. */
  readonly inner: number | null;
  readonly start: number;
  readonly end: number;
  readonly features: readonly number[];
}

export const filterKinds = [
  'value',
  'valueNot',
  'number',
  'between',
  'like',
  'scalar',
  'without',
  'null',
  'text',
  'within',
] as const;
const matchKinds = ['exact', 'near', 'part', 'code', 'none'] as const;
const operators: readonly Comparison[] = ['=', '<>', '<', '>', '<=', '>=', 'like', 'not like'];

export const filterFeatureNames: readonly string[] = [
  ...contextNames,
  ...columnFeatureNames,
  'kind',
  'match',
  'operator',
  'mentionDistance',
  'mentionAfter',
  'mentionScore',
  'values',
  'longer',
  'capital',
  'isName',
  'quoted',
  'year',
  'before<',
  'after<',
  'or>',
  'textLength',
  'between<',
  'start<',
  'end<',
  'than<',
  'columnYear',
  'isDefault',
  'sameCase',
  'distinctValues',
  'otherValues',
];
export const filterCategorical: readonly string[] = ['kind', 'match', 'operator'];

interface Extra {
  readonly kind: FilterItem['kind'];
  readonly match?: (typeof matchKinds)[number];
  readonly operator: Comparison;
  readonly values?: number;
  readonly longer?: boolean;
  readonly year?: boolean;
  /** The stored value. */
  readonly text?: string;
}

/** Every condition that the question may set. */
export function filterItems(analysis: Analysis): FilterItem[] {
  const items: FilterItem[] = [];
  const add = (
    condition: Condition,
    column: number | null,
    table: number,
    span: { start: number; end: number },
    extra: Extra,
    inner: number | null = null,
  ): void => {
    items.push({
      kind: extra.kind,
      condition,
      table,
      inner,
      start: span.start,
      end: span.end,
      features: featuresOf(analysis, column, table, span, extra),
    });
  };
  valueItems(analysis, add);
  numberItems(analysis, add);
  textItems(analysis, add);
  scalarItems(analysis, add);
  withoutItems(analysis, add);
  nullItems(analysis, add);
  return items;
}

type Add = (
  condition: Condition,
  column: number | null,
  table: number,
  span: { start: number; end: number },
  extra: Extra,
  inner?: number | null,
) => void;

function featuresOf(
  analysis: Analysis,
  column: number | null,
  table: number,
  span: { start: number; end: number },
  extra: Extra,
): number[] {
  const mention = nearestMention(analysis, column, span.start, span.end);
  const first = analysis.tokens[span.start];
  const at = mention ?? { start: span.start, end: span.end, score: 0, weakest: 0 };
  const isName =
    analysis.tables.some(
      (other) => other.score > 0.8 && other.start <= span.start && span.end <= other.end,
    ) ||
    analysis.columns.some((other) => other.score > 0.8 && other.start <= span.start && span.end <= other.end);
  return [
    ...contextOf(analysis, span.start, span.end),
    ...columnFeatures(analysis, column, table, { ...at, start: span.start, end: span.end }),
    filterKinds.indexOf(extra.kind),
    matchKinds.indexOf(extra.match ?? 'none'),
    operators.indexOf(extra.operator),
    mention === null ? 20 : mention.start >= span.end ? mention.start - span.end : span.start - mention.end,
    mention !== null && mention.start >= span.end ? 1 : 0,
    mention?.score ?? 0,
    extra.values ?? 0,
    extra.longer === true ? 1 : 0,
    first !== undefined && /^\p{Lu}/u.test(first.text) ? 1 : 0,
    isName ? 1 : 0,
    first?.kind === 'quoted' ? 1 : 0,
    extra.year === true ? 1 : 0,
    distanceBefore(analysis, 'before', span.start),
    distanceBefore(analysis, 'after', span.start),
    distanceBefore(analysis, 'or', span.start),
    (analysis.tokens[span.end - 1]?.end ?? 0) - (first?.start ?? 0),
    distanceBefore(analysis, 'between', span.start),
    distanceBefore(analysis, 'start', span.start),
    distanceBefore(analysis, 'end', span.start),
    distanceBefore(analysis, 'than', span.start),
    column !== null && analysis.catalog.columns[column]?.words.includes('year') === true ? 1 : 0,
    column !== null && analysis.catalog.tables[table]?.label === column ? 1 : 0,
    sameCase(analysis, span, extra.text ?? null),
    column === null ? -1 : Math.min(500, analysis.lookup.of(column)?.length ?? 1000),
    analysis.values.filter((other) => other.value.column === column && other.match === 'exact').length,
  ];
}

/** Whether a stored value is written in the question as it is stored: 2 wholly, 1 but for its first letter, 0 not. */
function sameCase(analysis: Analysis, span: { start: number; end: number }, stored: string | null): number {
  const first = analysis.tokens[span.start];
  const last = analysis.tokens[span.end - 1];
  if (stored === null || first === undefined || last === undefined) return -1;
  const asked = first.kind === 'quoted' ? first.text : analysis.question.slice(first.start, last.end);
  return asked === stored ? 2 : asked.slice(1) === stored.slice(1) ? 1 : 0;
}

function nearestMention(
  analysis: Analysis,
  column: number | null,
  start: number,
  end: number,
): NameMention | null {
  let best: NameMention | null = null;
  let low = 99;
  for (const mention of analysis.columns) {
    if (mention.id !== column || (mention.start < end && start < mention.end)) continue;
    const distance =
      (mention.start >= end ? mention.start - end + 2 : start - mention.end) - mention.score * 3;
    if (distance < low) {
      best = mention;
      low = distance;
    }
  }
  return best;
}

function valueItems(analysis: Analysis, add: Add): void {
  for (const mention of analysis.values) {
    const column = analysis.catalog.columns[mention.value.column];
    if (column === undefined) continue;
    const same = analysis.values.filter(
      (other) => other.start === mention.start && other.end === mention.end,
    ).length;
    const longer = analysis.values.some(
      (other) =>
        other.start <= mention.start &&
        mention.end <= other.end &&
        other.end - other.start > mention.end - mention.start,
    );
    const extra = { match: mention.match, values: same, longer, text: mention.value.text };
    const left = plain(column.id);
    const right = literalFor(analysis, column.id, mention.value.text);
    add({ kind: 'compare', left, operator: '=', right }, column.id, column.table, mention, {
      kind: 'value',
      operator: '=',
      ...extra,
    });
    const negated = Math.min(
      distanceBefore(analysis, 'not', mention.start),
      distanceBefore(analysis, 'except', mention.start),
      distanceBefore(analysis, 'without', mention.start),
    );
    if (negated < 6)
      add({ kind: 'compare', left, operator: '<>', right }, column.id, column.table, mention, {
        kind: 'valueNot',
        operator: '<>',
        ...extra,
      });
  }
}

function literalFor(analysis: Analysis, column: number, text: string): Literal {
  const type = analysis.catalog.columns[column]?.class;
  return type === 'number' && /^-?\d+(\.\d+)?$/.test(text)
    ? { kind: 'number', number: Number(text) }
    : { kind: 'text', text };
}

const comparators: readonly (readonly [Cue, Comparison])[] = [
  ['ge', '>='],
  ['le', '<='],
  ['gt', '>'],
  ['lt', '<'],
  ['after', '>'],
  ['before', '<'],
];

/** Comparison operators that the words around a number (or an aggregate) suggest, the likeliest first. */
export function operatorsAt(analysis: Analysis, start: number, end: number): readonly Comparison[] {
  const found: [number, Comparison][] = [];
  for (const [cue, operator] of comparators) {
    const before = distanceBefore(analysis, cue, start);
    const after = cue === 'ge' || cue === 'le' ? distanceAfter(analysis, cue, end) : far;
    if (before <= 3) found.push([before + (cue === 'after' || cue === 'before' ? 0.5 : 0), operator]);
    if (after <= 2) found.push([after - 0.5, operator]);
  }
  found.sort((a, b) => a[0] - b[0]);
  const list = [...new Set(found.map(([, operator]) => operator))].slice(0, 2);
  if (distanceBefore(analysis, 'after', start) <= 2 && !list.includes('>=')) list.push('>=');
  if (lowerAt(analysis, end) === 'or' && lowerAt(analysis, end + 1) === 'after') list.unshift('>=');
  if (
    lowerAt(analysis, end) === 'or' &&
    (lowerAt(analysis, end + 1) === 'before' || lowerAt(analysis, end + 1) === 'earlier')
  )
    list.unshift('<=');
  if (distanceBefore(analysis, 'not', start) <= 4) list.push('<>');
  list.push('=');
  return [...new Set(list)];
}

function numberItems(analysis: Analysis, add: Add): void {
  const mentions = columnMentions(analysis);
  analysis.tokens.forEach((token, start) => {
    const date = token.kind === 'date';
    if (token.number === null && !date) return;
    const end = start + 1;
    const year = token.number !== null && /^(1[5-9]|20)\d\d$/.test(token.text);
    const columns = new Set<number>();
    for (const mention of mentions) {
      if (mention.start <= start && start < mention.end) continue;
      const distance = mention.start >= end ? mention.start - end : start - mention.end;
      if (distance <= 7) columns.add(mention.id);
    }
    if (year || date)
      for (const column of analysis.catalog.columns)
        if (
          column.words.includes('year') ||
          (date && (column.class === 'date' || column.words.includes('date')))
        )
          columns.add(column.id);
    const numbers = analysis.tokens.findIndex(
      (other, index) => index > start && (date ? other.kind === 'date' : other.number !== null),
    );
    for (const id of columns) {
      const column = analysis.catalog.columns[id];
      if (column === undefined) continue;
      const isDate = column.class === 'date';
      if (date && column.class === 'number') continue;
      if (!date && isDate && !year) continue;
      const literal = (text: string, number: number | null): Literal =>
        column.class === 'number' && number !== null
          ? { kind: 'number', number }
          : { kind: 'text', text: number === null ? text : String(number) };
      if (column.class === 'text' && !date && !numericValues(analysis, id)) continue;
      const right = literal(token.text, token.number);
      for (const operator of operatorsAt(analysis, start, end)) {
        if (isDate && year) {
          const condition = yearCondition(id, operator, token.number ?? 0);
          if (condition !== null)
            add(condition, id, column.table, { start, end }, { kind: 'number', operator, year });
          continue;
        }
        if (
          column.class === 'text' &&
          operator === '=' &&
          analysis.values.some((value) => value.value.column === id && value.start === start)
        )
          continue;
        add(
          { kind: 'compare', left: plain(id), operator, right },
          id,
          column.table,
          { start, end },
          { kind: 'number', operator, year },
        );
      }
      const other = numbers > 0 && numbers - start <= 4 ? analysis.tokens[numbers] : undefined;
      if (other !== undefined && distanceBefore(analysis, 'between', start) <= 3)
        add(
          { kind: 'between', left: plain(id), low: right, high: literal(other.text, other.number) },
          id,
          column.table,
          { start, end: numbers + 1 },
          { kind: 'between', operator: '>=', year },
        );
    }
  });
}

/** A date column against a whole year: text of a date compares with dates on every engine, a year does not. */
function yearCondition(column: number, operator: Comparison, year: number): Condition | null {
  const from = (start: number, comparison: Comparison): Condition => ({
    kind: 'compare',
    left: plain(column),
    operator: comparison,
    right: { kind: 'text', text: `${start}-01-01` },
  });
  switch (operator) {
    case '=':
      return { kind: 'and', conditions: [from(year, '>='), from(year + 1, '<')] };
    case '>':
      return from(year + 1, '>=');
    case '<=':
      return from(year + 1, '<');
    case '>=':
    case '<':
      return from(year, operator);
    default:
      return null;
  }
}

function numericValues(analysis: Analysis, column: number): boolean {
  const values = analysis.lookup.of(column);
  return (
    values !== null &&
    values.length > 0 &&
    values.filter((value) => /\d/.test(value)).length > values.length / 2
  );
}

/** LIKE on quoted texts and on words after `containing`, `starts with`…; also = on a text that no value matches. */
function textItems(analysis: Analysis, add: Add): void {
  const like = hasCue(analysis, 'like') || hasCue(analysis, 'start') || hasCue(analysis, 'end');
  analysis.tokens.forEach((token, start) => {
    if (token.kind === 'mark' || token.kind === 'date') return;
    const end = start + 1;
    const near = Math.min(
      distanceBefore(analysis, 'like', start),
      distanceBefore(analysis, 'start', start),
      distanceBefore(analysis, 'end', start),
    );
    const part = analysis.values.some((value) => value.start === start && value.match === 'part');
    const known = analysis.values.some(
      (value) => value.start <= start && start < value.end && value.match === 'exact',
    );
    if (token.kind !== 'quoted' && !(like && near <= 3) && !part) return;
    if (known && !like && !part) return;
    const text = token.text.replaceAll(/%/g, '');
    if (text === '') return;
    const columns = new Set<number>();
    for (const mention of columnMentions(analysis)) {
      const distance = mention.start >= end ? mention.start - end : start - mention.end;
      if (distance <= 8 && distance >= 0) columns.add(mention.id);
    }
    for (const mention of analysis.tables) {
      const label = analysis.catalog.tables[mention.id]?.label;
      if (mention.score > 0.8 && label != null) columns.add(label);
    }
    for (const value of analysis.values)
      if (value.start === start && value.match === 'part') columns.add(value.value.column);
    for (const id of columns) {
      const column = analysis.catalog.columns[id];
      if (column === undefined || column.class === 'number' || column.class === 'date') continue;
      const patterns: string[] = [];
      if (distanceBefore(analysis, 'start', start) <= 4) patterns.push(`${text}%`);
      if (distanceBefore(analysis, 'end', start) <= 4) patterns.push(`%${text}`);
      if (patterns.length === 0) patterns.push(`%${text}%`);
      for (const pattern of patterns)
        add(
          { kind: 'compare', left: plain(id), operator: 'like', right: { kind: 'text', text: pattern } },
          id,
          column.table,
          { start, end },
          { kind: 'like', operator: 'like' },
        );
    }
  });
}

/** `above the average`: a column against an aggregate of itself. */
function scalarItems(analysis: Analysis, add: Add): void {
  for (const cue of analysis.cues) {
    const aggregate =
      cue.cue === 'avg' ? 'avg' : cue.cue === 'max' ? 'max' : cue.cue === 'min' ? 'min' : null;
    if (aggregate === null) continue;
    const list = operatorsAt(analysis, cue.start, cue.end).filter(
      (operator) => aggregate !== 'avg' || operator !== '=',
    );
    const operator = list[0];
    if (operator === undefined) continue;
    for (const mention of columnMentions(analysis)) {
      const column = analysis.catalog.columns[mention.id];
      if (
        column === undefined ||
        Math.min(Math.abs(mention.start - cue.end), Math.abs(cue.start - mention.end)) > 8
      )
        continue;
      if (
        column.class !== 'number' &&
        !(column.class === 'text' && numericValues(analysis, column.id)) &&
        aggregate === 'avg'
      )
        continue;
      const query: SelectQuery = {
        kind: 'select',
        distinct: false,
        select: [{ aggregate, distinct: false, column: column.id }],
        from: column.table,
        joins: [],
        where: null,
        group: [],
        having: null,
        order: [],
        limit: null,
      };
      add({ kind: 'scalar', left: plain(column.id), operator, query }, column.id, column.table, cue, {
        kind: 'scalar',
        operator,
      });
    }
  }
}

/** `without an order`: rows that no row of another table refers to. */
function withoutItems(analysis: Analysis, add: Add): void {
  const negative = analysis.cues.filter(
    (cue) => cue.cue === 'without' || cue.cue === 'not' || cue.cue === 'except',
  );
  if (negative.length === 0) return;
  const seen = new Set<string>();
  for (const mention of analysis.tables) {
    if (mention.score < 0.45) continue;
    for (const link of analysis.catalog.links) {
      const left = link.left[0];
      const right = link.right[0];
      if (link.left.length !== 1 || left === undefined || right === undefined) continue;
      const direct = link.from === mention.id;
      const bridged =
        !direct &&
        link.from !== link.to &&
        analysis.catalog.links.some(
          (other) => other.from === link.from && other.to === mention.id && other !== link,
        );
      if (!direct && !bridged) continue;
      const key = `${right} ${left}`;
      if (seen.has(key)) continue;
      const cue =
        negative.filter((other) => other.end <= mention.end + 1).sort((a, b) => b.start - a.start)[0] ??
        negative[0];
      if (cue === undefined) continue;
      seen.add(key);
      const query: SelectQuery = {
        kind: 'select',
        distinct: false,
        select: [plain(left)],
        from: link.from,
        joins: [],
        where: null,
        group: [],
        having: null,
        order: [],
        limit: null,
      };
      add(
        { kind: 'in', column: right, negated: true, query },
        left,
        link.to,
        mention,
        { kind: 'without', operator: '<>', values: direct ? 1 : 2 },
        link.from,
      );
    }
  }
}

function nullItems(analysis: Analysis, add: Add): void {
  if (!hasCue(analysis, 'null')) return;
  for (const mention of columnMentions(analysis)) {
    const column = analysis.catalog.columns[mention.id];
    if (column === undefined) continue;
    const near = Math.min(
      distanceBefore(analysis, 'null', mention.start),
      distanceAfter(analysis, 'null', mention.end),
    );
    if (near > 4) continue;
    for (const negated of [false, true])
      add({ kind: 'null', column: column.id, negated }, column.id, column.table, mention, {
        kind: 'null',
        operator: negated ? '<>' : '=',
      });
  }
}
