import type { ExitCode } from '../../../errors.ts';
import { openUsers } from '../../../serve/accounts/store/open.ts';
import type { Sql } from '../../../serve/accounts/store/sql.ts';
import type { CommandContext } from '../../context.ts';
import type { CommonOptions } from '../../options/shared.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import { placeOfUsers } from '../../run/users.ts';

/** Does a command's work on the users that it is given. */
export function withUsers(
  { users, ...options }: CommonOptions & { readonly users?: string },
  context: CommandContext,
  work: (sql: Sql, setup: Setup) => Promise<ExitCode | undefined>,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const sql = await openUsers(placeOfUsers(users, context));
    try {
      return await work(sql, setup);
    } finally {
      await sql.close();
    }
  });
}
