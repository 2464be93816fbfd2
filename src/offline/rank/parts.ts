import { type Analysis, distanceBefore as distance } from '../analysis/analysis.ts';
import { type FeatureTable, indexOf } from '../analysis/feature.ts';
import type { Candidate, Scored } from '../grammar/candidate.ts';
import { selectFeatures } from '../grammar/select.ts';
import type { NameMention } from '../link/mention.ts';
import type { SelectQuery } from '../query/tree.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import type { CandidateFact, Chosen } from './fact.ts';

/** What is selected, and whether it is what was filtered, ordered or grouped by. */
export const shownFeatures: FeatureTable<CandidateFact> = [
  ['selectsFiltered', selectsFiltered],
  ['orderSelected', orderSelected],
  ['labels', ({ analysis, main }) => plainColumns(main).filter((id) => isLabel(analysis, id)).length],
  ['keys', ({ analysis, main }) => plainColumns(main).filter((id) => isKey(analysis, id)).length],
  ['groupsByLabel', ({ analysis, main }) => (main.group.some((id) => isLabel(analysis, id)) ? 1 : 0)],
  ['groupsByKey', ({ analysis, main }) => (main.group.some((id) => isKey(analysis, id)) ? 1 : 0)],
];

const plainColumns = ({ select }: SelectQuery): number[] =>
  select.flatMap(({ aggregate, column }) => (aggregate === null && column !== null ? [column] : []));

function isLabel({ schemaIndex }: Analysis, id: number): boolean {
  const table = schemaIndex.columns[id]?.table;
  return table !== undefined && schemaIndex.tables[table]?.label === id;
}

function isKey({ schemaIndex }: Analysis, id: number): boolean {
  const column = schemaIndex.columns[id];
  return column?.primary === true || column?.foreign === true;
}

/** Shown columns of which every row has the one value that a condition asks for. */
function selectsFiltered({ candidate, main }: CandidateFact): number {
  const fixed = new Set(
    candidate.filter.items.flatMap(({ condition }) =>
      condition.kind === 'compare' && condition.operator === '=' && condition.left.column !== null
        ? [condition.left.column]
        : [],
    ),
  );
  return plainColumns(main).filter((id) => fixed.has(id)).length;
}

function orderSelected({ main }: CandidateFact): number {
  const by = main.order[0]?.by.column;
  return by != null && plainColumns(main).includes(by) ? 1 : 0;
}

const behind = indexOf(selectFeatures, 'behind');

type WithFeatures = readonly { readonly features: readonly number[] }[];

const mostBehind = (items: WithFeatures): number =>
  Math.max(0, ...items.map(({ features }) => features[behind] ?? 0));

const orderItems = ({ candidate: { order } }: CandidateFact): WithFeatures =>
  order.item.by === null ? [] : [order.item];

/** By how much better names of the same words are than those that were chosen. */
export const behindFeatures: FeatureTable<CandidateFact> = [
  ['behindSelect', ({ candidate }) => mostBehind(candidate.select.items)],
  ['behindFilter', ({ candidate }) => mostBehind(candidate.filter.items)],
  ['behindOrder', (fact) => mostBehind(orderItems(fact))],
  [
    'behindAll',
    (fact) =>
      [...fact.candidate.select.items, ...orderItems(fact)].reduce(
        (sum, { features }) => sum + (features[behind] ?? 0),
        0,
      ),
  ],
];

/** How well the question speaks of the tables that were joined. */
export const tableFeatures: FeatureTable<CandidateFact> = [
  ['extraCovered', extraCovered],
  ['unnamedTables', (fact) => nameScores(fact).filter((score) => score < 0.4).length],
  ['partlyNamed', (fact) => nameScores(fact).filter((score) => score >= 0.4 && score < 0.8).length],
  ['sameTable', ({ shown }) => (shown.size === 1 ? 1 : 0)],
  [
    'joinsOfOthers',
    ({ analysis, candidate, used }) =>
      candidate.tables.length -
      new Set([...used].map((column) => analysis.schemaIndex.columns[column]?.table)).size,
  ],
];

/** The words that name a table best. */
function bestMention({ tables }: Analysis, table: number): NameMention | undefined {
  let best: NameMention | undefined;
  for (const mention of tables) {
    if (mention.id === table && (best === undefined || mention.score > best.score)) {
      best = mention;
    }
  }
  return best;
}

const nameScores = ({ analysis, candidate }: CandidateFact): number[] =>
  candidate.tables.map((table) => bestMention(analysis, table)?.score ?? 0);

/** Extra tables that say nothing of their own: their words are those of a column already used. */
function extraCovered({ analysis, candidate, used }: CandidateFact): number {
  return candidate.extraTables.filter((table) => {
    const mention = bestMention(analysis, table);
    return (
      mention !== undefined &&
      analysis.columns.some(
        ({ id, score, start, end }) =>
          used.has(id) && score >= 0.75 && start <= mention.start && mention.end <= end,
      )
    );
  }).length;
}

/** The least probability of what was chosen, and the greatest of what was left though no chosen item has its words. */
export function chosenAndLeft<Item extends { readonly start: number; readonly end: number }>(
  scored: readonly Scored<Item>[],
  chosen: readonly Item[],
  same: (a: Item, b: Item) => boolean,
): Chosen {
  let least = 1;
  let left = 0;
  for (const { item, probability } of scored) {
    if (chosen.includes(item)) {
      least = Math.min(least, probability);
    } else if (
      !chosen.some((other) => (other.start < item.end && item.start < other.end) || same(other, item))
    ) {
      left = Math.max(left, probability);
    }
  }
  return { least, left };
}

/** Tokens between a word for `distinct` and the first thing selected. */
export function distinctBefore(analysis: Analysis, candidate: Candidate): number {
  const first = Math.min(...candidate.select.items.map((item) => item.start));
  return distance(analysis, 'distinct', first);
}

/** Joins that may repeat rows of what is selected: steps from a key to those that refer to it. */
export function fanOut(analysis: Analysis, query: SelectQuery): number {
  let count = 0;
  for (const join of query.joins) {
    if (join.on.every(([, right]) => analysis.schemaIndex.columns[right]?.primary !== true)) {
      count++;
    }
  }
  return count;
}

/** Tables to which two or more joined tables refer: each row of one is repeated for every row of the other. */
export function chasms(schemaIndex: SchemaIndex, query: SelectQuery): number {
  const referring = new Map<number, number>();
  for (const join of query.joins) {
    for (const [left, right] of join.on.slice(0, 1)) {
      const one = [left, right].find((id) => schemaIndex.columns[id]?.primary === true);
      const table = one === undefined ? undefined : schemaIndex.columns[one]?.table;
      if (table !== undefined) {
        referring.set(table, (referring.get(table) ?? 0) + 1);
      }
    }
  }
  return [...referring.values()].filter((count) => count > 1).length;
}
