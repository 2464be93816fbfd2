import * as z from 'zod';
import { runSql } from '../../ask/run.ts';
import { allowedKinds } from '../../database/refusals.ts';
import { SqlqError } from '../../errors.ts';
import { answerRows, pageLimit, pageShape } from '../answer-rows.ts';
import { consentPrompts } from '../consent.ts';
import { sayingDoubts } from '../strict.ts';
import { type Answer, defineTool, partsOf, type ToolCall } from '../tool.ts';

export const queryTool = defineTool({
  name: 'query',
  description:
    'Run one SELECT and get rows in pages; pass cursor for the next page. Read the doubts: they say why rows may not mean what was asked.',
  input: z.object({ sql: z.string().optional(), cursor: z.string().optional(), limit: pageLimit }),
  output: z.object(pageShape),
  async run({ sql, cursor, limit }, call) {
    const { session, database } = call;
    if ((sql === undefined) === (cursor === undefined)) {
      throw new SqlqError('usage', 'query takes either sql or cursor.');
    }
    if (!database.telling.rows) {
      throw rowsStay();
    }
    if (cursor !== undefined) {
      const { result, offset } = session.results.at(cursor);
      return answerRows(session, result, offset, limit, []);
    }
    const text = sql ?? '';
    if (await isAllowedChange(text, call)) {
      return change(text, call);
    }
    const parts = partsOf(call);
    const executed = await sayingDoubts(parts.report, database.telling, () =>
      runSql(database.runContext(parts), text),
    );
    const { columns, kept, truncated } = executed;
    const { doubts, warnings } = parts.report.data;
    const result = session.results.keep({
      database: database.name,
      sql: text,
      question: null,
      assumptions: [],
      columns,
      rows: kept,
      more: truncated,
      doubts,
    });
    return answerRows(session, result, 0, limit, [...warnings, ...parts.notes]);
  },
});

/** Whether a statement changes something, and whoever started the session allowed that. */
async function isAllowedChange(sql: string, { session, database, signal }: ToolCall): Promise<boolean> {
  const { access } = session.workspace;
  if (access === 'read') {
    return false;
  }
  const { verdict } = await database.client.examine({ sql }, signal);
  const { kind } = verdict;
  return kind !== 'read' && allowedKinds[access].includes(kind);
}

/** Makes a change on the way that every change goes: tried in a transaction, shown, agreed to, kept. */
async function change(sql: string, call: ToolCall): Promise<Answer> {
  const { agreed, database } = call;
  if (agreed === null) {
    throw new SqlqError('refused', 'A change needs the word of a person, and this client can not ask one.', {
      hint: 'It needs a client with elicitation. A person can run it: sqlq run --write',
    });
  }
  const parts = partsOf(call, (lines) => consentPrompts(() => [sql, ...lines], agreed));
  await runSql(await database.changeContext(parts), sql);
  const { warnings, rows } = parts.report.data;
  const says = [...parts.lines, ...warnings, 'It is kept.'];
  return {
    says,
    data: null,
    structured: {
      result: '',
      columns: [{ name: 'changed', type: '' }],
      rows: [[rows]],
      doubts: [],
      notes: says,
    },
  };
}

/** Why no rows are told, and what can be done instead. */
export function rowsStay(): SqlqError {
  return new SqlqError('refused', 'Rows stay here: what may be sent does not have rows.', {
    hint: 'explain checks SQL, save_result writes its rows to a file here. Whoever started sqlq can allow rows with --send.',
  });
}
