import { SqlqError } from '../../../errors.ts';
import { checkPassword, hashPassword } from '../../../serve/accounts/password.ts';
import { createPrompts } from '../../../terminal/create-prompts.ts';
import { readLine } from '../../../terminal/read-line.ts';
import type { CommandContext } from '../../context.ts';
import type { Setup } from '../../run/setup.ts';

/**
 * The hash of a new password, which is asked for twice in a terminal, and else read from standard input: on a command line
 * everybody on the machine could read it. Rejects with a SqlqError `usage` for one that would be guessed.
 */
export async function newPassword(
  name: string,
  { terminal }: Setup,
  { environment, signal, streams, secrets }: CommandContext,
): Promise<string> {
  if (terminal.interactive) {
    const prompts = createPrompts(streams, signal, environment);
    const password = await prompts.secret(`Password of ${terminal.escape(name)}`);
    checkPassword(password, name);
    if ((await prompts.secret('Once more')) !== password) {
      throw new SqlqError('usage', 'The second password is not the first one.');
    }
    return hashPassword(password);
  }
  const password = await readLine(streams.stdin, signal);
  if (password === null || password === '') {
    throw new SqlqError('usage', `There is no password for ${name}.`, {
      hint: 'Type it in a terminal, or give it as the first line of standard input.',
    });
  }
  secrets.add(password);
  checkPassword(password, name);
  return hashPassword(password);
}
