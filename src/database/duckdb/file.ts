import { SqlqError } from '../../errors.ts';
import { readHeader } from '../file.ts';

/** Throws a SqlqError that says why a file can't be a database that may be opened. */
export function inspectFile(path: string): void {
  const { header } = readHeader(path, 'duckdb');
  // Asked to open another database's file, DuckDB would fetch an extension for it.
  if (header.toString('latin1', 8, 12) !== 'DUCK') {
    throw new SqlqError('failed', `${path} is not a DuckDB database`, { hint: 'Check the path.' });
  }
}
