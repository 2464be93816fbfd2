import type { HidePatterns } from '../../pattern.ts';
import type { Session } from '../session.ts';

/** What every rule of the guard may ask, while it judges one statement. */
export interface GuardContext {
  readonly session: Session;
  /** The role's own search path, as existing schemas, the implicit ones among them. */
  readonly searchPath: readonly string[];
  readonly hidden: HidePatterns;
}
