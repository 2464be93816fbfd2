/** So many requests within so many milliseconds. */
export interface Rate {
  readonly requests: number;
  readonly milliseconds: number;
}

const spans: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** A rate as one writes it, `120/m`, `5/s`, `1000/h`; null for a text that is none. */
export function parseRate(text: string): Rate | null {
  const [, count, span] = /^([1-9]\d{0,8})\s*\/\s*(s|m|h)$/u.exec(text) ?? [];
  const milliseconds = spans[span ?? ''];
  return count === undefined || milliseconds === undefined ? null : { requests: Number(count), milliseconds };
}
