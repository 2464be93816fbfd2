import type { Report } from '../../ask/report.ts';
import { HttpError } from '../http-error.ts';
import type { Work } from './work.ts';

const day = 24 * 60 * 60_000;
/** Money is counted in whole parts of a dollar, so that no sum is off by what binary fractions lose. */
const partsOfDollar = 1_000_000;

/** Ends the request of a caller who has spent what they may spend today. */
export async function requireBudget({ parts: { state, now }, caller }: Work): Promise<void> {
  if (caller.dollars === null) {
    return;
  }
  const { count } = await state.count(keyOf(caller.id, now()), 0, day);
  if (count >= caller.dollars * partsOfDollar) {
    throw new HttpError('too-many', 'What you may spend on models today is spent.', {
      hint: 'Ask again tomorrow, or ask whoever runs this server for more.',
      retryAfter: secondsLeft(now()),
    });
  }
}

/** Counts what a question has cost against its caller's budget. */
export async function spend({ parts, caller }: Work, { data }: Report): Promise<void> {
  const { state, now } = parts;
  if (caller.dollars !== null && data.dollars !== null && data.dollars > 0) {
    await state.count(keyOf(caller.id, now()), Math.ceil(data.dollars * partsOfDollar), day);
  }
}

function keyOf(id: string, time: Date): string {
  return `spent:${encodeURIComponent(id)}:${time.toISOString().slice(0, 10)}`;
}

function secondsLeft(time: Date): number {
  return Math.ceil((day - (time.getTime() % day)) / 1000);
}
