import type { DatePart } from '../../database/dialect.ts';
import type { Answer } from '../../model/answer.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { groupedBy } from '../follow-up/change-grouping.ts';
import { dateColumns } from '../follow-up/dates.ts';
import { columnName, makeDraft } from '../follow-up/draft.ts';
import { interpretationOf } from '../interpretation.ts';
import { type Interpretations, type Prepared, parse, type Ranked, type Weights } from '../parse.ts';
import { writeSql } from '../query/sql.ts';
import { countAll, plain, type SelectQuery } from '../query/tree.ts';
import { partAt } from '../time/parts.ts';

/** A question that asks for one row a stretch of time: which, and the question without the words that say so. */
export interface ByPeriod {
  readonly part: DatePart;
  readonly words: string;
  readonly rest: string;
}

/** Reads `orders per month` as `orders` by months; null where a column of what is asked for is called so: it groups by that. */
export function askedByPeriod(analysis: Analysis): ByPeriod | null {
  const { question, tokens } = analysis;
  const lowers = tokens.map(({ lower }) => lower);
  // `ordered by year` asks for an order, and so may `by date`.
  const start = lowers.findIndex(
    (_, at) =>
      partAt(lowers, at) !== null &&
      !/^(?:sort|sorted|order|ordered|rank|ranked|arrange|arranged)$/u.test(lowers[at - 1] ?? '') &&
      lowers[(partAt(lowers, at)?.next ?? 0) - 1] !== 'date',
  );
  const found = partAt(lowers, start);
  const [first, last] = [tokens[start], tokens[(found?.next ?? 0) - 1]];
  // `by month and status` asks for both at once, which the rest alone does not say.
  if (found === null || first === undefined || last === undefined || lowers[found.next] === 'and') {
    return null;
  }
  const asked = new Set(analysis.tables.filter(({ score }) => score >= 0.6).map(({ id }) => id));
  const named = analysis.columns.some(
    ({ id, start: from, end, score }) =>
      score >= 0.75 &&
      (asked.size === 0 || asked.has(analysis.schemaIndex.columns[id]?.table ?? -1)) &&
      from < found.next &&
      start < end,
  );
  if (named) {
    return null;
  }
  const rest = `${question.slice(0, first.start)} ${question.slice(last.end)}`;
  return {
    part: found.part,
    words: question.slice(first.start, last.end),
    rest: rest.replace(/\s+/gu, ' ').trim(),
  };
}

/** What a question asks by time, with how sure its rest is; null where nothing counted or worked out has a date. */
export function answerByPeriod(
  { part, words, rest }: ByPeriod,
  prepared: Prepared,
  weights: Weights,
  now: Date,
): {
  readonly probability: number;
  /** What the words besides those of time may mean. */
  readonly rest: Interpretations;
  readonly interpretations: readonly (Answer & { readonly kind: 'sql' })[];
} | null {
  const parsed = parse(rest, prepared, weights, now);
  const { analysis, ranked } = parsed;
  const [first] = ranked;
  const measured = first === undefined ? null : measuredQuery(first);
  if (first === undefined || measured === null) {
    return null;
  }
  // Which of their columns would be shown does not matter where rows are counted.
  const counted = writeSql(prepared.schemaIndex, measured);
  const alike = ranked.filter((entry) => {
    const query = entry.unread.length === 0 ? measuredQuery(entry) : null;
    return query !== null && writeSql(prepared.schemaIndex, query) === counted;
  });
  const probability = Math.max(
    parsed.probability,
    alike.length < 2 ? 0 : alike.reduce((sum, { share }) => sum + share, 0),
  );
  const draft = makeDraft(analysis, prepared.graph, measured, []);
  const columns = dateColumns(draft);
  const interpretations = columns.flatMap((column) => {
    const made = groupedBy(draft, [], column, part, measured.group.length > 0);
    if (made === null) {
      return [];
    }
    const inOrder = [column, ...measured.group].map((id) => ({ by: plain(id), descending: false }));
    const by = `${words} → one row for each ${part} of ${columnName(analysis, column)}`;
    return [
      {
        kind: 'sql' as const,
        sql: writeSql(prepared.schemaIndex, { ...made.query, order: inOrder }),
        reasoning: `Read without a model; ${Math.round(probability * 100)} % sure.`,
        assumptions: [...interpretationOf(analysis, first.candidate), by],
      },
    ];
  });
  return { probability, interpretations, rest: parsed };
}

/** The query if it works something out; rows that are merely listed are counted. Null where time means nothing to it. */
function measuredQuery({ candidate }: Ranked): SelectQuery | null {
  const { query } = candidate;
  if (query.kind !== 'select' || query.limit !== null || query.having !== null) {
    return null;
  }
  if (query.select.some(({ aggregate }) => aggregate !== null)) {
    return query;
  }
  return query.distinct || query.order.length > 0 ? null : { ...query, select: [countAll] };
}
