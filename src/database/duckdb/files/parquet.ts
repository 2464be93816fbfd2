import { SqlqError } from '../../../errors.ts';
import type { RawTable } from './raw-table.ts';
import { fileList, type Sql } from './sql.ts';

/** The rows of Parquet files, with the types that they declare. Throws a SqlqError `failed` that names the file. */
export async function parquetTable(sql: Sql, paths: readonly string[], label: string): Promise<RawTable> {
  const relation = `read_parquet(${fileList(paths)}, union_by_name = true)`;
  try {
    const rows = await sql.rows(`SELECT column_name FROM (DESCRIBE FROM ${relation})`);
    return {
      relation,
      columns: rows.map(([column]) => ({ name: String(column), from: 'file', comment: null })),
      label,
    };
  } catch (error) {
    throw parquetError(error, label);
  }
}

/** DuckDB's error of a Parquet file, in our words. */
function parquetError(error: unknown, label: string): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const file = /'([^'\n]+)'/u.exec(error.message)?.[1]?.split('/').at(-1) ?? label;
  if (/encrypt/iu.test(error.message)) {
    return new SqlqError('failed', `${file} is encrypted, and can not be read.`, {
      hint: 'Write it without encryption, and ask there.',
      cause: error,
    });
  }
  if (/schema mismatch|Conversion|cast/iu.test(error.message)) {
    return new SqlqError('failed', `The files of ${label} differ in the types of a column.`, {
      hint: 'Name those of one shape alone, or each by itself: --db a.parquet --db b.parquet',
      cause: error,
    });
  }
  return new SqlqError('failed', `${file} is a broken Parquet file: it is cut, or was written over.`, {
    hint: 'Fetch or export it anew.',
    cause: error,
  });
}
