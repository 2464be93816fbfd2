/** How the types of a database are called that the other calls otherwise. */
export interface TypeNames {
  readonly integer: string;
  /** A key that the database counts up, and gives nobody twice. */
  readonly serial: string;
  readonly real: string;
}

/**
 * The layouts of a database of accounts: each step leads from that of its number to the next. Times are milliseconds;
 * whatever lets somebody in stands there as a hash alone.
 */
export function layoutsOf({ integer, serial, real }: TypeNames): readonly (readonly string[])[] {
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
    // What users have asked and judged: as the history and the examples of a file, and gone with their user.
    [
      `CREATE TABLE sqlq_answer (
         id ${serial},
         user_id TEXT NOT NULL REFERENCES sqlq_user (id) ON DELETE CASCADE,
         at ${integer} NOT NULL,
         place TEXT NOT NULL,
         name TEXT,
         question TEXT NOT NULL,
         sql TEXT NOT NULL,
         assumptions TEXT NOT NULL,
         provider TEXT,
         model TEXT,
         outcome TEXT NOT NULL,
         row_count ${integer},
         conversation TEXT,
         verdict TEXT
       )`,
      'CREATE INDEX sqlq_answer_user ON sqlq_answer (user_id, id)',
      'CREATE INDEX sqlq_answer_at ON sqlq_answer (user_id, at)',
      `CREATE TABLE sqlq_example (
         id ${serial},
         user_id TEXT NOT NULL REFERENCES sqlq_user (id) ON DELETE CASCADE,
         at ${integer} NOT NULL,
         place TEXT NOT NULL,
         question TEXT NOT NULL,
         sql TEXT NOT NULL,
         source TEXT NOT NULL,
         wording TEXT NOT NULL,
         UNIQUE (place, wording, user_id)
       )`,
      'CREATE INDEX sqlq_example_user ON sqlq_example (user_id)',
    ],
  ];
}

/** What is said where a newer version has changed the layout. */
export const newerLayout = {
  message: 'A newer sqlq has changed the database of users.',
  hint: 'Use that version of sqlq with it.',
} as const;
