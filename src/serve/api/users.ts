import * as z from 'zod';
import { roleSchema } from './me.ts';

const name = z.string().min(1).max(200);
const names = z.array(name).max(1_000);

const rights = {
  roles: z.array(roleSchema).optional(),
  /** Null for all that are served. */
  databases: names.nullable().optional(),
  /** Null for all of the settings. */
  profiles: names.nullable().optional(),
  /** Patterns of columns, hidden besides those of the settings. */
  hide: names.optional(),
  rowLimit: z.number().int().positive().nullable().optional(),
  /** What they may spend on models a day. */
  dollars: z.number().nonnegative().nullable().optional(),
};

/** `POST /v1/users`. */
export const newUserRequestSchema = z.strictObject({
  name,
  password: z.string().min(1).max(1_000),
  ...rights,
});

/** `PATCH /v1/users/{name}`: what is left out stays as it is. */
export const userChangeRequestSchema = z.strictObject({
  ...rights,
  password: z.string().min(1).max(1_000).optional(),
  disabled: z.boolean().optional(),
});

export const userSchema = z.object({
  name: z.string(),
  roles: z.array(roleSchema),
  databases: z.array(z.string()).nullable(),
  profiles: z.array(z.string()).nullable(),
  hide: z.array(z.string()),
  rowLimit: z.number().nullable(),
  dollars: z.number().nullable(),
  disabled: z.boolean(),
  /** How they sign in. */
  by: z.enum(['password', 'oidc']),
  made: z.string(),
  /** When they signed in last. */
  seen: z.string().nullable(),
});

/** `GET /v1/users`. */
export const usersSchema = z.object({ users: z.array(userSchema) });

export type ApiUser = z.infer<typeof userSchema>;
export type UserChangeRequest = z.input<typeof userChangeRequestSchema>;
