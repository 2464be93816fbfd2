import { SqlqError } from '../../errors.ts';

/** An error of an address, which never shows it: it may hold a password in an unexpected place. */
export function wrong(problem: string, hint?: string, cause?: unknown): SqlqError {
  // A URIError or ERR_INVALID_URL holds the text itself, so its name alone is kept.
  const kept = cause instanceof Error ? new Error(cause.name) : undefined;
  return new SqlqError('usage', `The database URL ${problem}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(kept === undefined ? {} : { cause: kept }),
  });
}

/** A parameter that is neither passed on nor known to mean nothing. */
export function unknownParameter(name: string, known: readonly string[]): SqlqError {
  // What is no plain word may be the rest of a password.
  const shown = /^[A-Za-z][\w-]{0,30}$/u.test(name) ? `"${name}"` : 'that is none';
  return wrong(
    `has a parameter ${shown} that sqlq does not pass on.`,
    known.length === 0 ? 'Leave it out.' : `These pass: ${known.join(', ')}.`,
  );
}
