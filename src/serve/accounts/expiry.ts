const hour = 60 * 60_000;
const units: Readonly<Record<string, number>> = { h: hour, d: 24 * hour, w: 7 * 24 * hour };

/** When something ends: so long from now, or at the beginning of a day in UTC. */
export type Expiry = { readonly after: number } | { readonly at: Date };

/** `12h`, `90d`, `8w` or `2027-01-31`; null for anything else. */
export function parseExpiry(text: string): Expiry | null {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([hdw])$/u.exec(text) ?? [];
  if (count !== undefined) {
    return { after: Number(count) * (units[unit] ?? 0) };
  }
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at === null || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text) ? null : { at };
}

/** The moment at which something ends. */
export function momentOf(expiry: Expiry, now: Date): Date {
  return 'at' in expiry ? expiry.at : new Date(now.getTime() + expiry.after);
}
