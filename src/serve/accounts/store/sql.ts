/** A value that SQLite and PostgreSQL keep alike. */
export type SqlValue = string | number | null;

/** A database of accounts: SQLite or PostgreSQL, with the statements that both understand. */
export interface Sql {
  /** The rows of one statement, whose values stand in it as `$1`, `$2` and so on. Rejects with a SqlqError `failed`. */
  all(statement: string, ...values: readonly SqlValue[]): Promise<readonly unknown[]>;
  /** How many rows one statement has changed. */
  change(statement: string, ...values: readonly SqlValue[]): Promise<number>;
  close(): Promise<void>;
}
