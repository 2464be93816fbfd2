/** What somebody may do: ask, run SQL, change databases, and see to users, metrics and the audit log. */
export const roles = ['ask', 'run', 'write', 'admin'] as const;

export type Role = (typeof roles)[number];

/** Who makes a request, and what they may. */
export interface Caller {
  /** The user's id; `local` for the token that is printed on loopback. */
  readonly id: string;
  readonly name: string;
  /** `write` counts only where the server was started with `--write`. */
  readonly roles: ReadonlySet<Role>;
  /** The databases that they may name; null for all that are served. */
  readonly databases: readonly string[] | null;
  /** The profiles that they may name; null for all of the settings. */
  readonly profiles: readonly string[] | null;
  /** Patterns of columns that are hidden from them, besides those of the settings. */
  readonly hide: readonly string[];
  /** The most rows that they are given; null where the settings alone say. */
  readonly rowLimit: number | null;
  /** What they may spend on models a day; null without a bound. */
  readonly dollars: number | null;
  /** They sign in at a provider, and have no password here; left out for all others. */
  readonly isElsewhere?: true;
  /** How they have proved who they are. */
  readonly by: 'local' | 'session' | 'access-token' | 'personal-token';
  /** The id of the sign-in or of the token by which they are known; null where it is the user alone who counts. */
  readonly signIn: string | null;
}
