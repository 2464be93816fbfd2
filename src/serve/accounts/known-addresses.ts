import type { Sql } from './store/sql.ts';

/** So many of the addresses that a user has signed in from are kept, the newest. */
const mostKnown = 10;

/** Whether a user has signed in from an address before. */
export async function isKnownAddress(sql: Sql, user: string, address: string): Promise<boolean> {
  const statement = 'SELECT 1 FROM sqlq_known_address WHERE user_id = $1 AND address = $2';
  return (await sql.all(statement, user, address)).length > 0;
}

/** Keeps that a user has signed in from an address. */
export async function knowAddress(sql: Sql, user: string, address: string, now: Date): Promise<void> {
  await sql.change(
    `INSERT INTO sqlq_known_address (user_id, address, seen) VALUES ($1, $2, $3)
     ON CONFLICT (user_id, address) DO UPDATE SET seen = excluded.seen`,
    user,
    address,
    now.getTime(),
  );
  await sql.change(
    `DELETE FROM sqlq_known_address WHERE user_id = $1 AND address NOT IN
       (SELECT address FROM sqlq_known_address WHERE user_id = $1 ORDER BY seen DESC, address LIMIT ${mostKnown})`,
    user,
  );
}
