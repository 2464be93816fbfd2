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
  jobs,
  jobsWaiting,
  jobsOfUser,
  jobSize,
  jobAge,
}: ServeOptions): Omit<JobOptions, 'folder'> {
  return {
    atOnce: jobs ?? 2,
    mostWaiting: jobsWaiting ?? 50,
    mostOfUser: jobsOfUser ?? 50,
    mostBytes: jobSize ?? 2 ** 30,
    keptMilliseconds: jobAge ?? 24 * hour,
  };
}
