import { type Analysis, hasCue } from '../analysis/analysis.ts';
import { type JoinGraph, joinTables } from '../query/joins.ts';
import {
  type Condition,
  type Expression,
  plain,
  type Query,
  type SelectQuery,
  selectFrom,
} from '../query/tree.ts';
import type { Candidate, Seed } from './candidate.ts';
import { conjunction } from './condition.ts';
import { havingCondition } from './having.ts';

/** `how many customers have more than 3 orders`: the rows that groups stand for are counted, not those of a group. */
export function countOfGroups(analysis: Analysis, graph: JoinGraph, seed: Seed): Candidate[] {
  const [item] = seed.select.items;
  const { expression } = item ?? {};
  if (seed.select.items.length !== 1 || expression?.aggregate !== 'count' || expression.column === null) {
    return [];
  }
  const having = seed.having.item;
  if (having.left === null || seed.order.item.by !== null) {
    return [];
  }
  if (seed.filter.items.some((other) => other.inner !== null)) {
    return [];
  }
  const { column } = expression;
  const owner = analysis.schemaIndex.columns[column]?.table;
  if (owner === undefined) {
    return [];
  }
  const counted =
    having.left.column === null ? null : (analysis.schemaIndex.columns[having.left.column]?.table ?? null);
  const near = analysis.tables
    .filter((mention) => mention.score >= 0.6 && mention.id !== owner)
    .map((mention) => mention.id);
  const options = counted !== null ? [[counted]] : [...new Set(near)].slice(0, 3).map((table) => [table]);
  if (analysis.schemaIndex.columns[column]?.primary !== true) {
    options.push([]);
  }
  return options.flatMap((extra) => {
    const tree = joinTables(graph, [
      owner,
      ...extra.filter((table) => table !== owner),
      ...seed.filter.items.map((other) => other.table),
    ]);
    if (tree === null) {
      return [];
    }
    const groups: SelectQuery = {
      ...selectFrom(tree.from, [plain(column)]),
      joins: tree.joins,
      where: conjunction(seed.filter.items.map((other) => other.condition)),
      group: [column],
      having: havingCondition(having),
    };
    const query: SelectQuery = {
      ...selectFrom(owner, [expression]),
      where: { kind: 'in', column, negated: false, query: groups },
    };
    return [candidateOf(seed, query, 'countGroups', tree.tables, extra, tree.cost)];
  });
}

/** `the players of the largest team`: all rows that belong to the one row which comes first by an order. */
export function ofTheTop(analysis: Analysis, graph: JoinGraph, seed: Seed): Candidate[] {
  const order = seed.order.item;
  const { by } = order;
  if (by === null || order.limit !== 1 || seed.having.item.left !== null) {
    return [];
  }
  if (seed.filter.items.some((other) => other.inner !== null)) {
    return [];
  }
  const select = [...seed.select.items].sort((a, b) => a.start - b.start).map((item) => item.expression);
  const aggregated = select.some((item) => item.aggregate !== null);
  if (aggregated && select.some((item) => item.aggregate === null)) {
    return [];
  }
  const tableOf = (expression: Expression): number | null =>
    expression.column === null ? null : (analysis.schemaIndex.columns[expression.column]?.table ?? null);
  const shown = new Set(select.flatMap((item) => tableOf(item) ?? []));
  if (shown.size > 1) {
    return [];
  }
  const sources =
    shown.size === 1
      ? [...shown]
      : [...new Set(analysis.tables.filter((mention) => mention.score >= 0.75).map((mention) => mention.id))];
  const candidates: Candidate[] = [];
  for (const source of sources) {
    for (const link of analysis.schemaIndex.links) {
      const [left] = link.left;
      const [right] = link.right;
      if (link.from !== source || link.left.length !== 1 || left === undefined || right === undefined) {
        continue;
      }
      if (link.from === link.to) {
        continue;
      }
      const counts = by.aggregate === 'count' && by.column === null;
      if (counts ? aggregated && shown.size === 0 && select.length > 1 : tableOf(by) !== link.to) {
        continue;
      }
      if (counts && !analysis.tables.some((mention) => mention.id === link.to && mention.score >= 0.75)) {
        continue;
      }
      if (!counts && by.aggregate !== null) {
        continue;
      }
      const top: SelectQuery = {
        ...selectFrom(counts ? source : link.to, [plain(counts ? left : right)]),
        group: counts ? [left] : [],
        order: [{ by, descending: order.descending }],
        limit: 1,
      };
      const condition: Condition = { kind: 'scalar', left: plain(left), operator: '=', query: top };
      const tree = joinTables(graph, [source, ...seed.filter.items.map((other) => other.table)]);
      if (tree === null) {
        continue;
      }
      const query: SelectQuery = {
        ...selectFrom(tree.from, select),
        joins: tree.joins,
        where: conjunction([...seed.filter.items.map((other) => other.condition), condition]),
      };
      candidates.push(candidateOf(seed, query, 'top', [...tree.tables, link.to], [], tree.cost + 1));
    }
  }
  return candidates;
}

/**
 * The same columns of two tables: of both (`phone numbers of all customers and suppliers`), those that both have, those
 * that one has and the other has not. Where the names of the things themselves are shown, what names the others.
 */
export function pairsOfTables(analysis: Analysis, seed: Seed): Candidate[] {
  const { columns, tables } = analysis.schemaIndex;
  if (seed.filter.items.length > 0 || seed.order.item.by !== null || seed.having.item.left !== null) {
    return [];
  }
  const select = [...seed.select.items].sort((a, b) => a.start - b.start).map((item) => item.expression);
  const owners = new Set(
    select.map((item) =>
      item.column === null || item.aggregate !== null ? null : columns[item.column]?.table,
    ),
  );
  const [owner] = owners;
  if (owners.size !== 1 || owner === null || owner === undefined) {
    return [];
  }
  const others = new Set(
    analysis.tables.filter((mention) => mention.score >= 0.75).map((mention) => mention.id),
  );
  if (!others.has(owner)) {
    return [];
  }
  const operators = (['union', 'intersect', 'except'] as const).filter(
    (operator) => operator === 'union' || setCues[operator].some((cue) => hasCue(analysis, cue)),
  );
  const part = (from: number, list: readonly number[]): SelectQuery => selectFrom(from, list.map(plain));
  return [...others].flatMap((other) => {
    if (other === owner) {
      return [];
    }
    const mine = select.flatMap((item) => item.column ?? []);
    const theirs = mine.flatMap((id) => {
      const words = columns[id]?.ownWords.join(' ');
      const twin = tables[other]?.columns.find((column) => columns[column]?.ownWords.join(' ') === words);
      return twin ?? (tables[owner]?.label === id ? tables[other]?.label : null) ?? [];
    });
    if (theirs.length !== mine.length) {
      return [];
    }
    return operators.map((operator) => {
      const query = { kind: 'set' as const, operator, left: part(owner, mine), right: part(other, theirs) };
      return candidateOf(seed, query, operator, [owner, other], [], 0);
    });
  });
}

/** What a question says that wants rows which two tables share, or which one of them alone has. */
const setCues = { intersect: ['both', 'also', 'common'], except: ['except', 'not', 'without'] } as const;

function candidateOf(
  seed: Seed,
  query: Query,
  shape: Candidate['shape'],
  tables: readonly number[],
  extraTables: readonly number[],
  joinCost: number,
): Candidate {
  const { select, filter, order, having, score } = seed;
  return { query, select, filter, order, having, tables, extraTables, joinCost, shape, score };
}
