import { type Analysis, distanceAfter, distanceBefore, hasCue } from '../../analysis/analysis.ts';
import { columnMentions } from '../../analysis/columns.ts';
import type { CueMention } from '../../language/lexicon.ts';
import type { NameMention } from '../../link/mention.ts';
import type { SelectQuery } from '../../query/tree.ts';
import { plain, selectFrom } from '../../query/tree.ts';
import type { Link, SchemaIndex } from '../../schema-index/schema-index.ts';
import { type Add, numericValues } from './item.ts';
import { operatorsAt } from './operator.ts';

/** `above the average`: a column against an aggregate of itself. */
export function scalarItems(analysis: Analysis, add: Add): void {
  for (const cue of analysis.cues) {
    for (const aggregate of comparedAggregates(analysis, cue)) {
      scalarItem(analysis, add, cue, aggregate);
    }
  }
}

/** The aggregates that a cue may compare with: the average, and for `than any` or `than all` an extreme. */
function comparedAggregates(analysis: Analysis, cue: CueMention): ('avg' | 'max' | 'min')[] {
  if (cue.cue === 'avg' || cue.cue === 'max' || cue.cue === 'min') {
    return [cue.cue];
  }
  const than = distanceBefore(analysis, 'than', cue.start) <= 3;
  return than && (cue.cue === 'any' || cue.cue === 'all') ? ['max', 'min'] : [];
}

function scalarItem(analysis: Analysis, add: Add, cue: CueMention, aggregate: 'avg' | 'max' | 'min'): void {
  const list = operatorsAt(analysis, cue.start, cue.end).filter(
    (operator) => aggregate !== 'avg' || operator !== '=',
  );
  const operator = list[0];
  if (operator === undefined) {
    return;
  }
  for (const mention of columnMentions(analysis)) {
    const column = analysis.schemaIndex.columns[mention.id];
    if (
      column === undefined ||
      Math.min(Math.abs(mention.start - cue.end), Math.abs(cue.start - mention.end)) > 8
    ) {
      continue;
    }
    if (
      column.class !== 'number' &&
      !(column.class === 'text' && numericValues(analysis, column.id)) &&
      aggregate === 'avg'
    ) {
      continue;
    }
    const query = selectFrom(column.table, [{ aggregate, distinct: false, column: column.id }]);
    add({ kind: 'scalar', left: plain(column.id), operator, query }, column.id, column.table, cue, {
      kind: 'scalar',
      operator,
    });
  }
}

/** `without an order`: rows that no row of another table refers to. */
export function withoutItems(analysis: Analysis, add: Add): void {
  const negative = analysis.cues.filter(
    (cue) => cue.cue === 'without' || cue.cue === 'not' || cue.cue === 'except',
  );
  if (negative.length === 0) {
    return;
  }
  const seen = new Set<string>();
  for (const mention of analysis.tables) {
    if (mention.score < 0.45) {
      continue;
    }
    for (const link of analysis.schemaIndex.links) {
      const left = link.left[0];
      const right = link.right[0];
      if (link.left.length !== 1 || left === undefined || right === undefined) {
        continue;
      }
      const direct = link.from === mention.id;
      const bridged =
        !direct &&
        link.from !== link.to &&
        linksFrom(analysis.schemaIndex, link.from).some((other) => other.to === mention.id && other !== link);
      if (!direct && !bridged) {
        continue;
      }
      const key = `${right} ${left}`;
      if (seen.has(key)) {
        continue;
      }
      const cue =
        negative.filter((other) => other.end <= mention.end + 1).sort((a, b) => b.start - a.start)[0] ??
        negative[0];
      if (cue === undefined) {
        continue;
      }
      seen.add(key);
      const outer = direct
        ? [{ column: right, table: link.to }, ...siblings(analysis, mention, left, right)]
        : [{ column: right, table: link.to }];
      for (const { column, table } of outer) {
        add(
          { kind: 'in', column, negated: true, query: referring(analysis, left) },
          left,
          table,
          mention,
          { kind: 'without', operator: '<>', values: direct ? (column === right ? 1 : 3) : 2 },
          link.from,
        );
      }
    }
  }
}

const fromOf = new WeakMap<SchemaIndex, ReadonlyMap<number, readonly Link[]>>();

/** The keys by which a table refers to others. */
function linksFrom(schemaIndex: SchemaIndex, table: number): readonly Link[] {
  const known = fromOf.get(schemaIndex) ?? Map.groupBy(schemaIndex.links, ({ from }) => from);
  fromOf.set(schemaIndex, known);
  return known.get(table) ?? [];
}

/** `registered but did not attend`: columns of other named tables that refer to the same key. */
function siblings(
  analysis: Analysis,
  mention: NameMention,
  left: number,
  right: number,
): { column: number; table: number }[] {
  return analysis.schemaIndex.links.flatMap((link) => {
    const [column] = link.left;
    if (column === undefined || column === left || link.left.length !== 1 || link.right[0] !== right) {
      return [];
    }
    const named = analysis.tables.some(
      (other) =>
        other.id === link.from &&
        other.id !== mention.id &&
        other.score >= 0.6 &&
        other.start < mention.start,
    );
    return named ? [{ column, table: link.from }] : [];
  });
}

/** All values of a column. Empty ones are left out: NOT IN holds for no row where one of the list is empty. */
function referring(analysis: Analysis, id: number): SelectQuery {
  const column = analysis.schemaIndex.columns[id];
  return {
    ...selectFrom(column?.table ?? 0, [plain(id)]),
    where: column?.column.nullable === false ? null : { kind: 'null', column: id, negated: true },
  };
}

/** Conditions that a column is empty, or is not. */
export function nullItems(analysis: Analysis, add: Add): void {
  if (!hasCue(analysis, 'null')) {
    return;
  }
  for (const mention of columnMentions(analysis)) {
    const column = analysis.schemaIndex.columns[mention.id];
    if (column === undefined) {
      continue;
    }
    const near = Math.min(
      distanceBefore(analysis, 'null', mention.start),
      distanceAfter(analysis, 'null', mention.end),
    );
    if (near > 4) {
      continue;
    }
    for (const negated of [false, true]) {
      add({ kind: 'null', column: column.id, negated }, column.id, column.table, mention, {
        kind: 'null',
        operator: negated ? '<>' : '=',
      });
    }
  }
}
