import type { Row } from '../../database/database.ts';
import type { Doubt } from '../doubt.ts';
import { grouped, item, type Look, type LookContext, selectText, standsAlone } from '../look.ts';
import { limitOf } from '../row-limit.ts';
import type { Scope, Source } from '../scope.ts';
import { conjunctsOf, functionName, type Node, nameOf, nodeIn, nodesAt, textIn, walk } from '../sql-tree.ts';
import { shownBy } from './tie.ts';

/** So many rows that share a place at a cut are read. */
const mostRows = 1000;

/** Rows that a subquery numbers, of which the SELECT around it keeps some. */
interface Numbering {
  readonly scope: Scope;
  readonly inner: Scope;
  readonly window: Node;
  /** Empty where all rows are numbered as one. */
  readonly partition: readonly Node[];
  readonly order: readonly Node[];
  /** What the SELECT around it uses of each row. */
  readonly used: readonly Node[];
  readonly last: number;
  /** The last one alone is kept. */
  readonly isOne: boolean;
}

/** Finds `ROW_NUMBER() OVER (… ORDER BY …) <= n` that cuts between rows of the same place. */
export const lookForNumberedTies: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    const conditions = [nodeIn(scope.select, 'where'), ...scope.sources.map(({ on }) => on)];
    for (const condition of conditions.flatMap(conjunctsOf)) {
      const numbering = numberingOf(context, scope, condition);
      const doubt = numbering === null ? null : await tieIn(context, numbering);
      if (doubt !== null) {
        doubts.push(doubt);
      }
    }
  }
  return doubts;
};

/** What a condition such as `rn <= 3` or `rn = 1` cuts; null where it does no such thing. */
function numberingOf(context: LookContext, scope: Scope, condition: Node): Numbering | null {
  const [column, cut] = [nodeIn(condition, 'left'), cutOf(condition)];
  const name = column?.['type'] === 'column_ref' ? nameOf(column['column']) : null;
  if (column === null || name === null || cut === null) {
    return null;
  }
  for (const source of sourcesOf(scope, column)) {
    const { inner } = source;
    const columns = inner === null || limitOf(inner) !== null ? null : shownBy(context, inner);
    const numbered = columns?.find((one) => calledBy(one) === name.toLowerCase());
    const window = numbered === undefined ? null : nodeIn(numbered, 'expr');
    const by = window === null ? null : rowNumbering(window);
    if (inner === null || columns === null || window === null || by === null || !standsAlone(inner)) {
      continue;
    }
    const names = namesUsed(scope, source);
    const used = columns.filter(
      (one) => one !== numbered && (names === null || names.has(calledBy(one) ?? '')),
    );
    return { scope, inner, window, ...by, used: nodesAt(used, 'expr'), ...cut };
  }
  return null;
}

/** The last number that a comparison keeps. */
function cutOf(condition: Node): { readonly last: number; readonly isOne: boolean } | null {
  const right = nodeIn(condition, 'right');
  const number = right?.['type'] === 'number' ? Number(right['value']) : Number.NaN;
  const last = textIn(condition, 'operator') === '<' ? number - 1 : number;
  const isOne = /^==?$/u.test(textIn(condition, 'operator') ?? '');
  const isCut = isOne || /^<=?$/u.test(textIn(condition, 'operator') ?? '');
  return isCut && Number.isInteger(last) && last > 0 ? { last, isOne } : null;
}

function sourcesOf(scope: Scope, column: Node): readonly Source[] {
  const qualifier = nameOf(column['table'])?.toLowerCase() ?? null;
  return scope.sources.filter(({ alias }) => qualifier === null || alias.toLowerCase() === qualifier);
}

/** The name of an item of a SELECT list, in lower case. */
function calledBy(column: Node): string | null {
  const name = textIn(column, 'as') ?? nameOf(nodeIn(column, 'expr')?.['column']);
  return name?.toLowerCase() ?? null;
}

