import type { ExitCode } from '../../../../errors.ts';
import { endLogins } from '../../../../serve/accounts/logins.ts';
import { listTokens } from '../../../../serve/accounts/personal-tokens.ts';
import { changeUser, namedUser } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { newPassword } from '../new-password.ts';
import type { PlainOptions } from '../options.ts';
import { withChange } from '../with-users.ts';

/** `sqlq user password`: a new one, with which the user has to sign in again. */
export function run(
  { argument, options }: Invocation<string, PlainOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const change = { action: 'user.set', name: argument, about: 'password' };
  return withChange(options, context, change, async (sql, setup) => {
    const user = await namedUser(sql, argument);
    const password = await newPassword(user.name, setup, context);
    await changeUser(sql, user, { password });
    await endLogins({ sql }, user);
    const { length } = await listTokens({ sql }, user);
    const tokens = length === 0 ? '' : ` Their tokens stay: sqlq user token ${user.name} --list`;
    setup.terminal.note(`${user.name} has a new password and is signed out everywhere.${tokens}`);
    return undefined;
  });
}
