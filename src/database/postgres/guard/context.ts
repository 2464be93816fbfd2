import type { HidePatterns } from '../../pattern.ts';
import type { Session } from '../session.ts';
import type { Letters } from './letters.ts';
import type { Parser } from './parser.ts';

/** What the guard of a connection knows before it sees a statement. */
export interface GuardSetup {
  readonly session: Session;
  readonly hidden: HidePatterns;
  readonly parser: Parser;
  readonly letters: Letters;
  /** Functions that the user answers for, as `name` or `schema.name`. */
  readonly trustedFunctions: readonly string[];
}

/** What every rule of the guard may ask, while it looks at one statement. */
export interface GuardContext extends GuardSetup {
  /** The role's own search path, as existing schemas, the implicit ones among them. */
  readonly searchPath: readonly string[];
}