/** What a ROW_NUMBER is reckoned by; null for any other expression, and where it has no order. */
function rowNumbering(window: Node): Pick<Numbering, 'partition' | 'order'> | null {
  const over = nodeIn(window, 'over');
  const specified = over === null ? null : nodeIn(over, 'as_window_specification');
  const by = specified === null ? null : nodeIn(specified, 'window_specification');
  const order = nodesAt(by?.['orderby'], 'expr');
  const name = window['type'] === 'window_func' ? textIn(window, 'name') : functionName(window);
  return name?.toUpperCase() === 'ROW_NUMBER' && order.length > 0
    ? { partition: nodesAt(by?.['partitionby'], 'expr'), order }
    : null;
}

/** RANK in the place of ROW_NUMBER, as the parser of each engine has functions. */
function rankOf(window: Node): Node {
  const name = textIn(window, 'name') === null ? { name: [{ type: 'default', value: 'RANK' }] } : 'RANK';
  return { ...window, name };
}

/** The columns of a source that a SELECT uses anywhere, in lower case; null for all. */
function namesUsed({ select }: Scope, { alias }: Source): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const node of walk(select, { intoSelects: false })) {
    const qualifier = nameOf(node['table'])?.toLowerCase() ?? null;
    if (node['type'] !== 'column_ref' || (qualifier !== null && qualifier !== alias.toLowerCase())) {
      continue;
    }
    const name = nameOf(node['column']);
    if (name === '*') {
      return null;
    }
    names.add(name?.toLowerCase() ?? '');
  }
  return names;
}

async function tieIn(context: LookContext, numbering: Numbering): Promise<Doubt | null> {
  const { inner, window, partition, order, used, last, isOne } = numbering;
  const rank = rankOf(window);
  const text = selectText(context, inner, {
    columns: [
      ...[...used, ...order].map((node, index) => item(node, `c${index}`)),
      ...partition.map((node, index) => item(node, `p${index}`)),
      item(rank, 'place'),
    ],
    orderby: null,
    limit: null,
    distinct: null,
  });
  if (text === null || used.length === 0) {
    return null;
  }
  const group = [...partition.map((_, index) => `p${index}`), 'place'].join(', ');
  const isCut = isOne ? `tied > 1 AND place + tied > ${last}` : `place + tied > ${last + 1}`;
  const rows = await context.probe(
    `SELECT * FROM (SELECT ranked.*, COUNT(*) OVER (PARTITION BY ${group}) AS tied FROM (${text}) AS ranked) AS counted WHERE place <= ${last} AND ${isCut}`,
    mostRows,
  );
  const cut = cutGroups(rows ?? [], used.length, used.length + order.length);
  const [first] = cut;
  if (first === undefined) {
    return null;
  }
  const value = first
    .slice(used.length, used.length + order.length)
    .map(String)
    .join(', ');
  const [place, together] = [Number(first.at(-2)), Number(first.at(-1))];
  const tied = isOne ? together - 1 : place + together - 1 - last;
  return {
    kind: 'tie',
    sentence: partition.length > 0 ? cutText(cut, used.length + order.length) : tieText(tied, value),
    evidence: { shown: last, tied, place: value },
    mendedSql: isOne && last > 1 ? null : context.tree.write(new Map([[window, rank]])),
  };
}

/** A row of each group whose rows share a place and differ in what is used of them. */
function cutGroups(rows: readonly Row[], used: number, keysFrom: number): readonly Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.slice(keysFrom).map(String).join('\0');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const seen = new Set(group.map((row) => row.slice(0, used).map(String).join('\0')));
    return seen.size > 1 ? group.slice(0, 1) : [];
  });
}

function tieText(tied: number, value: string): string {
  const others = tied === 1 ? '1 other row has' : `${grouped(tied)} other rows have`;
  return `${others} the same value (${value}) as the last one shown: which of them is shown is chance.`;
}

function cutText(cut: readonly Row[], keysFrom: number): string {
  const [first = []] = cut;
  const name = first.slice(keysFrom, -2).map(String).join(', ');
  return cut.length === 1
    ? `1 group (${name}) is cut between rows of the same place: which of them is shown is chance.`
    : `${grouped(cut.length)} groups, such as ${name}, are cut between rows of the same place: which of them is shown is chance.`;
}
