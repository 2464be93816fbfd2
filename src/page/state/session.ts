import { type ReadonlySignal, signal } from '@preact/signals';
import type { MethodsReply, SessionReply, SessionRequest } from '../../serve/api/auth.ts';
import type { Me } from '../../serve/api/me.ts';
import { type Client, type Failure, failureOf } from '../api/client.ts';

/** Where the page stands with who uses it. */
export type SignIn =
  | { readonly kind: 'looking' }
  | {
      readonly kind: 'out';
      readonly methods: MethodsReply;
      readonly failure: Failure | null;
      /** The sign-in at a provider did not go well. */
      readonly isTurnedBack: boolean;
    }
  | { readonly kind: 'in'; readonly me: Me };

/** What the address brought along. */
export interface Arrival {
  readonly token: string | null;
  /** The way back from a provider, where nobody was let in. */
  readonly isTurnedBack: boolean;
}

export interface Session {
  readonly signIn: ReadonlySignal<SignIn>;
  /** Signs in by the token of the address, by the cookie that is there, or not at all. */
  begin(arrival: Arrival): Promise<void>;
  enter(credentials: SessionRequest): Promise<void>;
  /** Makes an account, and signs in by it. */
  register(credentials: { readonly name: string; readonly password: string }): Promise<void>;
  leave(): Promise<void>;
  /** The server no longer knows the session. */
  ended(): void;
}

/** What is offered where the server does not say. */
const tokenAlone: MethodsReply = { password: false, token: true, oidc: null, registration: false };

export function createSession(client: Client): Session {
  const signIn = signal<SignIn>({ kind: 'looking' });
  let methods = tokenAlone;
  const isIn = ({ csrf, me }: SessionReply): void => {
    client.csrf = csrf;
    signIn.value = { kind: 'in', me };
  };
  const isOut = (failure: Failure | null, isTurnedBack = false): void => {
    client.csrf = null;
    signIn.value = { kind: 'out', methods, failure, isTurnedBack };
  };
  const enter: Session['enter'] = async (credentials) => {
    try {
      isIn(await client.json('/auth/session', { method: 'POST', body: credentials }));
    } catch (error) {
      isOut(failureOf(error));
    }
  };
  return {
    signIn,
    enter,
    async register(credentials) {
      try {
        await client.open('/auth/register', { method: 'POST', body: credentials });
      } catch (error) {
        isOut(failureOf(error));
        return;
      }
      await enter(credentials);
    },
    async begin({ token, isTurnedBack }) {
      const askedMethods = client.json<MethodsReply>('/auth/methods').catch(() => tokenAlone);
      if (token !== null) {
        methods = await askedMethods;
        await enter({ token });
        return;
      }
      try {
        isIn(await client.json('/auth/session'));
      } catch (error) {
        const failure = failureOf(error);
        methods = await askedMethods;
        isOut(failure.code === 'unauthorized' ? null : failure, isTurnedBack);
      }
    },
    async leave() {
      await client.open('/auth/session', { method: 'DELETE' }).catch(() => null);
      isOut(null);
    },
    ended() {
      if (signIn.value.kind === 'in') {
        isOut(null);
      }
    },
  };
}
