import type { Budget } from './budget.ts';
import { createResults, type Results } from './results.ts';
import type { Workspace } from './workspace.ts';

/** All that the calls of one caller share. */
export interface Session {
  readonly workspace: Workspace;
  readonly budget: Budget;
  readonly results: Results;
  /** Consents that have been used: each counts once. */
  readonly spent: Set<string>;
}

export function createSession(workspace: Workspace, budget: Budget): Session {
  return { workspace, budget, results: createResults(), spent: new Set() };
}
