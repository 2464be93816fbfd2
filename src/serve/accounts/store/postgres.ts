import type { Pool } from 'pg';
import { messageOf, SqlqError } from '../../../errors.ts';
import { layoutsOf, newerLayout } from './layouts.ts';
import type { Sql } from './sql.ts';

/** Connections that a process keeps open at most. */
const connections = 5;
const connectTimeoutMs = 10_000;
/** A statement that takes longer waits for a lock that somebody else has kept. */
const statementTimeoutMs = 10_000;
/** The type of `count(*)` and of BIGINT, which the driver gives as text: our numbers fit. */
const int8 = 20;
/** The lock under which one process at a time changes the layout: "sqlq" in hexadecimal. */
const layoutLock = 0x73716c71;

/** Opens users in a PostgreSQL that a URL names, in the first schema of its search path. Rejects with a SqlqError `failed`. */
export async function openPostgresUsers(url: string): Promise<Sql> {
  const { Pool: PgPool, types } = (await import('pg')).default;
  const pool = new PgPool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'sqlq',
    types: {
      getTypeParser: (oid, format) =>
        oid === int8 ? (text: string) => Number(text) : types.getTypeParser(oid, format),
    },
  });
  // A connection that is lost while it rests is opened anew.
  pool.on('error', () => {});
  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof SqlqError ? error : unusable(error);
    }
  };
  try {
    await run(() => bringUpToDate(pool));
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    all: (statement, ...values) =>
      run(async () => (await pool.query<Record<string, unknown>>(statement, [...values])).rows),
    change: (statement, ...values) =>
      run(async () => (await pool.query(statement, [...values])).rowCount ?? 0),
    close: () => pool.end(),
  };
}

async function bringUpToDate(pool: Pool): Promise<void> {
  const layouts = layoutsOf({
    integer: 'BIGINT',
    serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    real: 'DOUBLE PRECISION',
  });
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [layoutLock]);
    await client.query('CREATE TABLE IF NOT EXISTS sqlq_layout (version BIGINT NOT NULL)');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM sqlq_layout');
    const done = rows[0]?.version ?? 0;
    if (done > layouts.length) {
      throw new SqlqError('failed', newerLayout.message, { hint: newerLayout.hint });
    }
    for (const statement of layouts.slice(done).flat()) {
      await client.query(statement);
    }
    if (done < layouts.length) {
      await client.query('DELETE FROM sqlq_layout');
      await client.query('INSERT INTO sqlq_layout (version) VALUES ($1)', [layouts.length]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** The driver's words name host and user, and never the password. */
function unusable(error: unknown): SqlqError {
  // Where a host has several addresses, each has failed in its own way.
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  return new SqlqError('failed', `The database of users can't be read or written: ${messageOf(first)}.`, {
    hint: 'Check that the server runs, and that its user may make tables in its schema.',
    cause: error,
  });
}
