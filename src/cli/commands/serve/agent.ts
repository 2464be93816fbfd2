import type { RunContext } from '../../../ask/context.ts';
import { SqlqError } from '../../../errors.ts';
import type { Workspace as McpWorkspace, ServedDatabase } from '../../../mcp/workspace.ts';
import type { Caller } from '../../../serve/caller.ts';
import { accessFor, databasesFor, rowLimitFor, type Workspace } from '../../../serve/workspace.ts';

/** What a caller's agent works with: the caller's databases, and no more of them than the caller is told. */
export function agentWorkspace(workspace: Workspace, caller: Caller): McpWorkspace {
  const databases = databasesFor(workspace, caller);
  return {
    version: workspace.version,
    databases,
    access: accessFor(workspace, caller),
    folder: null,
    async open(name) {
      if (!databases.includes(name)) {
        throw new SqlqError('usage', `No database is called "${name}" here.`);
      }
      return within(await workspace.open(name, caller), workspace, caller);
    },
    savedQuestions: workspace.savedQuestions,
    redact: workspace.redact,
    warn: workspace.warn,
    around: (_call, work) => work(),
    ledger: { told() {} },
    silentTerminal: workspace.silentTerminal,
    close: async () => {},
  };
}

/** A database of which a caller is told no more rows than they are given. */
function within(database: ServedDatabase, workspace: Workspace, caller: Caller): ServedDatabase {
  const limit = rowLimitFor(workspace, caller, undefined);
  const limited = <Context extends RunContext>(context: Context): Context => ({
    ...context,
    delivery: { ...context.delivery, limit },
  });
  return {
    ...database,
    runContext: (parts) => limited(database.runContext(parts)),
    changeContext: async (parts) => limited(await database.changeContext(parts)),
    askContext: async (parts, profile) => limited(await database.askContext(parts, profile)),
  };
}
