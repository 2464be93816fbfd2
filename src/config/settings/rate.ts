import type { Kind } from './kind.ts';

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

/** A rate, or `none` for as many requests as one likes. */
export const rate: Kind<Rate | 'none'> = {
  wanted: 'a number a second, minute or hour, such as 5/s, 60/m or 1000/h, or none',
  read: (given) => (given === 'none' ? given : parseRate(given)),
  schema: (zod) =>
    zod.string().transform((value, context) => {
      const parsed = rate.read(value);
      if (parsed !== null) {
        return parsed;
      }
      context.issues.push({ code: 'custom', message: `it has to be ${rate.wanted}`, input: value });
      return zod.NEVER;
    }),
  write(value) {
    const [span] =
      Object.entries(spans).find(([, ms]) => value !== 'none' && ms === value.milliseconds) ?? [];
    return value === 'none' ? value : `${value.requests}/${span}`;
  },
};
