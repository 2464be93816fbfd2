import { createHash, timingSafeEqual } from 'node:crypto';
import { type Caller, type Role, roles } from './caller.ts';
import type { Login } from './login.ts';

/** Lets in whoever has one token: it was printed for the user of this machine, who may do everything. */
export function localLogin(token: string): Login {
  const wanted = digestOf(token);
  const caller: Caller = {
    id: 'local',
    name: 'local',
    roles: new Set<Role>(roles),
    databases: null,
    profiles: null,
    hide: [],
    rowLimit: null,
    dollars: null,
    by: 'local',
  };
  return {
    async authenticate({ headers }) {
      const [, given] = /^Bearer +(\S+)$/iu.exec(headers.authorization ?? '') ?? [];
      return given !== undefined && timingSafeEqual(digestOf(given), wanted) ? caller : null;
    },
    async register() {},
    async close() {},
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
