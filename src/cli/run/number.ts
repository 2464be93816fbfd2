import { SqlqError } from '../../errors.ts';

/** The number that an argument is. Throws a SqlqError `usage`. */
export function numberOf(text: string, what = 'The number of an answer'): number {
  if (/^[1-9]\d{0,14}$/u.test(text)) {
    return Number(text);
  }
  throw new SqlqError('usage', `${what} is a whole number from 1 up, not "${text}".`);
}
