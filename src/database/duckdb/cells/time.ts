const dayMicroseconds = 86_400_000_000n;

/** `infinity` and `-infinity` are the outermost values. */
const infiniteDays = 2 ** 31 - 1;
const infiniteTicks = 2n ** 63n - 1n;

const two = (value: number): string => String(value).padStart(2, '0');

/** A date, by its days since 1970, in the proleptic Gregorian calendar. */
export function dateText(days: number): string {
  if (Math.abs(days) === infiniteDays) {
    return days < 0 ? '-infinity' : 'infinity';
  }
  const { year, month, day } = civil(days);
  return year > 0
    ? `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
    : `${String(1 - year).padStart(4, '0')}-${two(month)}-${two(day)} (BC)`;
}

/** The algorithm of http://howardhinnant.github.io/date_algorithms.html#civil_from_days; JavaScript's Date ends too early. */
function civil(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** A time of day in ticks, of which a second has `10 ** digits`; zeros at the end of the fraction are left out. */
export function timeText(ticks: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const seconds = Number(ticks / scale);
  return clockText(seconds, Number(ticks % scale), digits);
}

function clockText(seconds: number, fraction: number, digits: number): string {
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(digits, '0').replace(/0+$/u, '')}`;
}

/** A moment without a zone, by its ticks since 1970. */
export function timestampText(ticks: bigint, digits: number): string {
  if (ticks === infiniteTicks || ticks === -infiniteTicks) {
    return ticks < 0n ? '-infinity' : 'infinity';
  }
  const [days, rest] = divided(ticks, 86_400n * 10n ** BigInt(digits));
  return `${dateText(Number(days))} ${timeText(rest, digits)}`;
}

/** A moment, by its microseconds since 1970 in UTC, as it is called in a zone. */
export function zonedText(micros: bigint, zone: Zone): string {
  if (micros === infiniteTicks || micros === -infiniteTicks) {
    return timestampText(micros, 6);
  }
  const offset = zone.offsetAt(micros);
  // Seconds of an offset, of times before there were zones, are left out.
  const shown = Math.trunc(offset / 60) * 60;
  return `${timestampText(micros + BigInt(offset) * 1_000_000n, 6)}${offsetText(shown)}`;
}

/** A time of day with its offset: 40 bits of microseconds, 24 of the offset in seconds, which counts down. */
export function timeWithZoneText(bits: bigint): string {
  const offset = 57_599 - Number(bits & 0xff_ff_ffn);
  return `${timeText(bits >> 24n, 6)}${offsetText(offset)}`;
}

/** `+05:30`: minutes and seconds only where there are any. */
function offsetText(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const length = parts[2] !== 0 ? 3 : parts[1] !== 0 ? 2 : 1;
  return `${seconds < 0 ? '-' : '+'}${parts.slice(0, length).map(two).join(':')}`;
}

/** `1 year 2 months -3 days 04:05:06.789`. */
export function intervalText(months: number, days: number, micros: bigint): string {
  const parts = [
    counted(Math.trunc(months / 12), 'year'),
    counted(months % 12, 'month'),
    counted(days, 'day'),
  ].filter((part) => part !== '');
  if (micros !== 0n || parts.length === 0) {
    const size = micros < 0n ? -micros : micros;
    parts.push(`${micros < 0n ? '-' : ''}${timeText(size, 6)}`);
  }
  return parts.join(' ');
}

function counted(count: number, unit: string): string {
  return count === 0 ? '' : `${count} ${unit}${count === 1 || count === -1 ? '' : 's'}`;
}

/** Quotient and remainder, the remainder never negative. */
function divided(value: bigint, by: bigint): readonly [bigint, bigint] {
  const rest = ((value % by) + by) % by;
  return [(value - rest) / by, rest];
}

/** A time zone, by its name in the IANA's database. */
export interface Zone {
  /** Seconds east of UTC at a moment, in microseconds since 1970. */
  offsetAt(micros: bigint): number;
}

/** Four hundred years, after which the calendar is the same. */
const cycle = 146_097n * dayMicroseconds;
/** What JavaScript's Date reaches. */
const reach = 8_640_000_000_000_000n * 1000n;

/** Reads a zone; one that this Node.js does not know is taken for UTC. */
export function zoneOf(name: string): Zone {
  const parts = formatOf(name);
  if (parts === null || /^(?:Etc\/)?(?:UTC|GMT|UCT|Zulu|Universal)$/u.test(name)) {
    return { offsetAt: () => 0 };
  }
  // Most moments of a column share the offset of their hour.
  let hour: bigint | null = null;
  let offset = 0;
  return {
    offsetAt(micros) {
      const [own] = divided(micros, 900_000_000n);
      if (own !== hour) {
        hour = own;
        offset = offsetBy(parts, micros);
      }
      return offset;
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    });
  } catch {
    return null;
  }
}

function offsetBy(format: Intl.DateTimeFormat, micros: bigint): number {
  let within = micros;
  while (within > reach) {
    within -= cycle;
  }
  while (within < -reach) {
    within += cycle;
  }
  const [seconds] = divided(within, 1_000_000n);
  const parts = new Map(format.formatToParts(Number(seconds) * 1000).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() / 1000 - Number(seconds);
}
