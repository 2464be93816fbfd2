import type { DatePart } from '../../database/dialect.ts';
import { isSpelledVariously } from '../link/spellings.ts';
import {
  type Condition,
  countAll,
  type Expression,
  type Join,
  plain,
  type SelectQuery,
  selectFrom,
} from '../query/tree.ts';
import { soleKey } from '../schema-index/schema-index.ts';
import { joined } from './conditions/conditions.ts';
import { withCountedRows } from './conditions/counted-rows.ts';
import { meanOf } from './heads/mean-counts.ts';
import { shareOf } from './heads/shares.ts';
import { amountOf } from './heads/worked-out.ts';
import { isQuantity, labelsOf } from './names.ts';
import { partitionOf } from './partition.ts';
import { joinsOf } from './paths.ts';
import type { Context, Reading } from './reading.ts';
import { tiedBy } from './ties.ts';

/** Whether a column is one of a table, or a key that refers to it. */
const isOf = ({ analysis: { schemaIndex }, lowers }: Context, column: number, table: number): boolean =>
  schemaIndex.columns[column]?.table === table ||
  (lowers.some((word) => /^(?:id|code|number)s?$/u.test(word)) &&
    schemaIndex.links.some(({ to, left }) => to === table && left.includes(column)));

/** The query that a reading of a whole question means; null where what was read makes none. */
export function queryOf(context: Context, reading: Reading): SelectQuery | null {
  const { analysis, table, paths } = context;
  const { schemaIndex } = analysis;
  if (
    !reading.named ||
    reading.negated ||
    reading.having ||
    reading.compares ||
    (reading.ofEach && reading.order === null)
  ) {
    return null;
  }
  // `cost of repairs per month` is added up; what else is shown has no place beside groups.
  const summed =
    reading.groups.length > 0 && !reading.ofEach && reading.asked === 'rows' ? reading.shown : [];
  const [sum] = summed;
  if (sum !== undefined) {
    const column = schemaIndex.columns[sum];
    return summed.length > 1 || column === undefined || !isQuantity(analysis, column)
      ? null
      : queryOf(context, {
          ...reading,
          shown: [],
          asked: 'sum',
          head: 'sum',
          measure: { ...plain(sum), aggregate: 'sum' },
        });
  }
  const asked =
    reading.asked === 'rows' && reading.groups.length > 0 && !reading.ofEach
      ? reading.head === null
        ? 'count'
        : null
      : reading.asked;
  if (asked === null || (reading.limit !== null && reading.order === null)) {
    return null;
  }
  const mean = meanOf(context, reading);
  if (mean === null) {
    return null;
  }
  const { operator = null } = reading.countCondition?.kind === 'compare' ? reading.countCondition : {};
  // Rows to which none belong are among those with few, and counts of rows count each once.
  if (operator !== null && (asked !== 'rows' || /^[<=]/u.test(operator))) {
    const meant = withCountedRows(context, reading);
    return meant === null ? null : queryOf(context, meant);
  }
  const share = reading.share === null ? null : shareOf(context, reading);
  if (reading.share !== null && share === null) {
    return null;
  }
  const joins: Join[] = [];
  const reach = (to: number, ways = paths.get(to) ?? []): boolean => {
    const [way] = ways;
    if (way === undefined || ways.length > 1) {
      return false;
    }
    for (const join of joinsOf(way)) {
      const known = joins.find(({ table: other }) => other === join.table);
      // One table can't stand for both ends of a row.
      if (known !== undefined && JSON.stringify(known.on) !== JSON.stringify(join.on)) {
        return false;
      }
      if (known === undefined) {
        joins.push(join);
      }
    }
    return true;
  };
  const parts = new Map<number, DatePart>();
  const group: number[] = [];
  const keys: number[] = [];
  const sortedBy: number[] = [];
  let multiplies = false;
  const groups = mean === undefined ? reading.groups : [];
  if (mean !== undefined && !reach(mean.way.to, [mean.way])) {
    return null;
  }
  for (const grouping of reading.within === null ? groups : [reading.within]) {
    if (grouping.kind === 'time') {
      const owner = schemaIndex.columns[grouping.column]?.table ?? table.id;
      if (owner !== table.id && !reach(owner)) {
        return null;
      }
      parts.set(grouping.column, grouping.part);
      group.push(grouping.column);
      sortedBy.push(grouping.column);
    } else if (grouping.kind === 'column') {
      const owner = schemaIndex.columns[grouping.column]?.table ?? table.id;
      if (owner !== table.id && !reach(owner)) {
        return null;
      }
      group.push(grouping.column);
    } else {
      const other = schemaIndex.tables[grouping.table];
      const ways = grouping.way === undefined ? undefined : [grouping.way];
      if (other === undefined || !reach(other.id, ways)) {
        return null;
      }
      multiplies ||= ways === undefined && paths.get(other.id)?.[0]?.steps.some(({ up }) => !up) === true;
      // `role codes and the number of people in each role` asks for the codes.
      const asked = reading.shown.filter((id) => isOf(context, id, other.id));
      const labels = asked.length > 0 ? asked : labelsOf(analysis, other);
      const key = soleKey(other);
      group.push(...(labels.length > 0 ? labels : other.primaryKey));
      if (key !== undefined && !group.includes(key)) {
        keys.push(key);
      }
    }
  }
  const { counted, countCondition } = reading;
  // `in 2025, who has the most orders?` may mean the people of that year or the orders.
  if (counted !== null && (reading.dated || !reach(counted.to, [counted]))) {
    return null;
  }
  const own = soleKey(table);
  const ownKeys = own === undefined ? table.primaryKey : [own];
  const tied = asked === 'rows' && !reading.ofEach && counted === null ? tiedBy(context, reading) : [];
  const ties = tied.filter(({ to }) => reach(to)).flatMap((link) => link.labels);
  const labels = [...new Set([...ties, ...labelsOf(analysis, table)])];
  const display = reading.shown.length > 0 ? reading.shown : labels;
  const values = reading.ofEach ? group : ranksValues(context, reading) ? reading.shown : null;
  const conditions = share?.base ?? reading.conditions;
  const where = conditions.length === 0 ? null : joined('and', withoutRepeats(conditions));
  const spelled = new Set(
    [...group, ...(values ?? [])].filter((id) => isSpelledVariously(analysis.lookup, id)),
  );
  const base = {
    ...selectFrom(table.id, []),
    joins,
    where,
    ...(parts.size === 0 ? {} : { parts }),
    ...(spelled.size === 0 ? {} : { spelled }),
  };
  const order =
    reading.order === null ? [] : [{ by: reading.order.by, descending: reading.order.descending }];
  // `the cheapest rooms` are several: all of them, in that order.
  const open =
    reading.plural && reading.limit === 1 && reading.offset === null && counted === null && !reading.ofEach;
  const cut = {
    limit: open ? null : reading.limit,
    ...(reading.offset === null ? {} : { offset: reading.offset }),
  };
  const having = countCondition;
  if (reading.within !== null) {
    const [first] = order;
    if (
      first === undefined ||
      reading.limit === null ||
      having !== null ||
      asked !== 'rows' ||
      reading.ofEach ||
      reading.groups.length > 0 ||
      multiplies ||
      spelled.size > 0 ||
      parts.size > 0
    ) {
      return null;
    }
    const within = partitionOf(context, reading.within);
    const rows = display.length > 0 ? display : table.columns;
    const shown = [...new Set([...group, ...rows])];
    const isShown = first.by.aggregate === null && shown.includes(first.by.column ?? -1);
    return {
      ...base,
      select: [...shown.map(plain), ...(isShown ? [] : [first.by])],
      group: counted === null ? [] : [...new Set([...shown, ...ownKeys, ...within])],
      // One place alone is nobody's where rows tie: their keys tell them apart.
      order:
        reading.offset === null
          ? order
          : [...order, ...ownKeys.map((id) => ({ by: plain(id), descending: false }))],
      limit: reading.limit,
      ...(reading.offset === null ? {} : { offset: reading.offset }),
      within,
    };
  }
  if (asked === 'rows' && (reading.ofEach || counted !== null)) {
    // A ranking shows what it ranks by; the one that is asked for stands alone, and so do columns that are.
    const shown = values ?? (display.length > 0 ? display : ownKeys);
    const ranked = order.map(({ by }) => by);
    const several = reading.limit !== 1 && reading.shown.length === 0;
    const nonNull = (values ?? []).flatMap((id): Condition[] =>
      schemaIndex.columns[id]?.column.nullable === true ? [{ kind: 'null', column: id, negated: true }] : [],
    );
    const all = [...(where === null ? [] : [where]), ...nonNull];
    return {
      ...base,
      where: all.length === 0 ? null : joined('and', all),
      select: [...shown.map(plain), ...(several ? ranked : [])],
      group: [...new Set([...shown, ...(values === null ? ownKeys : [])])],
      having,
      order,
      ...cut,
    };
  }
  if (having !== null) {
    return null;
  }
  if (asked === 'rows') {
    return {
      ...base,
      select: display.length > 0 ? display.map(plain) : [{ ...plain(0), column: null }],
      order,
      ...cut,
    };
  }
  const measure =
    mean !== undefined
      ? mean.measure
      : share === null
        ? measureOf(context, reading, asked === 'count', multiplies, own)
        : multiplies
          ? null
          : share.measure;
  if (measure === null || reading.order !== null) {
    return null;
  }
  return {
    ...base,
    select: [...group.map(plain), measure],
    group: [...group, ...keys],
    order: sortedBy.map((id) => ({ by: plain(id), descending: false })),
  };
}

