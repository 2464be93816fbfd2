import { createHash } from 'node:crypto';
import type { Strategy } from './strategies.ts';

/** What a choice looks at in an endpoint that could take a question now. */
export interface Candidate {
  /** Its name, the same in each process and run. */
  readonly key: string;
  /** Its share, as a number above 0. */
  readonly weight: number;
  /** How far its turn is: the sum of what it was owed and not given. */
  readonly turn: number;
  /** Questions that it works on. */
  readonly active: number;
  /** How long its answers take, in milliseconds; null where nobody knows. */
  readonly latency: number | null;
}

/**
 * Which of several endpoints takes the next question; null where there are none. `stickTo` is what stays at one
 * endpoint, such as a database, whose schema the server's prompt cache then holds.
 */
export function choose(strategy: Strategy, candidates: readonly Candidate[], stickTo: string): number | null {
  const value = worth[strategy];
  let best: number | null = null;
  let bestWorth: readonly number[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const found = value(candidate, stickTo);
    if (best === null || isMore(found, bestWorth)) {
      best = index;
      bestWorth = found;
    }
  }
  return best;
}

/**
 * The turns after one candidate has got a question, by smooth weighted round robin as nginx has it: each is owed its
 * weight, and who gets the question pays for all.
 */
export function turnsAfter(candidates: readonly Candidate[], chosen: number): readonly number[] {
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  return candidates.map(({ turn, weight }, index) => turn + weight - (index === chosen ? total : 0));
}

/** What makes an endpoint the right one, the first number before the second; the largest wins, the first of equals. */
const worth: Readonly<Record<Strategy, (candidate: Candidate, stickTo: string) => readonly number[]>> = {
  'round-robin': ({ turn, weight }) => [turn + weight],
  'least-busy': ({ active, turn, weight }) => [-(active + 1) / weight, turn + weight],
  // Whoever is unknown is tried, by one question at a time.
  fastest: ({ latency, active, turn, weight }) => [
    latency === null ? (active === 0 ? 1 : Number.NEGATIVE_INFINITY) : -latency * (active + 1),
    turn + weight,
  ],
  // Weighted rendezvous: where one endpoint goes, only what it had moves.
  sticky: ({ key, weight }, stickTo) => [weight / -Math.log(fraction(`${key}\n${stickTo}`))],
};

function isMore(one: readonly number[], other: readonly number[]): boolean {
  const index = one.findIndex((value, place) => value !== other[place]);
  return index >= 0 && (one[index] ?? 0) > (other[index] ?? 0);
}

/** A text as a number between 0 and 1, both left out. */
function fraction(text: string): number {
  const digest = createHash('sha256').update(text).digest();
  return (digest.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/** The value below which so many hundredths of some numbers lie; null for too few to say. */
export function percentile(values: readonly number[], hundredths: number, fewest: number): number | null {
  if (values.length < fewest) {
    return null;
  }
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredths) / 100))] ?? null;
}
