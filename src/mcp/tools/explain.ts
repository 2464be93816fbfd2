import * as z from 'zod';
import { planStatementOrThrow } from '../../ask/plan-statement.ts';
import { defineTool } from '../tool.ts';

export const explainTool = defineTool({
  name: 'explain',
  description: 'Check SQL without running it: guard, reads, estimates, plan.',
  input: z.object({ sql: z.string().min(1) }),
  async run({ sql }, { database, signal }) {
    const { plan } = await planStatementOrThrow(database.client, sql, 'read', signal);
    const { tables, columns, warnings = [] } = plan;
    // Planning computes, and a plan quotes what was computed; statistics know how often a value stands somewhere.
    const { rows, rowsScanned, cost, text } = database.telling.rows
      ? plan
      : { rows: null, rowsScanned: null, cost: null, text: null };
    const facts = [
      `reads ${tables.length === 0 ? 'no table' : tables.join(', ')}`,
      ...(rows === null ? [] : [`about ${Math.round(rows)} rows returned`]),
      ...(rowsScanned === null ? [] : [`about ${Math.round(rowsScanned)} rows read`]),
      ...(cost === null ? [] : [`cost ${Math.round(cost)}`]),
    ];
    return {
      says: ['The guard admits it; nothing has run.', ...warnings],
      data: [
        facts.join('; '),
        `columns: ${columns.map(({ name, type }) => `${name} ${type}`.trim()).join(', ')}`,
        ...(text === null || text === '' ? [] : [text]),
      ].join('\n'),
      structured: {
        tables,
        columns: columns.map(({ name, type }) => ({ name, type })),
        rows,
        rowsScanned,
        cost,
        plan: text,
        warnings,
      },
    };
  },
});
