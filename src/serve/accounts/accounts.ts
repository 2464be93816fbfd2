import type { Audit } from '../audit/audit.ts';
import type { Observe } from '../observe.ts';
import { createGate, type Gate } from './gate.ts';
import { type Cost, hashPassword } from './password.ts';
import { newSecret, sharedKey } from './secrets.ts';
import type { Sql } from './store/sql.ts';

/** What all that signs people in works with. */
export interface Accounts {
  readonly sql: Sql;
  readonly audit: Audit;
  readonly observe: Observe;
  readonly now: () => Date;
  /** The key that all instances with these users share. */
  readonly key: string;
  /** What hashes cost that are made now. */
  readonly cost: Cost;
  /** A hash takes 32 MB and a core for a tenth of a second. */
  readonly hashing: Gate;
  /** A hash that no password has, for names that nobody has. */
  readonly nobodysHash: string;
}

/** Two at once leave two of Node's four threads for files and names of hosts. */
const hashesAtOnce = 2;
const hashesWaiting = 50;

/** Makes what signs people in. */
export async function createAccounts(
  parts: Pick<Accounts, 'sql' | 'audit' | 'observe' | 'now' | 'cost'>,
): Promise<Accounts> {
  return {
    ...parts,
    key: await sharedKey(parts.sql),
    hashing: createGate({ atOnce: hashesAtOnce, waiting: hashesWaiting }),
    nobodysHash: await hashPassword(newSecret(), parts.cost),
  };
}

/** Hashes a password when it is its turn. Rejects with an HttpError `busy`. */
export function newHash(
  { hashing, cost }: Pick<Accounts, 'hashing' | 'cost'>,
  password: string,
): Promise<string> {
  return hashing.pass(() => hashPassword(password, cost));
}
