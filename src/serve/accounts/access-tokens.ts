import jwt from '@fastify/jwt';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Accounts } from './accounts.ts';
import { sealOf } from './secrets.ts';

/** How long an access token lasts, in seconds; then a refresh token makes the next. */
export const accessSeconds = 600;

/** One algorithm, with a key that is no other algorithm's: a token that names another is none. */
const algorithm = 'HS256';
const issuer = 'sqlq';

/** Texts that this service has signed, each for one use and a short while. */
export interface SignedTexts {
  sign(use: string, claims: Readonly<Record<string, string>>, seconds: number): string;
  /** The claims of a text; null where it was not signed here, for that use, or is too old. */
  read(use: string, text: string): Readonly<Record<string, unknown>> | null;
}

const claimsSchema = z.record(z.string(), z.unknown());

/** Signs by a key that all instances with the same users share. */
export async function signedTexts(
  app: FastifyInstance,
  { key, now }: Pick<Accounts, 'key' | 'now'>,
): Promise<SignedTexts> {
  await app.register(jwt, {
    secret: sealOf(key, 'jwt', algorithm),
    sign: { algorithm, iss: issuer },
    verify: {
      algorithms: [algorithm],
      allowedIss: issuer,
      requiredClaims: ['iss', 'aud', 'iat', 'exp'],
    },
  });
  const seconds = (): number => Math.floor(now().getTime() / 1000);
  return {
    sign: (use, claims, lasts) =>
      app.jwt.sign({ ...claims, iat: seconds(), exp: seconds() + lasts }, { aud: use }),
    read(use, text) {
      try {
        const clockTimestamp = now().getTime();
        const claims = app.jwt.verify<object>(text, { allowedAud: use, clockTimestamp });
        return claimsSchema.safeParse(claims).data ?? null;
      } catch {
        // Whatever is wrong with it, it is nobody's.
        return null;
      }
    },
  };
}
