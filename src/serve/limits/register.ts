import type { FastifyInstance, FastifyReply } from 'fastify';
import '../access.ts';
import type { Rate } from '../../config/settings/rate.ts';
import { HttpError } from '../http-error.ts';
import type { SharedState } from '../state/state.ts';
import { addressKey } from './address-key.ts';
import { type Allowance, createLimiter, type Limiter } from './limiter.ts';
import type { Pressure } from './pressure.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It is answered however many ask, such as a probe. */
    readonly isUnlimited?: boolean;
  }
}

/** How many requests one user may make, and one address, whoever asks from there; null for any number. */
export interface Rates {
  readonly perUser: Rate | null;
  readonly perAddress: Rate | null;
}

/** What requests are held to. */
export interface LimitParts {
  readonly state: SharedState;
  /** Those that hold now. */
  readonly rates: () => Rates;
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
  const { state, rates, pressure, onTurnedAway } = parts;
  const limiterOf = (name: string, of: (rates: Rates) => Rate | null): (() => Limiter | null) => {
    let made: { readonly rate: Rate; readonly limiter: Limiter } | null = null;
    return () => {
      const rate = of(rates());
      if (rate === null) {
        return null;
      }
      if (made?.rate !== rate) {
        made = { rate, limiter: createLimiter(state, name, rate) };
      }
      return made.limiter;
    };
  };
  const ofUser = limiterOf('user', ({ perUser }) => perUser);
  const ofAddress = limiterOf('address', ({ perAddress }) => perAddress);

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isUnlimited === true) {
      return;
    }
    const reason = pressure.reason();
    if (reason !== null) {
      onTurnedAway(reason);
      throw new HttpError('busy', 'The server has too much to do.', { retryAfter: pauseSeconds });
    }
    const limiter = ofAddress();
    if (limiter !== null) {
      const allowance = await limiter.take(addressKey(request.ip));
      tell(reply, allowance, () => onTurnedAway('address'));
    }
  });
  // Who calls is known by now, and no body has been read.
  app.addHook('preParsing', async (request, reply, payload) => {
    const { caller } = request;
    // Whoever has the token of this machine's own user is that user.
    const limiter = caller === null || caller.by === 'local' ? null : ofUser();
    if (limiter !== null && caller !== null) {
      tell(reply, await limiter.take(caller.id), () => onTurnedAway('user'));
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
