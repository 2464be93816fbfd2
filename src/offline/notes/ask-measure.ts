import type { Answer } from '../../model/answer.ts';
import type { ModelRequest } from '../../model/model.ts';
import { lemmaOf } from '../language/lemma.ts';
import { type Token, tokenize } from '../language/tokenize.ts';
import type { Prepared } from '../parse.ts';
import { joinTables } from '../query/joins.ts';
import { writeSql } from '../query/sql.ts';
import { type Expression, plain, type SelectQuery } from '../query/tree.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';
import { expandMeasures, type Measure } from './measures.ts';

/** A question about a measure, taken apart. */
interface Asked {
  /** Words of what it is asked by; empty for the whole. */
  readonly by: readonly string[];
  /** Null for each of them in no order. */
  readonly ranked: { readonly descending: boolean; readonly limit: number | null } | null;
}

const each = `(?:by|per|for (?:each|every|all)|of (?:each|every)|in (?:each|every)|(?:grouped|split|broken down) by|across)`;
const ask = `(?:(?:please )?(?:show|give|tell|list|get)(?: me| us)?(?: the)? |what (?:is|are|was|were) (?:the |our )?|how much (?:is|was) (?:the |our )?|the )?`;
const sum = `(?:(?:total|overall|whole|entire|sum of(?: the)?|all)(?: of)?(?: the)? )?`;
const extreme = `(?<extreme>highest|most|largest|biggest|greatest|best|lowest|least|smallest|worst)`;
const has = `(?:has|have|had|with|made|make|makes|bring|brings|brought(?: in)?|generates?|generated|got|get|gets|earned|earns?|produced|produces?)`;

/** Forms of questions about a measure, which stands as `MEASURE`; whatever else is said fits none. */
const forms: readonly RegExp[] = [
  new RegExp(`^${ask}${sum}MEASURE(?: ${each} (?:the )?(?<by>.+))?$`, 'u'),
  new RegExp(
    `^(?:${ask}|which (?:are )?(?:the )?|who are the )(?:top (?<top>NUMBER ))?(?<by>.+?) (?:${has} )?(?:by|in|ranked by|ordered by|sorted by) ${sum}MEASURE$`,
    'u',
  ),
  new RegExp(
    `^(?:(?:which|what) |${ask})(?:are )?(?:the )?(?<top>NUMBER )?(?<by>.+?) (?:that |who |which )?${has} (?:the )?${extreme} ${sum}MEASURE$`,
    'u',
  ),
];

/**
 * Answers a question whose every word belongs to one of a few forms: a measure as a whole, by something, or the first of
 * something by it. Null for any other: the measure is then a column like others.
 */
export function askMeasure(
  { question, attempts, rejected = [] }: ModelRequest,
  measures: readonly Measure[],
  prepared: Prepared,
): Answer | null {
  if (rejected.length > 0) {
    return null;
  }
  for (const measure of measures) {
    const asked = readForm(tokenize(question), measure);
    if (asked === null) {
      continue;
    }
    const query = queryOf(asked, measure, prepared);
    if (query === null) {
      continue;
    }
    const sql = writeSql(prepared.schemaIndex, query);
    const expanded = expandMeasures(sql, measures, prepared.schemaIndex.dialect);
    if (attempts.some((attempt) => attempt.sql === expanded)) {
      continue;
    }
    return {
      kind: 'sql',
      sql,
      reasoning: 'Read without a model, by the notes.',
      assumptions: [],
    };
  }
  return null;
}

