import type { Role } from '../../caller.ts';

/** Where users sign in by OpenID Connect, and who of them may come in. */
export interface OidcSettings {
  readonly issuer: URL;
  /** Where people come back to; null for where their request went. */
  readonly address?: URL | null;
  readonly clientId: string;
  /** Null for a client that has none, whom PKCE alone protects. */
  readonly clientSecret: string | null;
  /** What the page calls it. */
  readonly name: string;
  /** Whose verified address is of one of these domains gets a user at the first sign-in. */
  readonly domains: readonly string[];
  /** So does who is in one of these groups, with the roles of all of theirs, anew at each sign-in. */
  readonly groups: ReadonlyMap<string, readonly Role[]>;
}
