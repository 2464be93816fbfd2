import type { Caller } from './caller.ts';

/** What somebody was shown something of: a database, without the columns that were hidden from them then. */
export interface Seen {
  readonly database: string;
  /** The patterns of columns that were hidden from them besides those of the settings. */
  readonly hide: readonly string[];
}

/** Whether a caller may see by now all that was shown to them then. */
export function maySee(
  { databases, hide }: Pick<Caller, 'databases' | 'hide'>,
  { database, hide: hidden }: Seen,
): boolean {
  return databases?.includes(database) !== false && hide.every((pattern) => hidden.includes(pattern));
}
