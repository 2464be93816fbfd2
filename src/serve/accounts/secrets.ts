import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Sql } from './store/sql.ts';

const secretBytes = 32;

/** A text that nobody guesses. */
export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** What is kept of a secret: it is long and random, and so needs no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A text that only whoever has a key can make of another, apart for each `use`. */
export function sealOf(key: string, use: string, text: string): string {
  return createHmac('sha256', key).update(`${use}\0${text}`).digest('base64url');
}

/** Whether two texts are the same; that takes as long wherever they differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
}

const stored = z.object({ value: z.string() });

/** The key of all instances that share these users; the first one makes it. */
export async function sharedKey(sql: Sql): Promise<string> {
  const name = 'key';
  await sql.change(
    'INSERT INTO sqlq_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
    name,
    newSecret(),
  );
  const [row] = await sql.all('SELECT value FROM sqlq_secret WHERE name = $1', name);
  return stored.parse(row).value;
}
