import type * as z from 'zod';

/** A text that every program can read: half of a surrogate pair is no character, and UTF-8 has no way to write it. */
export function wellFormed(text: z.ZodString): z.ZodString {
  return text.refine((value) => value.isWellFormed(), 'it holds half a character');
}
