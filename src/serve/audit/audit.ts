import type { Caller } from '../caller.ts';

/** Who did something: a caller of the service, or somebody of this machine with a command. */
export type Doer = Pick<Caller, 'id' | 'name'> & { readonly by: Caller['by'] | 'command' };

/** What somebody did, or tried to: who, what, how it ended. Never a row, never a secret. */
export interface AuditEntry {
  /** A word for what it was, such as `ask`, `run`, `commit`, `login` or `user.add`. */
  readonly action: string;
  /** `started` before work begins, then how it ended. */
  readonly outcome: string;
  /** Null for somebody who is not known. */
  readonly caller: Doer | null;
  /** The address that the request came from. */
  readonly address?: string | null;
  readonly requestId?: string | null;
  readonly database?: string | null;
  readonly question?: string | null;
  readonly sql?: string | null;
  readonly rows?: number | null;
  readonly milliseconds?: number | null;
  /** What else says what it was about, such as the name of a user who was changed. */
  readonly about?: string | null;
}

/** Where is written down who did what. */
export interface Audit {
  /**
   * Resolves when the entry is on the disk. Rejects with a SqlqError `failed` where it can't be: what it is about must then
   * not be done.
   */
  record(entry: AuditEntry): Promise<void>;
  close(): Promise<void>;
}
