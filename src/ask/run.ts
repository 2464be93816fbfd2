import type { Parameter } from '../database/database.ts';
import type { Doubts } from '../doubts/doubt.ts';
import { SqlqError } from '../errors.ts';
import type { RunContext } from './context.ts';
import { enforceCost } from './cost.ts';
import { doubtAfterRun, lookForDoubts, requireNoDoubt, showDoubts } from './doubts.ts';
import { type Executed, execute } from './execute.ts';
import { type PlannedStatement, planStatementOrThrow } from './plan-statement.ts';
import { nearNames } from './prompt/near-names.ts';

/** SQL that was admitted, planned and doubted for the request that it runs for. */
export interface CheckedStatement {
  readonly statement: PlannedStatement;
  readonly found: Doubts;
}

/** SQL that the user wrote, with `:name` for each of the values, through the same guard, limits and renderers as a model's. */
export async function runSql(
  context: RunContext,
  sql: string,
  parameters: readonly Parameter[] = [],
): Promise<PlannedStatement & Executed> {
  const { report, terminal } = context;
  report.data.sql = sql;
  terminal.progress.step('Checking the SQL');
  const statement = await report.time('check', () =>
    planStatementOrThrow(context.database, sql, context.access, context.signal, parameters).catch(
      async (error: unknown) => {
        throw await withNearNames(context, error);
      },
    ),
  );
  terminal.progress.stop();
  return runChecked(context, { statement, found: await lookForDoubts(context, statement) });
}

/** The same from there on. The process of the database judges the SQL once more before it runs it. */
export async function runChecked(
  context: RunContext,
  { statement, found }: CheckedStatement,
): Promise<PlannedStatement & Executed> {
  const { report, terminal } = context;
  report.data.sql = statement.sql;
  report.data.doubts = found.doubts;
  report.data.notLooked = found.notLooked;
  showDoubts(terminal, found);
  await requireNoDoubt(context, found);
  await enforceCost(context, statement.plan);
  const executed = await execute(context, statement);
  await doubtAfterRun(context, found, executed.doubts ?? []);
  return { ...statement, ...executed };
}

/** An error over a name that there is not, with the names that are near; another error as it is. */
async function withNearNames({ doubts: search }: RunContext, error: unknown): Promise<unknown> {
  if (!(error instanceof SqlqError) || error.code !== 'failed' || error.hint !== null || search === null) {
    return error;
  }
  const schema = await search.readSchema();
  const isOfTable =
    /no such table|relation .* does not exist|Table with name .* does not exist|Table .* doesn't exist/iu.test(
      error.message,
    );
  const hint =
    nearNames(error.message, schema) || (isOfTable ? 'See what the database holds with: sqlq schema' : '');
  return hint === '' ? error : new SqlqError(error.code, error.message, { hint, cause: error });
}
