import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { saidChange } from '../../../../serve/accounts/said-change.ts';
import { changeUser, namedUser } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { describedUser } from '../described.ts';
import { givenRights } from '../given-rights.ts';
import type { RightsOptions } from '../options.ts';
import { warnOfUnknown } from '../unknown-databases.ts';
import { withChange } from '../with-users.ts';

/** `sqlq user set`: what a user may from their next request on. */
export function run(
  { argument, options }: Invocation<string, RightsOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { roles, databases, profiles, hide, rowLimit, dollars, ...others } = options;
  const rights = givenRights(options);
  const change = { action: 'user.set', name: argument, about: saidChange(rights) };
  return withChange(others, context, change, async (sql, setup) => {
    const { terminal } = setup;
    const user = await namedUser(sql, argument);
    if (Object.values(rights).every((value) => value === undefined)) {
      throw new SqlqError('usage', 'Nothing is said that would change.', {
        hint: 'Give one of --roles, --databases, --profiles, --hide, --row-limit and --dollars.',
      });
    }
    await changeUser(sql, user, rights);
    warnOfUnknown(setup, rights.databases ?? null);
    terminal.note(terminal.escape(`Changed: ${describedUser(await namedUser(sql, user.name))}`));
    return undefined;
  });
}
