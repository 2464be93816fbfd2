import * as z from 'zod';
import { ask } from '../../ask/ask.ts';
import { withoutStoredValues } from '../../ask/prompt/privacy.ts';
import { isFromHere } from '../../ask/report.ts';
import { withoutItsReason } from '../../ask/stored-values.ts';
import { isOfSpelling } from '../../schema/spelling.ts';
import { answerRows, pageLimit, pageShape } from '../answer-rows.ts';
import { sayingDoubts } from '../strict.ts';
import { defineTool, partsOf } from '../tool.ts';

export const askTool = defineTool({
  name: 'ask',
  description: "Answer a question in plain words with sqlq's model: SQL, what it assumes, rows as query.",
  input: z.object({ question: z.string().min(1), limit: pageLimit }),
  output: z.object({ sql: z.string(), assumptions: z.array(z.string()), ...pageShape }),
  async run({ question, limit }, call) {
    const { database, session } = call;
    const parts = partsOf(call);
    const context = await database.askContext(parts);
    const isTold = database.telling.rows;
    // The engine on this machine looks values up in the rows, and writes them into its SQL and its words.
    const holdsValues = (): boolean =>
      (context.generation.readsValues || isFromHere(parts.report)) && !database.telling.values;
    const answered = await sayingDoubts(parts.report, database.telling, () =>
      ask({ ...context, yes: true, dryRun: !isTold }, question),
    ).catch((error: unknown) => {
      throw holdsValues() ? withoutItsReason(error, 'Write the SQL yourself: explain checks it.') : error;
    });
    const { statement, assumptions, columns, kept, truncated } = answered;
    const { doubts, warnings } = parts.report.data;
    const result = session.results.keep({
      database: database.name,
      sql: statement.sql,
      question,
      assumptions,
      columns: isTold ? columns : statement.plan.columns,
      rows: kept,
      more: truncated,
      doubts: isTold ? doubts : [],
    });
    // So does the look for spellings, which puts them into a served model's SQL.
    const isSpelt = assumptions.some(isOfSpelling) && !database.telling.values;
    const shown = holdsValues() || isSpelt ? withoutStoredValues(statement.sql, question) : statement.sql;
    const told = holdsValues()
      ? []
      : assumptions.filter((assumption) => !isSpelt || !isOfSpelling(assumption));
    const stay = `Result ${result.id}: its rows stay here; save_result writes them to a file.`;
    const page = answerRows(session, result, 0, limit, isTold ? [...warnings, ...parts.notes] : [stay]);
    return {
      ...page,
      says: isTold ? page.says : [stay],
      data: [shown, ...told.map((assumption) => `Assumes: ${assumption}`), page.data ?? ''].join('\n'),
      structured: { sql: shown, assumptions: told, ...page.structured },
    };
  },
});
