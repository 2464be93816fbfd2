import type { ZodType } from 'zod';
import { formatDuration, formatSize, parseDuration, parseSize } from './duration.ts';
import { parseSend, type SendKind, sendKinds } from './send.ts';

/**
 * What kinds need of zod, handed in: the table of settings is read by starts that check no file. Named, because whoever
 * hands on all of it has the bundler keep all of it, every language's messages included.
 */
export type Zod = Pick<
  typeof import('zod'),
  'array' | 'boolean' | 'enum' | 'int' | 'NEVER' | 'number' | 'record' | 'strictObject' | 'string' | 'union'
>;

/** What a setting can be: as text on the command line and in a variable, and as a value of a file. */
export interface Kind<Value> {
  /** What it takes, for the text of an error: `a whole number from 1 up`. */
  readonly wanted: string;
  /** The texts that it takes, where they are few. */
  readonly choices?: readonly (string & Value)[];
  /** Adds what a flag is given to what it was given before; without it the last one counts. */
  join?(before: Value, more: Value): Value;
  /** The value of a text; null where it is none. */
  read(text: string): Value | null;
  /** What a file may hold. */
  schema(zod: Zod): ZodType<Value>;
  /** A value as one would write it. */
  write(value: Value): string;
}

/** Any text, such as a name or an address. */
export const text: Kind<string> = {
  wanted: 'a text',
  read: (given) => (given === '' ? null : given),
  schema: ({ string }) => string().min(1),
  write: (value) => value,
};

/** Addresses of one database, a line each; each that is given adds to those before. */
export const addresses: Kind<string> = { ...text, join: (before, more) => `${before}\n${more}` };

/** One of a few texts. */
export function oneOf<const Value extends string>(choices: readonly Value[]): Kind<Value> {
  return {
    wanted: choices.join(', '),
    choices,
    read: (given) => choices.find((choice) => choice === given) ?? null,
    schema: (zod) => zod.enum(choices),
    write: (value) => value,
  };
}

/** `true` or `false`. */
export const onOff: Kind<boolean> = {
  wanted: 'true or false',
  read(given) {
    const word = given.toLowerCase();
    if (['true', 'on', 'yes', '1'].includes(word)) {
      return true;
    }
    return ['false', 'off', 'no', '0'].includes(word) ? false : null;
  },
  schema: (zod) => zod.boolean(),
  write: String,
};

/** A number within bounds, both included unless `above` says otherwise. */
export function number(bounds: { above?: number; from?: number; to?: number }): Kind<number> {
  const { above = Number.NEGATIVE_INFINITY, from = Number.NEGATIVE_INFINITY, to = Number.MAX_VALUE } = bounds;
  const wanted = bounds.above !== undefined ? `a number above ${above}` : `a number from ${from} to ${to}`;
  return {
    wanted,
    read(given) {
      const value = given.trim() === '' ? Number.NaN : Number(given);
      return value > above && value >= from && value <= to ? value : null;
    },
    schema(zod) {
      const low = bounds.above !== undefined ? zod.number().gt(above) : zod.number().min(from);
      return bounds.to === undefined ? low : low.max(to);
    },
    write: String,
  };
}

/** A whole number within bounds, both included. */
export function wholeNumber(from: number, to?: number): Kind<number> {
  return {
    wanted: `a whole number from ${from} ${to === undefined ? 'up' : `to ${to}`}`,
    read(given) {
      const value = /^\d{1,15}$/u.test(given) ? Number(given) : Number.NaN;
      return value >= from && value <= (to ?? Number.MAX_SAFE_INTEGER) ? value : null;
    },
    schema(zod) {
      const low = from === 1 ? zod.int().positive() : zod.int().min(from);
      return to === undefined ? low : low.max(to);
    },
    write: String,
  };
}

/** Any whole number. */
export const integer: Kind<number> = {
  wanted: 'a whole number',
  read: (given) => (/^-?\d{1,15}$/u.test(given) ? Number(given) : null),
  schema: (zod) => zod.int(),
  write: String,
};

/** A time, in milliseconds. */
export const duration: Kind<number> = {
  wanted: 'a duration such as 30s, 2m or 500ms',
  read: parseDuration,
  schema: (zod) =>
    measure(zod, parseDuration, 'a duration such as 30s, 2m or 500ms; a bare number means seconds'),
  write: formatDuration,
};

/** An amount of memory, in bytes. */
export const size: Kind<number> = {
  wanted: 'a size such as 512MB or 2GB',
  read: parseSize,
  schema: (zod) => measure(zod, parseSize, 'a size such as 512MB or 2GB'),
  write: formatSize,
};

/** Texts, with commas between them on the command line and in a variable. */
export const texts: Kind<readonly string[]> = {
  wanted: 'texts with commas between them',
  join: (before, more) => [...before, ...more],
  read: (given) => given.split(',').map((part) => part.trim()),
  schema: (zod) => zod.array(zod.string().min(1)),
  write: (value) => JSON.stringify(value),
};

/** What may leave for a model. */
export const sendable: Kind<readonly SendKind[]> = {
  wanted: `${sendKinds.join(', ')}, or none`,
  join: (before, more) => [...before, ...more],
  read: parseSend,
  schema: (zod) => zod.array(zod.enum(sendKinds)),
  write: (value) => JSON.stringify(value),
};

/** Texts by name. */
export const textsByName: Kind<Readonly<Record<string, string>>> = {
  wanted: 'texts by name',
  read: () => null,
  schema: (zod) => zod.record(zod.string().min(1), zod.string().min(1)),
  write: (value) => JSON.stringify(value),
};

/** A number with its unit, as one text or, without it, as a number. */
function measure(
  zod: Zod,
  parse: (value: string | number) => number | null,
  wanted: string,
): ZodType<number> {
  return zod.union([zod.number(), zod.string()]).transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== null) {
      return parsed;
    }
    context.issues.push({ code: 'custom', message: `it has to be ${wanted}`, input: value });
    return zod.NEVER;
  });
}
