import type { ExitCode } from '../../../../errors.ts';
import { endLogins } from '../../../../serve/accounts/logins.ts';
import { changeUser, namedUser } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import type { PlainOptions } from '../options.ts';
import { withChange } from '../with-users.ts';

/** `sqlq user disable`: all servers with these users let somebody in no more, whatever they have signed in by. */
export function run(
  { argument, options }: Invocation<string, PlainOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const change = { action: 'user.set', name: argument, about: 'disabled' };
  return withChange(options, context, change, async (sql, { terminal }) => {
    const user = await namedUser(sql, argument);
    await changeUser(sql, user, { disabled: true });
    await endLogins({ sql }, user);
    terminal.note(`${user.name} is let in no more. To take it back: sqlq user enable ${user.name}`);
    return undefined;
  });
}
