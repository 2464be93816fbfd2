import * as z from 'zod';
import { meSchema, roleSchema } from './me.ts';
import { wellFormed } from './text.ts';

const name = wellFormed(z.string().min(1).max(200));
const password = z.string().min(1).max(1_000);

/** `POST /auth/login`; the form of OAuth 2's password grant is read besides. */
export const loginRequestSchema = z.strictObject({ name, password });

export const tokensReplySchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int(),
  refresh_token: z.string(),
});

/** `POST /auth/refresh`. */
export const refreshRequestSchema = z.strictObject({ refresh_token: z.string().min(1).max(4_000) });

/** `POST /auth/logout`: by a refresh token, or by what the request itself is signed in by. */
export const logoutRequestSchema = z
  .strictObject({
    refresh_token: z.string().min(1).max(4_000).optional(),
    /** Signs out wherever else one is signed in too; personal tokens stay. */
    everywhere: z.boolean().optional(),
  })
  .nullish();

/** `POST /auth/session`. */
export const sessionRequestSchema = z.union([
  z.strictObject({ name, password }),
  z.strictObject({ token: z.string().min(1).max(4_000) }),
]);

/** `POST /auth/session`, `GET /auth/session`: what a page needs besides its cookie. */
export const sessionReplySchema = z.object({
  /** Goes along with each request that changes something, as the header `x-csrf-token`. */
  csrf: z.string(),
  me: meSchema,
});

/** `GET /auth/methods`: how one can sign in. */
export const methodsReplySchema = z.object({
  password: z.boolean(),
  token: z.boolean(),
  oidc: z.object({ name: z.string() }).nullable(),
  registration: z.boolean(),
});

/** `POST /auth/password`. */
export const passwordRequestSchema = z.strictObject({ old: password, new: password });

/** `POST /auth/register`. */
export const registerRequestSchema = loginRequestSchema;

/** `POST /auth/tokens`. */
export const newTokenRequestSchema = z.strictObject({
  name,
  /** A time in ISO 8601, a day, or how long from now (`12h`, `7d`, `8w`); never unless it is given. */
  expires: z.union([z.iso.datetime(), z.iso.date(), z.string().regex(/^[1-9]\d{0,4}[hdw]$/u)]).optional(),
  /** Some of the caller's own; all of them unless they are given. */
  roles: z.array(roleSchema).optional(),
});

export const personalTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  time: z.string(),
  /** When it was used last. */
  seen: z.string().nullable(),
  expires: z.string().nullable(),
  roles: z.array(roleSchema),
});

/** A personal token is shown this once. */
export const newTokenReplySchema = personalTokenSchema.extend({ token: z.string() });

export const personalTokensSchema = z.object({ tokens: z.array(personalTokenSchema) });

export type TokensReply = z.infer<typeof tokensReplySchema>;
export type SessionRequest = z.input<typeof sessionRequestSchema>;
export type SessionReply = z.infer<typeof sessionReplySchema>;
export type MethodsReply = z.infer<typeof methodsReplySchema>;
export type PersonalToken = z.infer<typeof personalTokenSchema>;
export type NewTokenReply = z.infer<typeof newTokenReplySchema>;
