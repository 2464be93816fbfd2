import type { Answer, Choice } from '../../model/answer.ts';
import type { Previous } from '../../model/model.ts';
import { type Analysis, analyse } from '../analysis/analysis.ts';
import { asksBack } from '../own-words.ts';
import type { Prepared } from '../parse.ts';
import { readSql } from '../query/read.ts';
import { writeSql } from '../query/sql.ts';
import { changeConditions, changePeriod } from './change-conditions.ts';
import { changeGrouping } from './change-grouping.ts';
import { changeLimit } from './change-limit.ts';
import { changeOrder } from './change-order.ts';
import { changeSelection } from './change-selection.ts';
import { type Draft, isRead, makeDraft } from './draft.ts';

/** Words that begin a question which builds on the answer before, whatever follows. */
const beginning =
  /^\s*(?:(?:ok|okay|now|and|but|also|then|so)\b[\s,]*)*(?:only|just|and|but|also|now|instead|without|excluding|except|not|by|per|same|(?:what|how) about|sort|sorted|order(?:ed)? (?:it|them|by)|rank|group|limit|reverse|descending|ascending|add|include|plus|their|its|those|these|the other way|highest|lowest|largest|smallest|newest|oldest|most|top \d+\s*$|first \d+\s*$|last \d+\s*$|in \d{4}\b|(?:in|from|for|with)\b|yearly|annually|quarterly|monthly|weekly|daily)|\binstead\b|\b(?:them|those|these|their)\b/iu;

/** Whether a question that builds on another could stand for itself as well: it asks, and names what it asks about. */
export function standsAlone({ tables, cues }: Analysis): boolean {
  return (
    tables.some(({ score }) => score >= 0.8) &&
    cues.some(({ cue }) => cue === 'ask' || cue === 'which' || cue === 'who' || cue === 'count')
  );
}

/** Whether a question's words say that it builds on the one before. */
export function buildsOn(question: string): boolean {
  return beginning.test(question);
}

/** Whether there is an answer before, and the question's words say that it builds on it. */
export function isContinued({
  previous = null,
  question,
}: {
  readonly previous?: Previous | null;
  readonly question: string;
}): boolean {
  return previous !== null && buildsOn(question);
}

/**
 * The answer to a question that changes the query before: another filter, order, number of rows, grouping, or a column
 * more. Null where it is no such change, or where a word of it is left that nothing explains: then the query would be
 * right by luck alone.
 */
export function followUp(
  question: string,
  previous: Previous,
  rejected: readonly string[],
  prepared: Prepared,
  now: Date,
): Answer | null {
  const { schemaIndex, linker, lookup, graph } = prepared;
  const query = readSql(schemaIndex, previous.sql);
  if (query === null) {
    return null;
  }
  const base = `builds on: ${previous.question}`;
  if (rejected.includes(base)) {
    return null;
  }
  const analysis = analyse(question, schemaIndex, linker, lookup, now);
  const start = makeDraft(analysis, graph, query, rejected);
  const drafts = [
    changePeriod,
    changeOrder,
    changeLimit,
    changeGrouping,
    changeSelection,
    changeConditions,
  ].reduce((all: readonly Draft[], change) => all.flatMap((draft) => change(draft)), [start]);
  const done = drafts.filter((draft) => isRead(draft) && draft.lines.length > 0);
  const answers = new Map(done.map((draft) => [writeSql(schemaIndex, draft.query), draft]));
  answers.delete(writeSql(schemaIndex, query));
  const [first, ...others] = answers;
  if (first === undefined) {
    return null;
  }
  const [sql, { lines }] = first;
  const same = others.filter(([, draft]) => draft.doubt === first[1].doubt);
  if (same.length > 0 && first[1].doubt > 0) {
    return {
      kind: 'clarification',
      question: asksBack.several,
      choices: [first, ...same]
        .slice(0, 3)
        .map(([text, draft]): Choice => ({ interpretation: draft.lines.join('; '), sql: text })),
    };
  }
  return {
    kind: 'sql',
    sql,
    reasoning: 'Built on the answer before, without a model.',
    assumptions: [base, ...lines],
  };
}