/** The form that fits, what it is asked by, and how it is ranked. */
function readForm(tokens: readonly Token[], { term }: Measure): Asked | null {
  const said = tokens.filter(({ kind }) => kind !== 'mark');
  const wanted = tokenize(term.split('.').at(-1)?.replaceAll('_', ' ') ?? '').map(({ lemma }) => lemma);
  const start = said.findIndex((_token, index) =>
    wanted.every((word, at) => said[index + at]?.lemma === word),
  );
  if (start === -1 || wanted.length === 0) {
    return null;
  }
  const numbers: number[] = [];
  const word = ({ number, lower }: Token): string => {
    if (number === null) {
      return lower;
    }
    numbers.push(number);
    return 'NUMBER';
  };
  const text = [
    ...said.slice(0, start).map(word),
    'MEASURE',
    ...said.slice(start + wanted.length).map(word),
  ].join(' ');
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined) {
      continue;
    }
    const { by, top, extreme: end } = groups;
    const [limit] = numbers;
    if (
      by?.includes('NUMBER') === true ||
      (top === undefined) !== (limit === undefined) ||
      numbers.length > 1
    ) {
      continue;
    }
    const words = (by ?? '').split(' ').filter((part) => part !== '');
    if (form === forms[0]) {
      return { by: words, ranked: null };
    }
    const isOne = end !== undefined && limit === undefined && lemmaOf(words.at(-1) ?? '') === words.at(-1);
    const descending = !/^(?:lowest|least|smallest|worst)$/u.test(end ?? '');
    if (end === undefined && limit === undefined) {
      return { by: words, ranked: null };
    }
    return { by: words, ranked: { descending, limit: limit ?? (isOne ? 1 : null) } };
  }
  return null;
}

/** The query, where the words name one column or one table that the measure's table reaches without repeating its rows. */
function queryOf({ by, ranked }: Asked, measure: Measure, prepared: Prepared): SelectQuery | null {
  const { schemaIndex, graph } = prepared;
  const own = schemaIndex.tables.find(
    ({ table }) => table.schema === measure.table.schema && table.name === measure.table.name,
  );
  const column = own?.columns.find((id) => schemaIndex.columns[id]?.name === measure.name);
  if (own === undefined || column === undefined) {
    return null;
  }
  const summed: Expression = { aggregate: 'sum', distinct: false, column };
  const query = { kind: 'select', distinct: false, from: own.id, where: null, having: null } as const;
  if (by.length === 0) {
    return { ...query, select: [summed], joins: [], group: [], order: [], limit: null };
  }
  const group = groupOf(by, own.id, prepared);
  const tree = group === null ? null : joinTables(graph, [own.id, group.table]);
  if (group === null || tree === null) {
    return null;
  }
  const repeats = tree.joins.some(({ on }) => on.some(([, right]) => !isKey(schemaIndex.columns[right])));
  if (repeats) {
    return null;
  }
  return {
    ...query,
    from: tree.from,
    joins: tree.joins,
    select: [...group.shown.map(plain), summed],
    group: group.columns,
    order: ranked === null ? [] : [{ by: summed, descending: ranked.descending }],
    limit: ranked?.limit ?? null,
  };
}

function isKey(column: IndexedColumn | undefined): boolean {
  return column !== undefined && (column.primary || column.unique);
}

/** What the words group by: a column, or the rows of a table with the name that people know them by. */
function groupOf(
  words: readonly string[],
  from: number,
  { schemaIndex, graph }: Prepared,
): { readonly table: number; readonly columns: readonly number[]; readonly shown: readonly number[] } | null {
  const wanted = words.map(lemmaOf).join(' ');
  const named = (own: readonly string[]): boolean => own.map(lemmaOf).join(' ') === wanted;
  const table = schemaIndex.tables.find(({ words: own }) => named(own));
  if (table?.label != null) {
    const key = table.primaryKey.filter((id) => id !== table.label);
    return { table: table.id, columns: [...key, table.label], shown: [table.label] };
  }
  const reached = schemaIndex.columns
    .filter(({ words: own, ownWords }) => named(own) || named(ownWords))
    .filter((column) => !column.primary && !column.foreign && column.class !== 'date')
    .flatMap((column) => {
      const tree = joinTables(graph, [from, column.table]);
      const once = tree?.joins.every(({ on }) => on.every(([, right]) => isKey(schemaIndex.columns[right])));
      return tree !== null && once === true ? [{ column, cost: tree.cost }] : [];
    });
  const [only, ...others] = reached;
  if (only === undefined || others.length > 0) {
    return null;
  }
  return { table: only.column.table, columns: [only.column.id], shown: [only.column.id] };
}
