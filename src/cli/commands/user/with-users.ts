import { userInfo } from 'node:os';
import type { ExitCode } from '../../../errors.ts';
import { openUsers } from '../../../serve/accounts/store/open.ts';
import type { Sql } from '../../../serve/accounts/store/sql.ts';
import { isUserName } from '../../../serve/accounts/user.ts';
import type { Doer } from '../../../serve/audit/audit.ts';
import { readAuditKey } from '../../../serve/audit/key.ts';
import { openAudit } from '../../../serve/audit/log.ts';
import { audited } from '../../../serve/question/audited.ts';
import type { CommandContext } from '../../context.ts';
import type { CommonOptions } from '../../options/shared.ts';
import { auditFolder, onlyOwn, placeOfUsers, serveSettings } from '../../run/serve-settings.ts';
import { type Setup, withSetup } from '../../run/setup.ts';

/** What says which users are meant, and where changes of them are written down. */
export interface UsersOptions extends CommonOptions {
  readonly users?: string;
  readonly auditKeyFile?: string;
  readonly config?: string;
}

/** What is done to whom. */
export interface Change {
  /** As it is called in the audit log where an admin does it over HTTP. */
  readonly action: string;
  readonly name: string;
  /** What is said of it besides, and never a secret. */
  readonly about?: string;
}

type Done = Promise<ExitCode | undefined>;

/** Does a command's work on the users of the server, those that it would find with the same settings. */
export function withUsers(
  { users, auditKeyFile: _key, config, ...options }: UsersOptions,
  context: CommandContext,
  work: (sql: Sql, setup: Setup) => Done,
): Promise<ExitCode> {
  return withSetup(
    options,
    context,
    async (setup) => {
      const named = users ?? serveSettings(setup.settings, context).users;
      const sql = await openUsers(placeOfUsers(named, context));
      try {
        return await work(sql, setup);
      } finally {
        await sql.close();
      }
    },
    onlyOwn({ config }, context),
  );
}

/**
 * Changes users, and writes down in the audit log of this machine that it begins, before it does, and how it ended. Nothing is
 * changed that can't be written down. `note` says more of what was changed.
 */
export function withChange(
  options: UsersOptions,
  context: CommandContext,
  { action, name, about }: Change,
  work: (sql: Sql, setup: Setup, note: (about: string) => void) => Done,
): Promise<ExitCode> {
  return withUsers(options, context, async (sql, setup) => {
    const { workingDirectory, now } = context;
    const keyFile = options.auditKeyFile ?? serveSettings(setup.settings, context).auditKeyFile;
    const key = keyFile === undefined ? null : await readAuditKey(keyFile, workingDirectory);
    const audit = await openAudit({ folder: auditFolder(context), key, now, tellsOpening: false });
    // What can be nobody's name may be a password in the wrong place.
    const whom = isUserName(name) ? name.trim().toLowerCase() : 'what can be no name';
    const said = (more: string | undefined) => ({ about: more === undefined ? whom : `${whom}: ${more}` });
    try {
      const doing = { parts: { audit }, caller: operator(), requestId: null, address: null };
      return await audited(doing, action, said(about), (note) =>
        work(sql, setup, (more) => note(said(more))),
      );
    } finally {
      await audit.close();
    }
  });
}

/** Whoever runs this program, as the system knows them; a variable could say anything. */
function operator(): Doer {
  const id = process.geteuid?.() ?? null;
  let name = id === null ? 'unknown' : String(id);
  try {
    name = userInfo().username;
  } catch {
    // A container may run as a number that has no name.
  }
  return { id: `os:${id ?? name}`, name, by: 'command' };
}
