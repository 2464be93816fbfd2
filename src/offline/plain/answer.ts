import type { Answer, Choice } from '../../model/answer.ts';
import type { ModelRequest } from '../../model/model.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { interpretationOf } from '../interpretation.ts';
import type { Covered, Interpretations } from '../parse.ts';
import { canonicalKey } from '../query/canonical.ts';
import type { SelectQuery } from '../query/tree.ts';
import { queryInWords } from '../query/words.ts';
import { type PlainReading, readPlain } from './plain.ts';

/** A reading that costs more is no answer; one that another comes nearer than this is not the only one. */
const furthest = 0.8;
const apart = 0.12;

/** What a plain question means, read to its last word and in one way; null where the rules find none, or several. */
export function plainReading(analysis: Analysis, request: ModelRequest): PlainReading | null {
  const { attempts, rejected = [] } = request;
  const tried = new Set(attempts.map(({ sql }) => sql));
  const open = readPlain(analysis).filter(
    ({ sql, lines }) => !tried.has(sql) && !lines.some((line) => rejected.includes(line)),
  );
  return rejected.length > 0 ? null : theReading(open);
}

/** The one of several readings that is near enough, and nearer than all others; null where none is. */
export function theReading([first, second]: readonly PlainReading[]): PlainReading | null {
  return first === undefined ||
    first.cost > furthest ||
    (second !== undefined && second.cost - first.cost < apart)
    ? null
    : first;
}

/**
 * The answer to a plain question of whose reading before, `sql`, the user rejects lines: the same words read otherwise, all
 * else as it was. Null where `sql` was no plain reading.
 */
export function plainAgain(
  analysis: Analysis,
  sql: string,
  rejected: readonly string[],
): PlainReading | 'no other' | null {
  const readings = readPlain(analysis);
  const base = readings.find((reading) => reading.sql === sql);
  if (base === undefined || rejected.length === 0) {
    return null;
  }
  const kept = base.lines.filter((line) => !rejected.includes(line));
  const meant = readings.find(
    ({ lines, cost }) =>
      cost <= furthest &&
      !lines.some((line) => rejected.includes(line)) &&
      kept.every((line) => lines.includes(line)),
  );
  return meant ?? 'no other';
}

/** What the ranked grammar must be sure of to tell which of several near readings is meant. */
const surely = 0.8;

/** Whether the grammar's likeliest query is surely one of the readings of a plain question that come near to each other. */
export function isDecided(
  analysis: Analysis,
  { ranked: [first], probability }: Pick<Interpretations, 'ranked' | 'probability'>,
): boolean {
  if (first === undefined || probability < surely || first.unread.length > 0) {
    return false;
  }
  const key = canonicalKey(analysis.schemaIndex, first.candidate.query);
  return nearReadings(analysis).some(({ query }) => canonicalKey(analysis.schemaIndex, query) === key);
}

/** The readings of a plain question that come too near to each other for one to be taken. */
export function plainChoices(analysis: Analysis): readonly Choice[] {
  const near = nearReadings(analysis);
  return near.length < 2
    ? []
    : near.map(({ query, sql }) => ({ interpretation: queryInWords(analysis.schemaIndex, query), sql }));
}

function nearReadings(analysis: Analysis): readonly PlainReading[] {
  const readings = readPlain(analysis).filter(({ cost }) => cost <= furthest);
  const [first] = readings;
  return readings.filter(({ cost }) => first !== undefined && cost - first.cost < apart);
}

/** The answer that a plain reading is; where the grammar has the same query, in its words, for they can be turned round. */
export function answerPlain(analysis: Analysis, plain: PlainReading, ranked: readonly Covered[]): Answer {
  const key = canonicalKey(analysis.schemaIndex, plain.query);
  const same = ranked.find(
    ({ candidate: { query } }) =>
      canonicalKey(analysis.schemaIndex, query) === key && (query.kind === 'set' || isLabelledFirst(query)),
  );
  return {
    kind: 'sql',
    sql: same?.sql ?? plain.sql,
    reasoning: 'Read without a model, each word of it by rule.',
    assumptions: same === undefined ? plain.lines : interpretationOf(analysis, same.candidate),
  };
}

/** Whether what tells rows apart stands before the numbers that are worked out of them. */
const isLabelledFirst = ({ select }: SelectQuery): boolean =>
  select.every(
    ({ aggregate }, index) =>
      aggregate === null || select.slice(index).every(({ aggregate: later }) => later !== null),
  );
