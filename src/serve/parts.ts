import type { Audit } from './audit/audit.ts';
import type { Drain } from './http/drain.ts';
import type { Login } from './login.ts';
import type { Observe } from './observe.ts';
import type { Conversations } from './question/conversations.ts';
import type { Answers } from './question/kept.ts';
import type { Purse } from './question/purse.ts';
import type { Standing } from './standing.ts';
import type { SharedState } from './state/state.ts';
import type { Workspace } from './workspace.ts';

/** What the routes of the service work with. */
export interface Parts {
  readonly workspace: Workspace;
  readonly login: Login;
  readonly standing: Standing;
  readonly state: SharedState;
  readonly observe: Observe;
  readonly audit: Audit;
  readonly drain: Drain;
  readonly answers: Answers;
  readonly conversations: Conversations;
  readonly purse: Purse;
  readonly now: () => Date;
  /** A reader of rows that takes nothing for so long is given up. */
  readonly readers: { readonly idleMilliseconds: number };
  /** Ends what is still under way when the server can wait no longer. */
  readonly ending: AbortSignal;
}
