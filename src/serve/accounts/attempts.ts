import * as z from 'zod';
import type { Sql } from './store/sql.ts';

const second = 1000;
const minute = 60 * second;

/** How often something may be tried in vain before there is a wait, which doubles each time. */
export interface Rule {
  readonly free: number;
  readonly longestWait: number;
  /** After so long without a try all is forgotten. */
  readonly forget: number;
}

/** The waits never get so long that a user would be kept out for ever. */
export const rules = {
  /** One account from one address. */
  pair: { free: 5, longestWait: 15 * minute, forget: 60 * minute },
  /** One account from all addresses that it has never been signed in to from. */
  account: { free: 20, longestWait: 15 * minute, forget: 60 * minute },
  /** One address, whatever the accounts: there may be an office behind it. */
  address: { free: 50, longestWait: 15 * minute, forget: 60 * minute },
} as const satisfies Readonly<Record<string, Rule>>;

/** Milliseconds until the next try after so many in vain. */
export function waitAfter(failures: number, { free, longestWait }: Rule): number {
  return failures < free ? 0 : Math.min(longestWait, second * 2 ** Math.min(failures - free, 30));
}

/** Milliseconds until a try may be made, 0 for now, and how many were counted, this one among them if it may. */
export interface Try {
  readonly wait: number;
  readonly failures: number;
}

const stored = z.object({ failures: z.number(), opens: z.number(), expires: z.number() });

/** Milliseconds until all of some keys may be tried again, 0 for now: it only reads. */
export async function waitOf(sql: Sql, keys: readonly string[], now: number): Promise<number> {
  const places = keys.map((_, index) => `$${index + 2}`).join(', ');
  const [row] = await sql.all(
    `SELECT max(opens) AS opens FROM sqlq_attempt WHERE opens > $1 AND failures > 0 AND key IN (${places})`,
    now,
    ...keys,
  );
  const { opens } = z.object({ opens: z.number().nullable() }).parse(row);
  return opens === null ? 0 : opens - now;
}

/**
 * Counts a try as one in vain before it is made, so that many at once are no more than one after the other; all who share
 * the users share the count. Where it has to wait it is not counted.
 */
export async function tryOnce(sql: Sql, key: string, rule: Rule, now: number): Promise<Try> {
  for (;;) {
    const [row] = await sql.all('SELECT failures, opens, expires FROM sqlq_attempt WHERE key = $1', key);
    const found = stored.optional().parse(row);
    const before = found !== undefined && found.expires > now ? found.failures : 0;
    if (found !== undefined && before > 0 && found.opens > now) {
      return { wait: found.opens - now, failures: before };
    }
    const failures = before + 1;
    const opens = now + waitAfter(failures, rule);
    const expires = opens + rule.forget;
    const changed =
      found === undefined
        ? await sql.change(
            `INSERT INTO sqlq_attempt (key, failures, opens, expires) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key) DO NOTHING`,
            key,
            failures,
            opens,
            expires,
          )
        : await sql.change(
            `UPDATE sqlq_attempt SET failures = $1, opens = $2, expires = $3
             WHERE key = $4 AND failures = $5 AND opens = $6`,
            failures,
            opens,
            expires,
            key,
            found.failures,
            found.opens,
          );
    // Otherwise somebody else was counted in between.
    if (changed > 0) {
      return { wait: 0, failures };
    }
  }
}

/** Takes one try back, which was not in vain. */
export async function takeBack(sql: Sql, key: string, now: number): Promise<void> {
  await sql.change('DELETE FROM sqlq_attempt WHERE key = $1 AND failures <= 1', key);
  await sql.change('UPDATE sqlq_attempt SET failures = failures - 1, opens = $2 WHERE key = $1', key, now);
}

/** Forgets all tries of a key. */
export async function forgetTries(sql: Sql, key: string): Promise<void> {
  await sql.change('DELETE FROM sqlq_attempt WHERE key = $1', key);
}

/** Forgets all tries at a user's account, from wherever. */
export async function forgetTriesOf(sql: Sql, user: string): Promise<void> {
  await sql.change(
    'DELETE FROM sqlq_attempt WHERE key = $1 OR key LIKE $2',
    `account:${user}`,
    `pair:${user}:%`,
  );
}

/** Drops what no longer counts. */
export async function dropOldTries(sql: Sql, now: number): Promise<void> {
  await sql.change('DELETE FROM sqlq_attempt WHERE expires <= $1', now);
}
