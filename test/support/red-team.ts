import type { Database, Parameter } from '../../src/database/database.ts';
import { requireAdmitted } from '../../src/database/refusals.ts';
import type { RedTeamCase } from './hostile.ts';

const never = new AbortController().signal;

/** The values of a case that is a saved question. */
export function parametersOf({ parameters = {}, numbers = false }: RedTeamCase): readonly Parameter[] {
  return Object.entries(parameters).map(([name, value]) => ({
    name,
    value,
    type: numbers ? 'integer' : 'text',
  }));
}

/** Plans and runs a statement as sqlq would, takes a write back, and gives all that a user would see of it. */
export async function runCase(database: Database, statementCase: RedTeamCase): Promise<string> {
  const admission = await database.admit(statementCase.sql, parametersOf(statementCase), never);
  const statement = requireAdmitted(admission);
  const seen: unknown[] = [await database.plan(statement, never)];
  if (statement.kind === 'ddl' && statementCase.expect === 'block') {
    throw new Error('a definition that was to be refused was admitted');
  }
  if (statement.kind !== 'read') {
    const write = await database.beginWrite(statement, never);
    await write.rollback();
    return JSON.stringify([seen, write.changes]);
  }
  const result = await database.query(statement, { signal: never });
  seen.push(result.columns);
  for await (const batch of result.batches) {
    seen.push(batch);
  }
  return JSON.stringify(seen, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
