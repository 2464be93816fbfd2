/** How the types of a database are called that the other calls otherwise. */
export interface TypeNames {
  readonly integer: string;
  readonly real: string;
}

/**
 * The layouts of a database of accounts: each step leads from that of its number to the next. Times are milliseconds;
 * whatever lets somebody in stands there as a hash alone.
 */
export function layoutsOf({ integer, real }: TypeNames): readonly (readonly string[])[] {
  return [
    [
      `CREATE TABLE sqlq_user (
         id TEXT PRIMARY KEY,
         name TEXT NOT NULL UNIQUE,
         password TEXT,
         issuer TEXT,
         subject TEXT,
         roles TEXT NOT NULL,
         databases TEXT,
         profiles TEXT,
         hide TEXT NOT NULL,
         row_limit ${integer},
         dollars ${real},
         disabled ${integer} NOT NULL,
         made ${integer} NOT NULL,
         seen ${integer},
         UNIQUE (issuer, subject)
       )`,
      `CREATE TABLE sqlq_token (
         id TEXT PRIMARY KEY,
         user_id TEXT NOT NULL REFERENCES sqlq_user (id) ON DELETE CASCADE,
         name TEXT NOT NULL,
         hash TEXT NOT NULL UNIQUE,
         roles TEXT NOT NULL,
         made ${integer} NOT NULL,
         seen ${integer},
         expires ${integer}
       )`,
      'CREATE INDEX sqlq_token_user ON sqlq_token (user_id)',
      // A page's session, or the family of the refresh tokens that follow one another from a sign-in.
      `CREATE TABLE sqlq_login (
         id TEXT PRIMARY KEY,
         user_id TEXT NOT NULL REFERENCES sqlq_user (id) ON DELETE CASCADE,
         token_id TEXT REFERENCES sqlq_token (id) ON DELETE CASCADE,
         kind TEXT NOT NULL,
         hash TEXT UNIQUE,
         made ${integer} NOT NULL,
         seen ${integer} NOT NULL,
         expires ${integer} NOT NULL
       )`,
      'CREATE INDEX sqlq_login_user ON sqlq_login (user_id)',
      'CREATE INDEX sqlq_login_expires ON sqlq_login (expires)',
      `CREATE TABLE sqlq_refresh (
         hash TEXT PRIMARY KEY,
         login_id TEXT NOT NULL REFERENCES sqlq_login (id) ON DELETE CASCADE,
         made ${integer} NOT NULL,
         used ${integer}
       )`,
      'CREATE INDEX sqlq_refresh_login ON sqlq_refresh (login_id)',
      `CREATE TABLE sqlq_attempt (
         key TEXT PRIMARY KEY,
         failures ${integer} NOT NULL,
         opens ${integer} NOT NULL,
         expires ${integer} NOT NULL
       )`,
      'CREATE INDEX sqlq_attempt_expires ON sqlq_attempt (expires)',
      `CREATE TABLE sqlq_known_address (
         user_id TEXT NOT NULL REFERENCES sqlq_user (id) ON DELETE CASCADE,
         address TEXT NOT NULL,
         seen ${integer} NOT NULL,
         PRIMARY KEY (user_id, address)
       )`,
      `CREATE TABLE sqlq_secret (
         name TEXT PRIMARY KEY,
         value TEXT NOT NULL
       )`,
    ],
  ];
}

/** What is said where a newer version has changed the layout. */
export const newerLayout = {
  message: 'A newer sqlq has changed the database of users.',
  hint: 'Use that version of sqlq with it.',
} as const;
