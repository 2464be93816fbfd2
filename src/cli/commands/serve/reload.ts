import { messageOf } from '../../../errors.ts';
import type { Drain } from '../../../serve/http/drain.ts';
import type { Workspace } from '../../../serve/workspace.ts';
import { agentWorkspace } from './agent.ts';

/** A workspace that another one may take the place of, made of other settings. */
export interface Reloadable {
  readonly workspace: Workspace;
  /** Takes another one; what works with the one before comes to its end first. Where none can be made, that one stays. */
  reload(make: () => Promise<Workspace>): Promise<void>;
}

export function reloadable(first: Workspace, drain: Pick<Drain, 'settled'>): Reloadable {
  let current = first;
  const workspace: Workspace = {
    get version() {
      return current.version;
    },
    get databases() {
      return current.databases;
    },
    get access() {
      return current.access;
    },
    get limit() {
      return current.limit;
    },
    open: (name, caller) => current.open(name, caller),
    models: () => current.models(),
    savedQuestions: () => current.savedQuestions(),
    history: (caller, most, before) => current.history(caller, most, before),
    noteRun: (run) => current.noteRun(run),
    forAgent: (caller) => agentWorkspace(workspace, caller),
    redact: (text) => current.redact(text),
    warn: (text) => current.warn(text),
    silentTerminal: () => current.silentTerminal(),
    close: () => current.close(),
  };
  return {
    workspace,
    async reload(make) {
      const before = current;
      try {
        current = await make();
      } catch (error) {
        before.warn(`The settings stay as they were: ${messageOf(error)}`);
        return;
      }
      await drain.settled();
      await before.close();
    },
  };
}
