import type { ExitCode } from '../../../../errors.ts';
import { forgetTriesOf } from '../../../../serve/accounts/attempts.ts';
import { changeUser, namedUser } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import type { PlainOptions } from '../options.ts';
import { withChange } from '../with-users.ts';

/** `sqlq user enable`: a user may sign in again, and at once. */
export function run(
  { argument, options }: Invocation<string, PlainOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const change = { action: 'user.set', name: argument, about: 'enabled' };
  return withChange(options, context, change, async (sql, { terminal }) => {
    const user = await namedUser(sql, argument);
    await changeUser(sql, user, { disabled: false });
    await forgetTriesOf(sql, user.id);
    terminal.note(`${user.name} may sign in.`);
    return undefined;
  });
}
