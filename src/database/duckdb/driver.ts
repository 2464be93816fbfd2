import { SqlqError } from '../../errors.ts';

/** The driver: DuckDB's C interface as it is, function by function. */
export type Driver = typeof import('@duckdb/node-bindings');

/** Loads the driver, which is installed where it can be. Throws a SqlqError `usage` where it is not there. */
export async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import('@duckdb/node-bindings');
    return driver;
  } catch (error) {
    throw new SqlqError(
      'usage',
      "DuckDB's driver, the package @duckdb/node-bindings, is not installed here.",
      {
        hint: 'Install it where sqlq is: npm install --global @duckdb/node-bindings (without --global where sqlq is installed in a project)',
        cause: error,
      },
    );
  }
}
