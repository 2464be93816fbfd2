import type { SelectQuery } from '../query/tree.ts';
import { plain } from '../query/tree.ts';
import { type Analysis, distanceAfter, distanceBefore, hasCue } from './analysis.ts';
import { columnMentions } from './columns.ts';
import { type Add, numericValues } from './filter-item.ts';
import { operatorsAt } from './filter-operator.ts';

/** `above the average`: a column against an aggregate of itself. */
export function scalarItems(analysis: Analysis, add: Add): void {
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
export function withoutItems(analysis: Analysis, add: Add): void {
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

/** Conditions that a column is empty, or is not. */
export function nullItems(analysis: Analysis, add: Add): void {
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
