import {
  failureLines,
  hasPassed,
  millisecondsOf,
  type Reporter,
  rightOf,
  tellingOutcome,
  warningsOf,
} from './report.ts';

/** One JSON object of the whole run, when it is over. */
export function createJsonReporter(): Reporter {
  return {
    begin: () => '',
    result: () => '',
    end(results, milliseconds) {
      const passed = results.filter(hasPassed).length;
      const cases = results.map((result) => {
        const { suite, entry, outcomes } = result;
        const telling = tellingOutcome(result);
        return {
          suite,
          line: entry.line,
          name: entry.name,
          question: entry.question,
          passed: hasPassed(result),
          right: rightOf(result),
          runs: outcomes.length,
          milliseconds: rounded(millisecondsOf(result)),
          tokens: telling?.tokens ?? null,
          sql: telling?.sql ?? null,
          failures: telling === undefined ? [] : failureLines(telling),
          warnings: warningsOf(result),
          stale: outcomes.some((outcome) => outcome.stale),
        };
      });
      const summary = { passed, failed: results.length - passed, milliseconds: rounded(milliseconds) };
      return `${JSON.stringify({ ...summary, cases }, null, 2)}\n`;
    },
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
