/**
 * A program that runs one query through a database's own process, as the real one does, so that tests can kill it and
 * close its pipes: `QUERY` holds target, options and request as JSON; the outcome goes to stderr as JSON.
 */
import { openDatabase, type RunOptions } from '../../src/database/process/client.ts';
import type { Target } from '../../src/database/target.ts';
import { messageOf, SqlqError } from '../../src/errors.ts';

export interface Query {
  readonly target: Target;
  readonly sql: string;
  readonly timeoutMilliseconds: number;
  readonly memoryLimit: number;
  readonly render: RunOptions['render'];
  readonly destination: RunOptions['destination'];
}

const query: Query = JSON.parse(process.env['QUERY'] ?? '');
const database = openDatabase(query.target, { ...query, access: 'read', hide: [], environment: process.env });
let outcome: unknown;
try {
  outcome = await database.run(query.sql, { ...query, limit: null, signal: new AbortController().signal });
} catch (error) {
  outcome = { code: error instanceof SqlqError ? error.code : 'bug', message: messageOf(error) };
}
await database.close();
process.stderr.write(`${JSON.stringify(outcome)}\n`);
