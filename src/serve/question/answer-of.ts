import type { Report } from '../../ask/report.ts';
import type { Candidate } from '../../ask/review.ts';
import { formatSql } from '../../ask/show/format-sql.ts';
import { isOfSpelling } from '../../schema/spelling.ts';
import type { ApiAnswer } from '../api/answer.ts';

/** What is known of an answer besides its SQL. */
export interface Around {
  readonly id: string;
  readonly question: string | null;
  readonly database: string;
  readonly conversation: string;
  readonly time: string;
  readonly seconds: number;
}

/** A candidate with its doubts and its plan, as it is told. */
export async function answerOf(
  around: Around,
  engine: string,
  { statement, assumptions }: Pick<Candidate, 'statement' | 'assumptions'>,
  { data }: Report,
): Promise<ApiAnswer> {
  const { plan, sql, kind } = statement;
  const { provider, model, tokens } = data;
  const isAsked = data.steps.some(({ name }) => name === 'model');
  return {
    kind: 'answer',
    ...around,
    sql,
    formatted: await formatSql(sql, engine),
    statement: kind,
    assumptions: assumptions.map((text, index) => ({
      number: index + 1,
      text,
      spelling: isOfSpelling(text),
    })),
    doubts: data.doubts.map((doubt) => ({ ...doubt, evidence: evidenceOf(doubt.evidence) })),
    notLooked: [...data.notLooked],
    sources: [...data.sources],
    warnings: [...data.warnings],
    plan: {
      columns: plan.columns.map(({ name, type }) => ({ name, type })),
      rows: plan.rows,
      cost: plan.cost,
      text: plan.text === '' ? null : plan.text,
    },
    answeredBy: { profile: provider, provider, model },
    tokens: tokens === null ? null : { prompt: tokens.promptTokens, completion: tokens.completionTokens },
    dollars: data.dollars,
    cached: around.question !== null && provider !== null && !isAsked,
    runs: [],
    verdict: null,
  };
}

type Evidence = Report['data']['doubts'][number]['evidence'];

/** The numbers and values of a doubt, as JSON has them. */
export function evidenceOf(evidence: Evidence): ApiAnswer['doubts'][number]['evidence'] {
  return Object.fromEntries(
    Object.entries(evidence).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? [...value] : value,
    ]),
  );
}
