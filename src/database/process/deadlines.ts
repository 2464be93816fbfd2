import { SqlqError } from '../../errors.ts';
import { isFile, type Target } from '../target.ts';

/** Why a query was ended that took too long. */
export function queryTooLong(milliseconds: number): SqlqError {
  return new SqlqError('limit', `The query was ended: it took longer than ${milliseconds / 1000} s.`, {
    hint: 'Ask for less, or raise --timeout.',
  });
}

/** Why the reading of files was ended that took too long. */
export function readingTooLong(milliseconds: number): SqlqError {
  return new SqlqError(
    'limit',
    `The reading of files was ended: it took longer than ${milliseconds / 1000} s.`,
    {
      hint: 'Raise --timeout, or save the data as Parquet, which is read where it lies.',
    },
  );
}

/** Whether to open a database is to read files, which takes as long as they are. */
export function isMadeOfFiles(target: Target): boolean {
  return isFile(target) && target.reading !== undefined;
}
