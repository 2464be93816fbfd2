import { weekdayOf } from './span.ts';

/** Days of the week, 0 for Sunday, and the index behind the words that name them. */
export interface Weekdays {
  readonly weekdays: readonly number[];
  readonly next: number;
}

/** Reads days of the week at a place: `on Fridays`, `on Saturdays and Sundays`, `at weekends`, `on weekdays`. */
export function weekdaysAt(lowers: readonly string[], at: number): Weekdays | null {
  const from = at + (/^(?:on|at|in|during)$/u.test(lowers[at] ?? '') ? 1 : 0);
  const start = from + (/^(?:a|the)$/u.test(lowers[from] ?? '') ? 1 : 0);
  const [first, second] = [lowers[start] ?? '', lowers[start + 1] ?? ''];
  if (start === at) {
    return null;
  }
  if (/^weekends?$/u.test(first)) {
    return { weekdays: [6, 0], next: start + 1 };
  }
  if (/^(?:weekdays|workdays)$/u.test(first)) {
    return { weekdays: [1, 2, 3, 4, 5], next: start + 1 };
  }
  if (/^(?:working|business)$/u.test(first) && second === 'days') {
    return { weekdays: [1, 2, 3, 4, 5], next: start + 2 };
  }
  const named: number[] = [];
  let next = start;
  for (let place = start; ; ) {
    const day = weekdayOf(lowers[place] ?? '');
    if (day === null) {
      break;
    }
    named.push(day);
    next = place + 1;
    if (!/^(?:and|or|,)$/u.test(lowers[next] ?? '')) {
      break;
    }
    place = next + 1 + (lowers[next + 1] === 'on' ? 1 : 0);
  }
  // `on Friday 13 March` is a date.
  return named.length === 0 || /^(?:\d.*|the|next|last)$/u.test(lowers[next] ?? '')
    ? null
    : { weekdays: named, next };
}
