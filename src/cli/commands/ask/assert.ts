import type { Executed } from '../../../ask/execute.ts';
import { SqlqError } from '../../../errors.ts';
import { type Assertion, failuresOf, looksAtValue, parseAssertion } from '../../../suite/assertion.ts';
import type { AskOptions } from './options.ts';

/** What `--check` wants to hold of an answer; both throw a SqlqError. */
export interface AnswerAssertion {
  /** How many of the first rows it has to see. */
  readonly keep: number;
  /** Throws a SqlqError `failed` that says what does not hold. */
  require(delivered: Executed): void;
}

/** Reads the checks of the command line, before anything is asked. */
export function readAssertions(texts: readonly string[], options: AskOptions): AnswerAssertion {
  const checks: readonly Assertion[] = texts.map(parseAssertion);
  if (options.dryRun === true) {
    throw new SqlqError('usage', '--check looks at rows, and --dry-run has none.', {
      hint: 'Give one of them.',
    });
  }
  return {
    keep: checks.some(looksAtValue) ? 1 : 0,
    require({ columns, rows, truncated, kept }) {
      if (rows === null) {
        throw new SqlqError('failed', '--check looks at rows, and a change returns none.');
      }
      const failures = checks.flatMap((check) =>
        failuresOf(check, { columns, rows, truncated, first: kept[0] ?? null }),
      );
      if (failures.length > 0) {
        throw new SqlqError('failed', `The check failed: ${failures.join('; ')}.`);
      }
    },
  };
}
