import type { Answer } from '../../model/answer.ts';
import type { Example, ModelRequest } from '../../model/model.ts';
import type { Prepared } from '../parse.ts';
import { contentOf, keysOf } from './content.ts';
import { fillShape } from './fill.ts';
import { shapeOf } from './shape.ts';

/** Words whose meaning moves with the day. */
const relative =
  /\b(?:today|tonight|yesterday|tomorrow|now|current(?:ly)?|recent(?:ly)?|latest|ago|since|upcoming|(?:this|last|past|previous|next|coming)\s+(?:\w+\s+)?(?:day|week|fortnight|month|quarter|season|half|year|decade)s?|(?:year|month|week)\s+to\s+date|ytd)\b/iu;

/**
 * The answer that an example gives: its SQL where the question is the same but for words that say nothing, or where it is
 * the same but for values, with the new ones in their places. Null where no example does.
 */
export function exampleAnswer(request: ModelRequest, prepared: Prepared): Answer | null {
  const { question, examples = [], rejected = [] } = request;
  const tried = new Set(request.attempts.map(({ sql }) => sql));
  const made = (example: Example, sql: string, changes: readonly string[]): Answer | null => {
    const assumptions = [`as in the example: ${example.question}`, ...changes];
    if (tried.has(sql) || assumptions.some((line) => rejected.includes(line))) {
      return null;
    }
    return { kind: 'sql', sql, reasoning: 'Answered as in an example, without a model.', assumptions };
  };
  const usable = examples.filter((example) => !isOutdated(example, question));
  const wanted = keysOf(contentOf(question)).join(' ');
  for (const example of usable) {
    if (keysOf(contentOf(example.question)).join(' ') !== wanted) {
      continue;
    }
    const answer = made(example, example.sql, []);
    if (answer !== null) {
      return answer;
    }
  }
  for (const example of usable) {
    const shape = shapeOf(example, prepared.schemaIndex.dialect);
    const filled = shape === null ? null : fillShape(shape, contentOf(question), prepared);
    const answer = filled === null ? null : made(example, filled.sql, filled.changes);
    if (answer !== null) {
      return answer;
    }
  }
  return null;
}

/** SQL with a written date in it that answered "last month" answers another question on another day. */
function isOutdated({ question, sql, day }: Example, asked: string): boolean {
  if (!relative.test(question) && !relative.test(asked)) {
    return false;
  }
  return day !== new Date().toISOString().slice(0, 10) && /\b(?:19|20)\d\d\b/u.test(sql);
}