/** Whether values are ranked, `which brand of bikes is repaired most often`, and not the rows that have them. */
function ranksValues({ analysis }: Context, { head, counted, shown }: Reading): boolean {
  const tellsRow = (id: number): boolean => {
    const column = analysis.schemaIndex.columns[id];
    return (
      column?.primary === true || column?.words.some((word) => word === 'name' || word === 'title') === true
    );
  };
  return head === 'which' && counted !== null && shown.length > 0 && !shown.some(tellsRow);
}

function measureOf(
  context: Context,
  reading: Reading,
  counts: boolean,
  multiplies: boolean,
  own: number | undefined,
): Expression | null {
  if (counts) {
    return multiplies
      ? own === undefined
        ? null
        : { aggregate: 'count', distinct: true, column: own }
      : countAll;
  }
  if (multiplies) {
    return null;
  }
  if (reading.measure !== null) {
    return reading.measure;
  }
  const amount = amountOf(context);
  return amount === null || reading.asked === 'rows' || reading.asked === 'count'
    ? null
    : { ...plain(amount), aggregate: reading.asked };
}

function withoutRepeats(conditions: readonly Condition[]): readonly Condition[] {
  const seen = new Map(conditions.map((condition) => [JSON.stringify(condition), condition]));
  return [...seen.values()];
}
