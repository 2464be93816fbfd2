import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { SqlqError } from '../../errors.ts';
import { nearest } from '../../schema/nearest.ts';
import { roles as allRoles, type Role } from '../caller.ts';
import type { Sql, SqlValue } from './store/sql.ts';

/** What a user may, and up to where. */
export interface Rights {
  readonly roles: readonly Role[];
  /** The databases that they may name; null for all. */
  readonly databases: readonly string[] | null;
  /** The profiles that they may name; null for all. */
  readonly profiles: readonly string[] | null;
  /** Patterns of columns that are hidden from them, besides those of the settings. */
  readonly hide: readonly string[];
  readonly rowLimit: number | null;
  /** What they may spend on models a day. */
  readonly dollars: number | null;
}

/** Somebody who may sign in. */
export interface User extends Rights {
  readonly id: string;
  readonly name: string;
  /** The hash of their password in PHC's format; null where they sign in elsewhere. */
  readonly password: string | null;
  /** Where they sign in by OpenID Connect, the provider that knows them. */
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly disabled: boolean;
  readonly made: number;
  /** When they signed in last. */
  readonly seen: number | null;
}

/** What a new user may unless somebody says otherwise. */
export const usualRights: Rights = {
  roles: ['ask', 'run'],
  databases: null,
  profiles: null,
  hide: [],
  rowLimit: null,
  dollars: null,
};

/** Rights as far as somebody said them. */
export type GivenRights = { readonly [Name in keyof Rights]?: Rights[Name] | undefined };

/** What a new user may by what was said, and the usual for all else. */
export function rightsOf(given: GivenRights): Rights {
  return {
    roles: given.roles ?? usualRights.roles,
    databases: given.databases ?? null,
    profiles: given.profiles ?? null,
    hide: given.hide ?? [],
    rowLimit: given.rowLimit ?? null,
    dollars: given.dollars ?? null,
  };
}

const texts = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string()));
/** A role of a newer version counts for nothing here. */
export const storedRoles = texts.transform((names) => allRoles.filter((role) => names.includes(role)));

const storedUser = z
  .object({
    id: z.string(),
    name: z.string(),
    password: z.string().nullable(),
    issuer: z.string().nullable(),
    subject: z.string().nullable(),
    roles: storedRoles,
    databases: texts.nullable(),
    profiles: texts.nullable(),
    hide: texts,
    row_limit: z.number().nullable(),
    dollars: z.number().nullable(),
    disabled: z.number(),
    made: z.number(),
    seen: z.number().nullable(),
  })
  .transform(
    ({ row_limit: rowLimit, disabled, ...rest }): User => ({ ...rest, rowLimit, disabled: disabled !== 0 }),
  );

/** The columns that `userOf` reads. */
export const userColumns =
  'id name password issuer subject roles databases profiles hide row_limit dollars disabled made seen'
    .split(' ')
    .map((column) => `sqlq_user.${column}`)
    .join(', ');

/** A row of `userColumns`. */
export function userOf(row: unknown): User {
  return storedUser.parse(row);
}

/**
 * A name as it is kept: without the difference of small and capital letters, and only with characters that look like no
 * others. Throws a SqlqError `usage`.
 */
export function userName(given: string): string {
  const name = keptName(given);
  if (name === null) {
    throw new SqlqError('usage', `"${given}" can't be the name of a user.`, {
      hint: 'A name has up to 100 letters from a to z, digits, and . _ @ + - between them, such as ana or ana@example.com.',
    });
  }
  return name;
}

/** Whether a text can be the name of a user. */
export function isUserName(given: string): boolean {
  return keptName(given) !== null;
}

/** A name as it would be kept; null for one that nobody has. */
function keptName(given: string): string | null {
  const name = given.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._@+-]{0,99}$/u.test(name) ? name : null;
}

