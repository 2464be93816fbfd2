import { type ReadonlySignal, signal } from '@preact/signals';
import type { MethodsReply, SessionReply, SessionRequest } from '../../serve/api/auth.ts';
import type { Me } from '../../serve/api/me.ts';
import { type Client, type Failure, failureOf } from '../api/client.ts';

/** Where the page stands with who uses it. */
export type SignIn =
  | { readonly kind: 'looking' }
  | { readonly kind: 'out'; readonly methods: MethodsReply; readonly failure: Failure | null }
  | { readonly kind: 'in'; readonly me: Me };

export interface Session {
  readonly signIn: ReadonlySignal<SignIn>;
  /** Signs in by the token of the address, by the cookie that is there, or not at all. */
  begin(token: string | null): Promise<void>;
  enter(credentials: SessionRequest): Promise<void>;
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
  const isOut = (failure: Failure | null): void => {
    client.csrf = null;
    signIn.value = { kind: 'out', methods, failure };
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
    async begin(token) {
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
        isOut(failure.code === 'unauthorized' ? null : failure);
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
