import type { NewTokenReply, PersonalToken } from '../../serve/api/auth.ts';
import type { Me } from '../../serve/api/me.ts';
import type { Client } from '../api/client.ts';

export type { PersonalToken } from '../../serve/api/auth.ts';

/** A personal token to be made. */
export interface WantedToken {
  readonly name: string;
  /** Days that it holds; null for good. */
  readonly days: number | null;
  readonly roles: Me['roles'];
}

/** What users do about their own accounts. Each throws `Failure`. */
export interface Account {
  changePassword(old: string, wanted: string): Promise<void>;
  tokens(): Promise<readonly PersonalToken[]>;
  /** The reply alone holds the token itself. */
  makeToken(wanted: WantedToken): Promise<NewTokenReply>;
  revokeToken(id: string): Promise<void>;
  /** Ends every session and every login of a program, this one too. */
  leaveEverywhere(): Promise<void>;
}

const day = 24 * 60 * 60_000;

export function createAccount(client: Client): Account {
  return {
    async changePassword(old, wanted) {
      // Of a session that has ended it is told by this one; what is typed may be wrong in one that holds.
      await client.json('/auth/session');
      await client.open('/auth/password', {
        method: 'POST',
        body: { old, new: wanted },
        isSigningIn: true,
      });
    },
    async tokens() {
      return (await client.json<{ tokens: readonly PersonalToken[] }>('/auth/tokens')).tokens;
    },
    makeToken({ name, days, roles }) {
      const expires = days === null ? {} : { expires: new Date(Date.now() + days * day).toISOString() };
      return client.json('/auth/tokens', { method: 'POST', body: { name, roles, ...expires } });
    },
    async revokeToken(id) {
      await client.open(`/auth/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
    async leaveEverywhere() {
      await client.open('/auth/logout', { method: 'POST', body: { everywhere: true } });
    },
  };
}
