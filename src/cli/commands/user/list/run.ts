import type { ExitCode } from '../../../../errors.ts';
import { listUsers } from '../../../../serve/accounts/user.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { jsonText } from '../../../run/json.ts';
import { describedUser } from '../described.ts';
import type { ListOptions } from '../options.ts';
import { withUsers } from '../with-users.ts';

/** `sqlq user list`: who may sign in, and what they may. */
export function run(
  { options }: Invocation<string | undefined, ListOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { json, ...others } = options;
  return withUsers(others, context, async (sql, { terminal }) => {
    const users = await listUsers(sql);
    const shown = users.map(({ password, ...user }) => ({ ...user, hasPassword: password !== null }));
    await terminal.print(
      json === true
        ? jsonText(shown)
        : users.map((user) => `${terminal.escape(describedUser(user))}\n`).join(''),
    );
    if (users.length === 0) {
      terminal.note('There are no users yet. Add one with: sqlq user add NAME');
    }
    return undefined;
  });
}
