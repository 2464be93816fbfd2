import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Me } from '../../api/me.ts';
import type { AuditEntry } from '../../audit/audit.ts';
import type { Caller } from '../../caller.ts';
import { HttpError } from '../../http-error.ts';
import type { Credentials } from '../../login.ts';
import { type Identity, type IdentityParts, identify } from '../identity.ts';

/** An app whose routes are typed by their zod schemas. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes by which people sign in work with. */
export interface RouteParts extends IdentityParts {
  /** What a caller is told of themselves. */
  readonly describe: (caller: Caller) => Me;
  /** Whether anybody may make themselves an account. */
  readonly registration: boolean;
}

/** A request as these routes see it. */
export type Asked = Credentials & { readonly id: string };

/** Who makes a request. Rejects with an HttpError `unauthorized` for nobody. */
export async function identityOf(parts: IdentityParts, request: Asked): Promise<Identity> {
  const identity = await identify(parts, request);
  if (identity === null) {
    throw new HttpError('unauthorized', 'Sign in first: this needs a token that holds.');
  }
  return identity;
}

/**
 * Who makes a request that changes how they sign in. Rejects with an HttpError `forbidden` for a personal token: whoever has
 * found one could make another that stays, with all that its user may.
 */
export async function ownerOf(parts: IdentityParts, request: Asked): Promise<Identity> {
  const identity = await identityOf(parts, request);
  if (identity.known.roles !== null) {
    throw new HttpError('forbidden', 'A personal token is not enough for this. Sign in with your password.');
  }
  return identity;
}

/** Writes down what somebody did about signing in. */
export function recordOf(
  { accounts }: IdentityParts,
  { id: requestId, ip: address }: Asked,
  identity: { readonly user: { readonly id: string; readonly name: string }; readonly by: Caller['by'] },
  entry: Pick<AuditEntry, 'action'> & Partial<Pick<AuditEntry, 'about' | 'outcome'>>,
): Promise<void> {
  const { user, by } = identity;
  const caller = { id: user.id, name: user.name, by };
  return accounts.audit.record({ outcome: 'done', ...entry, caller, address, requestId });
}
