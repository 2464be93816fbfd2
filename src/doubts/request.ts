import { dialectOf } from '../database/engines.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import type { Schema } from '../schema/schema.ts';
import type { LookContext } from './look.ts';
import type { ReadAgain } from './other-reading.ts';
import { createProber, type Prober } from './probe.ts';
import { readQuestion } from './question.ts';
import { readSql } from './read-sql.ts';
import { scopesOf } from './scope.ts';

/** What is looked at. */
export interface DoubtRequest {
  /** SQL that the guard has admitted, its values in place. */
  readonly sql: string;
  /** What it answers; null where nobody asked in words. */
  readonly question?: string | null;
  /** Whether a model answered: then nothing vouches that the SQL does all that the question says. */
  readonly isByModel?: boolean;
  /** Reads the question once more, without that model; null where nothing does. */
  readonly readAgain?: ReadAgain | null;
  /** How many of its rows are shown; null for all. */
  readonly limit?: number | null;
  /** Whether nothing runs that there is a doubt about: then what would be an assumption is one. */
  readonly isStrict?: boolean;
  readonly schema: Schema;
  readonly database: Pick<DatabaseClient, 'engine' | 'look' | 'plan'>;
  readonly now: Date;
  /** How long all looks together may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What looks go by, and the queries that they ask; null where the SQL can't be read. */
export async function prepareLooks({
  sql,
  question = null,
  isByModel = false,
  readAgain = null,
  limit = null,
  isStrict = false,
  schema,
  database,
  now,
  timeoutMs,
  signal,
}: DoubtRequest): Promise<{ readonly context: LookContext; readonly prober: Prober } | null> {
  const dialect = dialectOf(database.engine);
  const tree = await readSql(sql, dialect);
  if (tree === null) {
    return null;
  }
  const prober = createProber(database, timeoutMs, signal);
  const scopes = scopesOf(tree.root, schema);
  const asked = readQuestion(question);
  const wording = isByModel ? question : null;
  const { probe } = prober;
  return {
    context: { sql, tree, scopes, schema, dialect, now, limit, isStrict, asked, wording, readAgain, probe },
    prober,
  };
}
