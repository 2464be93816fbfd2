import type { ExitCode } from '../../../../errors.ts';
import { namedUser, removeUser } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import type { PlainOptions } from '../options.ts';
import { withChange } from '../with-users.ts';

/** `sqlq user remove`: a user is forgotten, with all that they were signed in by. */
export function run(
  { argument, options }: Invocation<string, PlainOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const change = { action: 'user.remove', name: argument };
  return withChange(options, context, change, async (sql, { terminal }) => {
    const user = await namedUser(sql, argument);
    await removeUser(sql, user);
    terminal.note(`${user.name} is forgotten, with their tokens. What they asked stays in the audit log.`);
    return undefined;
  });
}
