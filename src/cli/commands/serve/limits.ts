import type { JobOptions } from '../../../serve/jobs/jobs.ts';
import type { ServeOptions } from './options.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What holds for readers of rows. */
export interface ReaderLimits {
  /** One that takes nothing for so long is given up. */
  readonly idleMilliseconds: number;
  /** How long one may read in all. */
  readonly mostMilliseconds: number;
}

export function readerLimits({ slowReader, longestRead }: ServeOptions): ReaderLimits {
  return { idleMilliseconds: slowReader ?? minute, mostMilliseconds: longestRead ?? 2 * hour };
}

/** What holds for runs in the background. */
export function jobLimits({
  jobs = 2,
  jobsWaiting,
  jobsOfUser,
  jobSize = 2 ** 30,
  jobAge,
}: ServeOptions): Omit<JobOptions, 'folder'> {
  return {
    atOnce: jobs,
    atOnceOfUser: shareOf(jobs),
    mostWaiting: jobsWaiting ?? 50,
    mostOfUser: jobsOfUser ?? 50,
    mostBytes: jobSize,
    mostBytesOfUser: largestResults * jobSize,
    keptMilliseconds: jobAge ?? 24 * hour,
  };
}

/** A user's results together take no more room than so many of the largest. */
const largestResults = 4;

/** What of so much one user may have at once: whoever takes all they get leaves something to the others. */
export function shareOf(all: number): number {
  return Math.max(1, Math.floor((all * 3) / 4));
}