/** Keeps a new user. Rejects with a SqlqError `usage` where there is one of that name. */
export async function addUser(
  sql: Sql,
  user: { readonly name: string } & Pick<User, 'password' | 'issuer' | 'subject'> & Rights,
  now: Date,
): Promise<User> {
  const name = userName(user.name);
  const added = await sql.all(
    `INSERT INTO sqlq_user (id, name, password, issuer, subject, roles, databases, profiles, hide, row_limit,
       dollars, disabled, made)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)
     ON CONFLICT DO NOTHING RETURNING ${userColumns}`,
    randomUUID(),
    name,
    user.password,
    user.issuer,
    user.subject,
    JSON.stringify(user.roles),
    listText(user.databases),
    listText(user.profiles),
    JSON.stringify(user.hide),
    user.rowLimit,
    user.dollars,
    now.getTime(),
  );
  if (added.length === 0) {
    throw new SqlqError('usage', `There is a user called ${name} already.`, {
      hint: `Change what they may with: sqlq user set ${name}`,
    });
  }
  return userOf(added[0]);
}

/** The user of a name; null where there is none. */
export async function findUser(sql: Sql, given: string): Promise<User | null> {
  const name = keptName(given);
  return name === null
    ? null
    : first(await sql.all(`SELECT ${userColumns} FROM sqlq_user WHERE name = $1`, name));
}

/** The user that a provider knows by a subject; null where nobody has signed in with it. */
export async function findSubject(sql: Sql, issuer: string, subject: string): Promise<User | null> {
  const statement = `SELECT ${userColumns} FROM sqlq_user WHERE issuer = $1 AND subject = $2`;
  return first(await sql.all(statement, issuer, subject));
}

/** The user of a name. Rejects with a SqlqError `usage` where there is none. */
export async function namedUser(sql: Sql, name: string): Promise<User> {
  const user = await findUser(sql, name);
  if (user !== null) {
    return user;
  }
  const near = nearest(
    name,
    (await listUsers(sql)).map((one) => one.name),
  );
  throw new SqlqError('usage', `There is no user called "${name}".`, {
    hint: near === null ? 'List them with: sqlq user list' : `Did you mean ${near}?`,
  });
}

/** All users, by name. */
export async function listUsers(sql: Sql): Promise<readonly User[]> {
  return (await sql.all(`SELECT ${userColumns} FROM sqlq_user ORDER BY name`)).map(userOf);
}

/** Whether anybody may sign in. */
export async function hasUsers(sql: Sql): Promise<boolean> {
  return (await sql.all('SELECT 1 FROM sqlq_user LIMIT 1')).length > 0;
}

/** Whether anybody has a password here; else all sign in at a provider. */
export async function hasPasswords(sql: Sql): Promise<boolean> {
  const rows = await sql.all('SELECT 1 FROM sqlq_user WHERE password IS NOT NULL AND disabled = 0 LIMIT 1');
  return rows.length > 0;
}

/** What of a user may be changed; absent stays as it is. */
export type UserChange = GivenRights & Partial<Pick<User, 'disabled' | 'password'>>;

/** Changes a user. */
export async function changeUser(sql: Sql, { id }: Pick<User, 'id'>, change: UserChange): Promise<void> {
  const columns: readonly (readonly [column: string, value: SqlValue | undefined])[] = [
    ['roles', change.roles && JSON.stringify(change.roles)],
    ['databases', change.databases === undefined ? undefined : listText(change.databases)],
    ['profiles', change.profiles === undefined ? undefined : listText(change.profiles)],
    ['hide', change.hide && JSON.stringify(change.hide)],
    ['row_limit', change.rowLimit],
    ['dollars', change.dollars],
    ['disabled', change.disabled === undefined ? undefined : Number(change.disabled)],
    ['password', change.password],
  ];
  const given = columns.flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]));
  if (given.length === 0) {
    return;
  }
  const sets = given.map(({ column }, index) => `${column} = $${index + 2}`).join(', ');
  await sql.change(`UPDATE sqlq_user SET ${sets} WHERE id = $1`, id, ...given.map(({ value }) => value));
}

/** Forgets a user, with all that they were signed in by. */
export async function removeUser(sql: Sql, { id }: Pick<User, 'id'>): Promise<void> {
  await sql.change('DELETE FROM sqlq_user WHERE id = $1', id);
}

function first(rows: readonly unknown[]): User | null {
  return rows.length === 0 ? null : userOf(rows[0]);
}

function listText(names: readonly string[] | null): string | null {
  return names === null ? null : JSON.stringify(names);
}
