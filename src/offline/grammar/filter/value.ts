import { type Analysis, distanceBefore, hasCue } from '../../analysis/analysis.ts';
import { columnMentions } from '../../analysis/columns.ts';
import type { Literal } from '../../query/tree.ts';
import { plain } from '../../query/tree.ts';
import type { Add } from './item.ts';
import { saysWhenOnly } from './period.ts';
import { likeShare } from './satisfied.ts';

/** Conditions on stored values that the question names. */
export function valueItems(analysis: Analysis, add: Add): void {
  const saysWhen = saysWhenOnly(analysis);
  for (const mention of analysis.values) {
    const column = analysis.schemaIndex.columns[mention.value.column];
    if (column === undefined || saysWhen(column, mention.start)) {
      continue;
    }
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
    if (negated < 6) {
      add({ kind: 'compare', left, operator: '<>', right }, column.id, column.table, mention, {
        kind: 'valueNot',
        operator: '<>',
        ...extra,
      });
    }
  }
}

function literalFor(analysis: Analysis, column: number, text: string): Literal {
  const type = analysis.schemaIndex.columns[column]?.class;
  return type === 'number' && /^-?\d+(\.\d+)?$/.test(text)
    ? { kind: 'number', number: Number(text) }
    : { kind: 'text', text };
}

/** LIKE on quoted texts and on words after `containing`, `starts with`…; also = on a text that no value matches. */
export function textItems(analysis: Analysis, add: Add): void {
  const like = hasCue(analysis, 'like') || hasCue(analysis, 'start') || hasCue(analysis, 'end');
  analysis.tokens.forEach((token, start) => {
    if (token.kind === 'mark' || token.kind === 'date') {
      return;
    }
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
    if (token.kind !== 'quoted' && !(like && near <= 3) && !part) {
      return;
    }
    if (known && !like && !part) {
      return;
    }
    const text = token.text.replaceAll(/%/g, '');
    if (text === '') {
      return;
    }
    const columns = new Set<number>();
    for (const mention of columnMentions(analysis)) {
      const distance = mention.start >= end ? mention.start - end : start - mention.end;
      if (distance <= 8 && distance >= 0) {
        columns.add(mention.id);
      }
    }
    for (const mention of analysis.tables) {
      const label = analysis.schemaIndex.tables[mention.id]?.label;
      if (mention.score > 0.8 && label != null) {
        columns.add(label);
      }
    }
    for (const value of analysis.values) {
      if (value.start === start && value.match === 'part') {
        columns.add(value.value.column);
      }
    }
    for (const id of columns) {
      const column = analysis.schemaIndex.columns[id];
      if (column === undefined || column.class === 'number' || column.class === 'date') {
        continue;
      }
      const patterns: string[] = [];
      if (distanceBefore(analysis, 'start', start) <= 4) {
        patterns.push(`${text}%`);
      }
      if (distanceBefore(analysis, 'end', start) <= 4) {
        patterns.push(`%${text}`);
      }
      if (patterns.length === 0) {
        patterns.push(`%${text}%`);
      }
      for (const pattern of patterns) {
        add(
          { kind: 'compare', left: plain(id), operator: 'like', right: { kind: 'text', text: pattern } },
          id,
          column.table,
          { start, end },
          { kind: 'like', operator: 'like', satisfied: likeShare(analysis.lookup, id, pattern) },
        );
      }
    }
  });
}
