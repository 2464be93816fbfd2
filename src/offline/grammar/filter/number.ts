import { type Analysis, distanceBefore } from '../../analysis/analysis.ts';
import { columnMentions } from '../../analysis/columns.ts';
import type { Comparison, Condition, Literal } from '../../query/tree.ts';
import { plain } from '../../query/tree.ts';
import { isoMoment } from '../../schema-index/stored-dates.ts';
import { writeDay } from '../../time/calendar.ts';
import { writtenDay } from '../../time/span.ts';
import { type Add, numericValues } from './item.ts';
import { operatorsAt } from './operator.ts';
import { saysWhenOnly } from './period.ts';
import { satisfiedShare } from './satisfied.ts';

/** Conditions on numbers, dates and years. */
export function numberItems(analysis: Analysis, add: Add): void {
  const mentions = columnMentions(analysis);
  const saysWhen = saysWhenOnly(analysis);
  analysis.tokens.forEach((token, start) => {
    const day = token.kind === 'date' ? writtenDay(token.text, analysis.now) : null;
    const moment = day === null ? token.text : writeDay(day);
    // A month, or what is a day in two ways, is no single day.
    const date = token.kind === 'date' && isoMoment.test(moment);
    if (token.number === null && !date) {
      return;
    }
    const end = start + 1;
    const year = token.number !== null && /^(1[5-9]|20)\d\d$/.test(token.text);
    const columns = new Set<number>();
    for (const mention of mentions) {
      if (mention.start <= start && start < mention.end) {
        continue;
      }
      // `with two examiners` counts them: the number of a row stands behind its name.
      if (mention.start >= end && isKey(analysis, mention.id)) {
        continue;
      }
      const distance = mention.start >= end ? mention.start - end : start - mention.end;
      if (distance <= 7) {
        columns.add(mention.id);
      }
    }
    if (!date) {
      for (const mention of analysis.tables) {
        const [key, ...others] = analysis.schemaIndex.tables[mention.id]?.primaryKey ?? [];
        const between = analysis.tokens.slice(mention.end, start).map((other) => other.lower);
        if (mention.score < 0.7 || key === undefined || others.length > 0) {
          continue;
        }
        if (mention.end <= start && between.length <= 3 && between.every((word) => keyWords.has(word))) {
          columns.add(key);
        }
      }
    }
    if (year || date) {
      for (const column of analysis.schemaIndex.columns) {
        if (
          column.words.includes('year') ||
          (date && (column.class === 'date' || column.words.includes('date')))
        ) {
          columns.add(column.id);
        }
      }
    }
    const numbers = analysis.tokens.findIndex(
      (other, index) => index > start && (date ? other.kind === 'date' : other.number !== null),
    );
    for (const id of columns) {
      const column = analysis.schemaIndex.columns[id];
      if (column === undefined) {
        continue;
      }
      const isDate = column.class === 'date';
      if (date && column.class === 'number') {
        continue;
      }
      if (!date && isDate && !year) {
        continue;
      }
      if (saysWhen(column, start)) {
        continue;
      }
      const literal = (text: string, number: number | null): Literal =>
        column.class === 'number' && number !== null
          ? { kind: 'number', number }
          : { kind: 'text', text: number === null ? text : String(number) };
      if (column.class === 'text' && !date && !numericValues(analysis, id)) {
        continue;
      }
      const right = literal(date ? moment : token.text, token.number);
      const share = (operator: Comparison | 'between', high: number | null = token.number): number =>
        token.number === null || high === null
          ? -1
          : satisfiedShare(analysis.lookup, id, operator, token.number, high);
      const stored = column.class === 'text' ? analysis.lookup.of(id) : null;
      const unknown = right.kind === 'text' && stored !== null && !stored.includes(right.text);
      for (const operator of operatorsAt(analysis, start, end)) {
        if (isDate && year) {
          const condition = yearCondition(id, operator, token.number ?? 0);
          if (condition !== null) {
            add(condition, id, column.table, { start, end }, { kind: 'number', operator, year });
          }
          continue;
        }
        // No row has the text: neither one answer of nothing nor one of everything is meant.
        if (unknown && !date && (operator === '=' || operator === '<>')) {
          continue;
        }
        if (
          column.class === 'text' &&
          operator === '=' &&
          analysis.values.some((value) => value.value.column === id && value.start === start)
        ) {
          continue;
        }
        add(
          { kind: 'compare', left: plain(id), operator, right },
          id,
          column.table,
          { start, end },
          { kind: 'number', operator, year, satisfied: share(operator) },
        );
      }
      const other = numbers > 0 && numbers - start <= 4 ? analysis.tokens[numbers] : undefined;
      if (other !== undefined && distanceBefore(analysis, 'between', start) <= 3) {
        add(
          { kind: 'between', left: plain(id), low: right, high: literal(other.text, other.number) },
          id,
          column.table,
          { start, end: numbers + 1 },
          { kind: 'between', operator: '>=', year, satisfied: share('between', other.number) },
        );
      }
    }
  });
}

/** Whether a column tells rows apart, its own or those it refers to. */
const isKey = ({ schemaIndex: { columns, links } }: Analysis, column: number): boolean =>
  columns[column]?.primary === true ||
  columns[column]?.words.at(-1) === 'id' ||
  links.some(({ left }) => left.includes(column));

/** What may stand between the name of a table and the key of a row. */
const keyWords = new Set('id ids number no code with of is # whose the'.split(' '));

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
