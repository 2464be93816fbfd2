import type { FastifyInstance, FastifyReply } from 'fastify';
import '../access.ts';
import { HttpError } from '../http-error.ts';
import type { SharedState } from '../state/state.ts';
import { addressKey } from './address-key.ts';
import { type Allowance, createLimiter } from './limiter.ts';
import type { Pressure } from './pressure.ts';
import type { Rate } from './rate.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It is answered however many ask, such as a probe. */
    readonly isUnlimited?: boolean;
  }
}

/** What requests are held to. */
export interface LimitParts {
  readonly state: SharedState;
  /** Of one user, and of one address, whoever asks from there; null without a limit. */
  readonly perUser: Rate | null;
  readonly perAddress: Rate | null;
  readonly pressure: Pressure;
  readonly onTurnedAway: (why: 'user' | 'address' | 'memory' | 'delay') => void;
}

/** A server that has too much to do is left alone for so many seconds. */
const pauseSeconds = 5;

/**
 * Turns requests away that are too many: of an address before anything is done for them, of a user as soon as they are
 * known. To be registered before whatever finds out who calls.
 */
export function registerLimits(app: FastifyInstance, parts: LimitParts): void {
  const { state, perUser, perAddress, pressure, onTurnedAway } = parts;
  const ofUser = perUser === null ? null : createLimiter(state, 'user', perUser);
  const ofAddress = perAddress === null ? null : createLimiter(state, 'address', perAddress);

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isUnlimited === true) {
      return;
    }
    const reason = pressure.reason();
    if (reason !== null) {
      onTurnedAway(reason);
      throw new HttpError('busy', 'The server has too much to do.', { retryAfter: pauseSeconds });
    }
    if (ofAddress !== null) {
      const allowance = await ofAddress.take(addressKey(request.ip));
      tell(reply, allowance, () => onTurnedAway('address'));
    }
  });
  // Who calls is known by now, and no body has been read.
  app.addHook('preParsing', async (request, reply, payload) => {
    const { caller } = request;
    // Whoever has the token of this machine's own user is that user.
    if (ofUser !== null && caller !== null && caller.by !== 'local') {
      tell(reply, await ofUser.take(caller.id), () => onTurnedAway('user'));
    }
    return payload;
  });
}

/** Says how much is left, in the fields of draft-ietf-httpapi-ratelimit-headers-06 that clients know. */
function tell(reply: FastifyReply, allowance: Allowance, onOver: () => void): void {
  const seconds = Math.max(1, Math.ceil(allowance.milliseconds / 1_000));
  reply.headers({
    'ratelimit-limit': allowance.limit,
    'ratelimit-remaining': allowance.remaining,
    'ratelimit-reset': seconds,
  });
  if (allowance.isOver) {
    onOver();
    throw new HttpError('too-many', `Too many requests: ${allowance.limit} are taken at a time.`, {
      hint: `Try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
      retryAfter: seconds,
    });
  }
}
