/** ISO 8601's calendar forms, as databases write them: a year and month, a day, a day and a time. */
const calendar =
  /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/u;
/** Years with a quarter, a week or a half: 2025-Q1, 2025 Q1, 2025-W07, 2025-H2. */
const part = /^(\d{4})[- ]?([QWH])(\d{1,2})$/iu;
const parts: Readonly<Record<string, number>> = { Q: 4, W: 53, H: 2 };

/**
 * Where each text stands on an axis of time or of numbers, as numbers of one unit; null where one is neither, or where
 * they are of different kinds. NULL has no place. Numbers must rise or fall, for else they name things.
 */
export function positionsOf(texts: readonly (string | null)[]): readonly number[] | null {
  for (const place of [placeOfPart, placeOfTime, placeOfNumber]) {
    const positions: number[] = [];
    for (const text of texts) {
      const position = text === null ? null : place(text);
      if (position === null) {
        break;
      }
      positions.push(position);
    }
    if (positions.length < texts.length) {
      continue;
    }
    return place !== placeOfNumber || isMonotone(positions) ? positions : null;
  }
  return null;
}

function isMonotone(positions: readonly number[]): boolean {
  const steps = positions.slice(1).map((position, index) => position - (positions[index] ?? 0));
  return steps.every((step) => step >= 0) || steps.every((step) => step <= 0);
}

function placeOfPart(text: string): number | null {
  const [, year, unit = '', number] = part.exec(text) ?? [];
  const count = parts[unit.toUpperCase()];
  return year === undefined || count === undefined
    ? null
    : Number(year) * count + Math.min(Number(number), count);
}

function placeOfTime(text: string): number | null {
  const found = calendar.exec(text);
  if (found === null) {
    return null;
  }
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone] = found;
  // PostgreSQL writes an offset of whole hours without minutes, which ISO's extended form does not allow.
  const offset =
    zone === undefined ? 'Z' : zone.length === 3 ? `${zone}:00` : zone.replace(/^(.\d{2})(\d{2})$/u, '$1:$2');
  const milliseconds = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${offset}`,
  );
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

function placeOfNumber(text: string): number | null {
  if (!/^-?\d+(?:\.\d+)?$/u.test(text)) {
    return null;
  }
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
