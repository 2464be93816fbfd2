import { type ExitCode, SqlqError } from '../../../../errors.ts';
import { momentOf } from '../../../../serve/accounts/expiry.ts';
import {
  addToken,
  listTokens,
  removeToken,
  type StoredToken,
} from '../../../../serve/accounts/personal-tokens.ts';
import { saidChange } from '../../../../serve/accounts/said-change.ts';
import type { Sql } from '../../../../serve/accounts/store/sql.ts';
import { namedUser, type User } from '../../../../serve/accounts/user.ts';
import type { Terminal } from '../../../../terminal/terminal.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { jsonText } from '../../../run/json.ts';
import type { TokenOptions } from '../options.ts';
import { withChange, withUsers } from '../with-users.ts';

/** `sqlq user token`: tokens of a user for their programs. */
export function run(
  { argument, options }: Invocation<string, TokenOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { name, roles, expires, list, revoke, json, ...others } = options;
  if (list === true) {
    return withUsers(others, context, async (sql, { terminal }) => {
      const user = await namedUser(sql, argument);
      await printTokens(await listTokens({ sql }, user), user, json === true, terminal);
      return undefined;
    });
  }
  if (revoke !== undefined) {
    return withChange(
      others,
      context,
      { action: 'token.remove', name: argument },
      async (sql, setup, note) => {
        const user = await namedUser(sql, argument);
        const revoked = await revokeTokens(sql, user, revoke, setup.terminal);
        note(revoked.map(({ id, name: called }) => `${called} (${id})`).join(', ') || 'none');
        return undefined;
      },
    );
  }
  const change = { action: 'token.add', name: argument };
  return withChange(others, context, change, async (sql, { terminal }, note) => {
    const user = await namedUser(sql, argument);
    const beyond = (roles ?? []).filter((role) => !user.roles.includes(role));
    if (beyond.length > 0) {
      throw new SqlqError('usage', `${user.name} does not have the role ${beyond.join(', ')}.`, {
        hint: 'Give it to them first: "sqlq user set" takes all the roles that they are to have.',
      });
    }
    const now = context.now();
    const wanted = {
      name: name ?? 'sqlq user token',
      roles: roles ?? user.roles,
      expires: expires === undefined ? null : momentOf(expires, now),
    };
    note(`${wanted.name}; ${saidChange({ roles: wanted.roles })}`);
    const { token, ...made } = await addToken({ sql, now: () => now }, user, wanted);
    await terminal.print(json === true ? jsonText({ ...made, token }) : `${token}\n`);
    terminal.note('It is shown this once. A program sends it as: Authorization: Bearer TOKEN');
    return undefined;
  });
}

async function printTokens(
  tokens: readonly StoredToken[],
  user: User,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  await terminal.print(
    json ? jsonText(tokens) : tokens.map((token) => `${terminal.escape(described(token))}\n`).join(''),
  );
  if (tokens.length === 0) {
    terminal.note(`${user.name} has no tokens.`);
  }
}

function described({ id, name, roles, seen, expires }: StoredToken): string {
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const used = seen === null ? 'never used' : `used last on ${day(seen)}`;
  const until = expires === null ? 'without an end' : `until ${day(expires)}`;
  return `${id}  ${name}  ${roles.join(', ')}  (${until}; ${used})`;
}

/** Takes tokens back, and tells which. */
async function revokeTokens(
  sql: Sql,
  user: User,
  which: string,
  terminal: Terminal,
): Promise<readonly StoredToken[]> {
  const tokens = await listTokens({ sql }, user);
  const wanted = tokens.filter(({ id, name }) => which === 'all' || id === which || name === which);
  if (wanted.length === 0 && which !== 'all') {
    throw new SqlqError('usage', `${user.name} has no token "${which}".`, {
      hint: `List theirs with: sqlq user token ${user.name} --list`,
    });
  }
  for (const { id } of wanted) {
    await removeToken({ sql }, user, id);
  }
  terminal.note(wanted.length === 1 ? 'The token is taken back.' : `${wanted.length} tokens are taken back.`);
  return wanted;
}
