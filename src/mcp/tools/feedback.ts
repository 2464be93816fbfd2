import * as z from 'zod';
import { planStatementOrThrow } from '../../ask/plan-statement.ts';
import { SqlqError } from '../../errors.ts';
import { defineTool } from '../tool.ts';

export const feedbackTool = defineTool({
  name: 'feedback',
  description:
    'Say whether a result of ask or query answers its question; sql corrects it. Only after the user said so.',
  input: z.object({
    result: z.string(),
    verdict: z.enum(['good', 'bad']),
    question: z.string().describe('what a query answers').optional(),
    sql: z.string().optional(),
  }),
  keeps: true,
  async run({ result: id, verdict, question: given, sql }, { database, session, signal }) {
    const result = session.results.find(id);
    const question = result.question ?? given ?? null;
    if (question === null) {
      throw new SqlqError('usage', `Result ${id} is of SQL that answers no question.`, {
        hint: 'Say which it answers, as question.',
      });
    }
    if (sql !== undefined) {
      await planStatementOrThrow(database.client, sql, 'read', signal);
    }
    const rows = result.more ? null : result.rows.length;
    const answer = { question, sql: result.sql, assumptions: result.assumptions, rows };
    const kept = await database.keepFeedback(answer, verdict, sql ?? null);
    return { says: [kept], data: null, structured: { kept } };
  },
});
