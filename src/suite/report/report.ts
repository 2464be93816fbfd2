import type { Case } from '../read-suite.ts';
import type { Outcome } from '../run-case.ts';

/** How one case went: once, or as often as it was repeated. */
export interface CaseResult {
  readonly suite: string;
  readonly entry: Case;
  readonly outcomes: readonly Outcome[];
}

/** Makes the text of a run, as its results come in, in the suites' own order. */
export interface Reporter {
  begin(total: number): string;
  result(result: CaseResult, index: number): string;
  end(results: readonly CaseResult[], milliseconds: number): string;
}

export const reporters = ['text', 'json', 'junit', 'tap'] as const;
export type ReporterName = (typeof reporters)[number];

/** How often a case was right. */
export function rightOf({ outcomes }: CaseResult): number {
  return outcomes.filter(({ failures }) => failures.length === 0).length;
}

/** A case has passed when it was right every time. */
export function hasPassed(result: CaseResult): boolean {
  return rightOf(result) === result.outcomes.length;
}

/** The first time that a case went wrong, which stands for it; the last time where it never did. */
export function tellingOutcome({ outcomes }: CaseResult): Outcome | undefined {
  return outcomes.find(({ failures }) => failures.length > 0) ?? outcomes.at(-1);
}

/** The warnings of all repeats, each once. */
export function warningsOf({ outcomes }: CaseResult): readonly string[] {
  return [...new Set(outcomes.flatMap(({ warnings }) => warnings))];
}

/** The time of all repeats. */
export function millisecondsOf({ outcomes }: CaseResult): number {
  return outcomes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

/** What is wrong with a case, a line for each failure and each line that differs. */
export function failureLines(outcome: Outcome): readonly string[] {
  return outcome.failures.flatMap(({ message, difference = [] }) => [
    ...message.split('\n'),
    ...difference.map(({ kind, text }) => `${marks[kind]} ${text}`),
  ]);
}

/** As in a patch: what was expected and did not come, what came instead. */
export const marks = { same: ' ', removed: '-', added: '+' } as const;
