import { describe, expect, it } from 'vitest';
import { execute } from '../../src/ask/execute.ts';
import type { PlannedStatement } from '../../src/ask/plan-statement.ts';
import type { DatabaseClient, WriteSummary } from '../../src/database/process/client.ts';
import { fakeContext } from '../support/ask-context.ts';
import { fake } from '../support/fake.ts';

const plan = { columns: [], tables: [], rows: null, rowsScanned: null, cost: null, text: '' };
const update: PlannedStatement = {
  sql: 'UPDATE customers SET name = :name',
  parameters: [{ name: 'name', value: 'Ann', type: 'text' }],
  kind: 'write',
  plan,
};

/** A change in a terminal or a script, and what the database was asked. */
function changing(
  options: { readonly confirms?: readonly boolean[]; readonly yes?: boolean; readonly engine?: string },
  pending: Partial<WriteSummary> = {},
  lasting: readonly string[] = [],
) {
  const database = fake<DatabaseClient>('the database', {
    engine: options.engine ?? 'sqlite',
    beginWrite: async () => ({
      changes: [{ table: 'customers', rows: 2 }],
      committed: false,
      notes: [],
      ...pending,
    }),
    commit: async () => {},
    rollback: async () => lasting,
  });
  const { context, stderr } = fakeContext({
    interactive: options.confirms !== undefined,
    confirms: options.confirms ?? [],
    context: { database: database.value, yes: options.yes ?? false },
  });
  return { context, stderr, names: () => database.calls.map(({ name }) => name), database };
}

describe('a change', () => {
  it('stays after the user has seen what it changed and said yes', async () => {
    const { context, stderr, names, database } = changing(
      { confirms: [true] },
      { notes: ['A trigger ran.'] },
    );
    expect(await execute(context, update)).toEqual({ columns: [], kept: [], rows: null, truncated: false });
    expect(names()).toEqual(['beginWrite', 'commit']);
    expect(database.of('beginWrite')[0]?.[0]).toEqual({ sql: update.sql, parameters: update.parameters });
    expect(stderr()).toContain('customers: 2 rows changed\nA trigger ran.\n');
    expect(context.report.data.rows).toBe(2);
  });

  it('is rolled back when the user says no, and what could not be taken back is said', async () => {
    const all = changing({ confirms: [false] });
    await expect(execute(all.context, update)).rejects.toMatchObject({ code: 'cancelled' });
    expect(all.names()).toEqual(['beginWrite', 'rollback']);
    expect(all.stderr()).toContain('Rolled back: nothing has changed.');
    const some = changing({ confirms: [false] }, {}, ['A sequence has moved on.']);
    await expect(execute(some.context, update)).rejects.toMatchObject({ code: 'cancelled' });
    expect(some.stderr()).toContain('Rolled back. A sequence has moved on.');
    expect(some.stderr()).not.toContain('nothing has changed');
  });

  it('does not begin where nobody can be asked, and asks nobody with --yes', async () => {
    const script = changing({});
    await expect(execute(script.context, update)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--yes'),
    });
    expect(script.names()).toEqual([]);
    const told = changing({ yes: true });
    await execute(told.context, update);
    expect(told.names()).toEqual(['beginWrite', 'commit']);
  });

  it('that the database commits at once is asked about before it runs', async () => {
    const drop: PlannedStatement = { sql: 'DROP TABLE customers', parameters: [], kind: 'ddl', plan };
    const refused = changing({ engine: 'mysql', confirms: [false] });
    await expect(execute(refused.context, drop)).rejects.toMatchObject({ code: 'cancelled' });
    expect(refused.names()).toEqual([]);
    expect(refused.stderr()).toContain('can not be taken back');
    const run = changing({ engine: 'mysql', confirms: [true] }, { committed: true, changes: [] });
    await execute(run.context, drop);
    expect(run.names()).toEqual(['beginWrite']);
    expect(run.stderr()).toContain('has committed this statement by itself');
  });

  it('on a dry run is printed with its values, and does not begin', async () => {
    const { context, stdout, database } = fakeContext({ context: { dryRun: true } });
    await execute(context, update);
    expect(stdout()).toContain(`name = 'Ann'`);
    expect(database.calls).toEqual([]);
  });
});
