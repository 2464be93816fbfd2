import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { saidChange } from '../../../../serve/accounts/said-change.ts';
import { addUser, findUser, rightsOf, userName } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { describedUser } from '../described.ts';
import { givenRights } from '../given-rights.ts';
import { newPassword } from '../new-password.ts';
import type { RightsOptions } from '../options.ts';
import { warnOfUnknown } from '../unknown-databases.ts';
import { withChange } from '../with-users.ts';

/** `sqlq user add`: somebody who may sign in from now on. */
export function run(
  { argument, options }: Invocation<string, RightsOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { roles, databases, profiles, hide, rowLimit, dollars, ...others } = options;
  const rights = rightsOf(givenRights(options));
  const change = { action: 'user.add', name: argument, about: saidChange(rights) };
  return withChange(others, context, change, async (sql, setup) => {
    const name = userName(argument);
    if ((await findUser(sql, name)) !== null) {
      throw new SqlqError('usage', `There is a user called ${name} already.`, {
        hint: `Change what they may with: sqlq user set ${name}`,
      });
    }
    const password = await newPassword(name, setup, context);
    const user = await addUser(
      sql,
      { name, password, issuer: null, subject: null, ...rights },
      context.now(),
    );
    warnOfUnknown(setup, rights.databases);
    setup.terminal.note(setup.terminal.escape(`Added: ${describedUser(user)}`));
    return undefined;
  });
}
