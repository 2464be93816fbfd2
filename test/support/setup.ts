import type { TestProject } from 'vitest/node';
import { startMariadb } from './mariadb-server.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL without a database; null where the server could not be had. */
    postgresUrl: string | null;
    mariadbUrl: string | null;
  }
}

/** Starts the database servers of a test run, or takes those that SQLQ_TEST_POSTGRES and SQLQ_TEST_MARIADB name. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const givenPostgres = process.env['SQLQ_TEST_POSTGRES'];
  const givenMariadb = process.env['SQLQ_TEST_MARIADB'];
  const [postgres, mariadb] = await Promise.all([
    givenPostgres ? { url: givenPostgres, stop: async () => {} } : startPostgres(),
    givenMariadb ? { url: givenMariadb, stop: async () => {} } : startMariadb(),
  ]);
  if (mariadb === null)
    console.error('MariaDB: skipped: mariadbd is not on the PATH and cannot be installed');
  project.provide('postgresUrl', postgres.url);
  project.provide('mariadbUrl', mariadb?.url ?? null);
  return async () => {
    await Promise.all([postgres.stop(), mariadb?.stop()]);
  };
}
