import * as z from 'zod';
import { runSql } from '../../ask/run.ts';
import { SqlqError } from '../../errors.ts';
import { counted } from '../../render/quantity.ts';
import { doubtOf } from '../answer-rows.ts';
import { claimNewFile } from '../save/new-file.ts';
import { sayingDoubts } from '../strict.ts';
import { defineTool, partsOf } from '../tool.ts';

export const saveResultTool = defineTool({
  name: 'save_result',
  description:
    "Write all rows of SQL or of an earlier result to a new file in the user's folder. The ending names the format: csv, json, jsonl, tsv, md, xlsx, html.",
  input: z.object({
    file: z.string().describe('a bare name such as orders.csv'),
    sql: z.string().optional(),
    result: z.string().optional(),
  }),
  keeps: true,
  async run({ file, sql, result }, call) {
    const { session, database } = call;
    if ((sql === undefined) === (result === undefined)) {
      throw new SqlqError('usage', 'save_result takes either sql or result.');
    }
    const text = sql ?? session.results.find(result ?? '').sql;
    await using place = await claimNewFile(session.workspace.folder, file);
    const parts = partsOf(call);
    const context = database.runContext(parts);
    const { csvSafe } = context.delivery;
    const delivery = { format: place.format, output: place.path, limit: null, csvSafe };
    const { rows, truncated, columns } = await sayingDoubts(parts.report, database.telling, () =>
      runSql({ ...context, delivery }, text),
    );
    if (truncated) {
      throw new SqlqError('limit', `${place.format} does not hold all of the rows; nothing is written.`, {
        hint: 'Take csv or jsonl.',
      });
    }
    const { path, bytes } = await place.keep();
    const isTold = database.telling.rows;
    const { doubts, warnings } = parts.report.data;
    const told = {
      path,
      bytes: isTold ? bytes : null,
      rows: isTold ? rows : null,
      columns: columns.map(({ name, type }) => ({ name, type })),
      doubts: isTold ? doubts.map(doubtOf) : [],
      notes: isTold ? warnings : [],
    };
    return {
      says: [
        `Wrote ${path}${told.rows === null ? '' : `, ${counted(told.rows, 'row')}, ${bytes.toLocaleString('en')} bytes`}.`,
        ...told.notes,
      ],
      data:
        told.doubts.length === 0 ? null : told.doubts.map(({ sentence }) => `Doubt: ${sentence}`).join('\n'),
      structured: told,
    };
  },
});
