import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startMariadb } from './mariadb-server.ts';
import { startMysql } from './mysql-server.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL without a database; null where the server could not be had. */
    postgresUrl: string | null;
    mariadbUrl: string | null;
    mysqlUrl: string | null;
  }
}

/** Starts the database servers of a test run, or takes those that SQLQ_TEST_POSTGRES, SQLQ_TEST_MARIADB and SQLQ_TEST_MYSQL name. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // What tests and programs leave behind is in one folder, which goes with the run; a socket's path has few characters.
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-'));
  // Servers that run as another user write there too.
  await chmod(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  const givenPostgres = process.env['SQLQ_TEST_POSTGRES'];
  const givenMariadb = process.env['SQLQ_TEST_MARIADB'];
  const givenMysql = process.env['SQLQ_TEST_MYSQL'];
  const [postgres, mariadb, mysql] = await Promise.all([
    givenPostgres ? { url: givenPostgres, stop: async () => {} } : startPostgres(),
    givenMariadb ? { url: givenMariadb, stop: async () => {} } : startMariadb(),
    givenMysql ? { url: givenMysql, stop: async () => {} } : startMysql(),
  ]);
  if (mariadb === null) {
    console.error('MariaDB: skipped: mariadbd is not on the PATH and cannot be installed');
  }
  if (mysql === null) {
    console.error("MySQL: skipped: mysqld is not on the PATH and Debian's package can't be had");
  }
  project.provide('postgresUrl', postgres.url);
  project.provide('mariadbUrl', mariadb?.url ?? null);
  project.provide('mysqlUrl', mysql?.url ?? null);
  return async () => {
    await Promise.all([postgres.stop(), mariadb?.stop(), mysql?.stop()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
