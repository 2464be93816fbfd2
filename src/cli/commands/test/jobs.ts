import { messageOf, SqlqError } from '../../../errors.ts';
import { findSuites } from '../../../suite/find-suites.ts';
import { type Case, readSuite, type Suite } from '../../../suite/read-suite.ts';
import { type RecordedCase, readRecording, recordingPath } from '../../../suite/recording.ts';
import type { Mode } from './prepare.ts';

/** A case of a suite, with the replies that were kept for that suite. */
export interface Job {
  readonly suite: Suite;
  readonly entry: Case;
  readonly recordings: ReadonlyMap<string, RecordedCase>;
}

/** The cases of suites that a filter lets through. All suites are read before anything is asked; `noted` is told first of each. */
export async function readJobs(
  files: readonly string[],
  folder: string,
  filter: string | undefined,
  mode: Mode,
  noted: (paths: readonly string[]) => Promise<void>,
): Promise<readonly Job[]> {
  const paths = await findSuites(files, folder);
  await noted(paths.flatMap((path) => [path, recordingPath(path)]));
  const isWanted = filterOf(filter);
  const suites = await Promise.all(paths.map((path) => readSuite(path)));
  const jobs = await Promise.all(
    suites.map(async (suite) => {
      const recordings =
        mode === 'replay' ? await readRecording(suite.path) : new Map<string, RecordedCase>();
      return suite.cases
        .filter(({ name }) => isWanted(name))
        .map((entry): Job => ({ suite, entry, recordings }));
    }),
  );
  const all = jobs.flat();
  if (all.length > 0) {
    return all;
  }
  throw new SqlqError('usage', 'No case has a name that --filter lets through.', {
    hint: 'It is a part of the name, or of the question where a case has no name.',
  });
}

function filterOf(filter: string | undefined): (name: string) => boolean {
  if (filter === undefined) {
    return () => true;
  }
  const pattern = /^\/(?<source>.*)\/(?<flags>[a-z]*)$/su.exec(filter)?.groups;
  if (pattern === undefined) {
    return (name) => name.toLowerCase().includes(filter.toLowerCase());
  }
  try {
    const expression = new RegExp(pattern['source'] ?? '', pattern['flags']?.replaceAll('g', ''));
    return (name) => expression.test(name);
  } catch (error) {
    throw new SqlqError('usage', `--filter ${filter} is no regular expression: ${messageOf(error)}.`);
  }
}
