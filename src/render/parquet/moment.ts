/** A day with a time, as engines write it. */
export interface Moment {
  /** Since 1970, in UTC where it has a zone. */
  readonly nanoseconds: bigint;
  readonly hasZone: boolean;
}

const day = String.raw`(?<year>\d{4,6})-(?<month>\d{2})-(?<day>\d{2})`;
const dateText = new RegExp(`^${day}$`, 'u');
const momentText = new RegExp(
  String.raw`^${day}[ T](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?(?<zone>Z|UTC| UTC|[+-]\d{2}(?::?\d{2}){0,2})?$`,
  'u',
);
const dayMilliseconds = 86_400_000;

/** The days since 1970 of a date; null where it is none. */
export function daysOf(text: string): number | null {
  const parts = dateText.exec(text)?.groups;
  const start = parts === undefined ? null : startOf(parts);
  return start === null ? null : start / dayMilliseconds;
}

/** The moment that a text names; null where it names none. */
export function momentOf(text: string): Moment | null {
  const parts = momentText.exec(text)?.groups;
  const start = parts === undefined ? null : startOf(parts);
  if (parts === undefined || start === null) {
    return null;
  }
  const { hour = '', minute = '', second = '0', fraction = '', zone } = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return null;
  }
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offsetOf(zone);
  return {
    nanoseconds: BigInt(start + seconds * 1000) * 1_000_000n + BigInt(fraction.padEnd(9, '0')),
    hasZone: zone !== undefined,
  };
}

/** Milliseconds since 1970 at which a day begins; null for one that is in no calendar. */
function startOf({
  year = '',
  month = '',
  day: ofMonth = '',
}: Readonly<Record<string, string>>): number | null {
  const start = new Date(0);
  start.setUTCFullYear(Number(year), Number(month) - 1, Number(ofMonth));
  const isReal = start.getUTCMonth() === Number(month) - 1 && start.getUTCDate() === Number(ofMonth);
  return isReal && Number(year) > 0 ? start.getTime() : null;
}

/** Seconds east of UTC. */
function offsetOf(zone = ''): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^([+-])(\d{2}):?(\d{2})?:?(\d{2})?$/u.exec(zone) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}
