import * as z from 'zod';
import { roles } from '../caller.ts';

export const roleSchema = z.enum(roles);

/** `GET /v1/me`: who asks, and what they may. */
export const meSchema = z.object({
  name: z.string(),
  roles: z.array(roleSchema),
  /** The databases that they may name. */
  databases: z.array(z.string()),
  /** The profiles that they may name; null for all. */
  profiles: z.array(z.string()).nullable(),
  rowLimit: z.number().int().nullable(),
  by: z.enum(['local', 'session', 'access-token', 'personal-token']),
  /** Whether they sign in with a password of this service. */
  hasPassword: z.boolean(),
  version: z.string(),
  /** Whether the server was started with `--write`. */
  writable: z.boolean(),
});

export type Me = z.infer<typeof meSchema>;
