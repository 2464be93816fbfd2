import type { Report } from '../ask/report.ts';
import { SqlqError } from '../errors.ts';
import type { Telling } from './workspace.ts';

/**
 * Does some work; where a doubt ends it, the error says which, because the caller sees no other place where it is said. A
 * doubt quotes what rows hold, and is said only where those may be told.
 */
export async function sayingDoubts<Value>(
  report: Report,
  { rows: isTold }: Telling,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { doubts } = report.data;
    if (!(error instanceof SqlqError) || error.code !== 'unanswerable' || doubts.length === 0) {
      throw error;
    }
    if (!isTold) {
      throw new SqlqError('unanswerable', error.message, { hint: 'What the doubt is stays here.' });
    }
    const sentences = doubts.map(({ sentence }) => `Doubt: ${sentence}`);
    throw new SqlqError('unanswerable', [error.message, ...sentences].join('\n'), {
      ...(error.hint === null ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}
