import type { Answer } from '../model/answer.ts';
import type { ModelRequest } from '../model/model.ts';
import type { Analysis } from './analysis/analysis.ts';
import { isContinued } from './follow-up/follow-up.ts';
import { otherPath } from './misread/other-path.ts';
import { readSql } from './query/read.ts';
import { wayOn } from './refusals/way-on.ts';

/**
 * An answer, whoever found it; a refusal in place of one that connects tables in a way which the question does not tell.
 * One that goes on may rest on words before it.
 */
export function withToldPath(analysis: Analysis, request: ModelRequest, answer: Answer): Answer {
  if (answer.kind !== 'sql' || isContinued(request) || (request.rejected ?? []).length > 0) {
    return answer;
  }
  const reason = answer.sql
    .split(/ (?:UNION|INTERSECT|EXCEPT) /u)
    .flatMap((select) => readSql(analysis.schemaIndex, select) ?? [])
    .map((query) => otherPath(analysis, query))
    .find((found) => found !== null);
  return reason === undefined ? answer : { kind: 'unanswerable', reason: `${reason} ${wayOn}` };
}
