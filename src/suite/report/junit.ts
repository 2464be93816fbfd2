import {
  type CaseResult,
  failureLines,
  hasPassed,
  millisecondsOf,
  type Reporter,
  rightOf,
  tellingOutcome,
  warningsOf,
} from './report.ts';

/** JUnit's XML, as CI servers read it: a testsuite a file, when the run is over. https://github.com/testmoapp/junitxml */
export function createJunitReporter(): Reporter {
  return {
    begin: () => '',
    result: () => '',
    end(results, milliseconds) {
      const suites = [...new Set(results.map(({ suite }) => suite))].map((name) => {
        const own = results.filter(({ suite }) => suite === name);
        const time = own.reduce((sum, result) => sum + millisecondsOf(result), 0);
        return `  <testsuite${attributes({ name, ...counts(own), time: seconds(time) })}>\n${own.map(testCase).join('')}  </testsuite>\n`;
      });
      const head = attributes({ name: 'sqlq test', ...counts(results), time: seconds(milliseconds) });
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join('')}</testsuites>\n`;
    },
  };
}

function counts(results: readonly CaseResult[]): Readonly<Record<string, number>> {
  const failures = results.filter((result) => !hasPassed(result)).length;
  return { tests: results.length, failures, errors: 0, skipped: 0 };
}

function testCase(result: CaseResult): string {
  const { suite, entry, outcomes } = result;
  const telling = tellingOutcome(result);
  const head = attributes({
    name: entry.name,
    classname: suite,
    file: suite,
    line: entry.line,
    time: seconds(millisecondsOf(result)),
  });
  const often = outcomes.length > 1 ? [`${rightOf(result)} of ${outcomes.length} right`] : [];
  const out = [
    ...often,
    ...(telling?.sql ? [telling.sql] : []),
    ...warningsOf(result).map((text) => `warning: ${text}`),
  ];
  const failed = telling !== undefined && telling.failures.length > 0;
  const failure = failed
    ? `      <failure${attributes({ message: telling.failures[0]?.message ?? '', type: telling.stale ? 'stale' : 'failure' })}>${text(failureLines(telling).join('\n'))}</failure>\n`
    : '';
  const output = out.length > 0 ? `      <system-out>${text(out.join('\n'))}</system-out>\n` : '';
  return `    <testcase${head}>\n${failure}${output}    </testcase>\n`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${text(String(value)).replace(/\s/gu, ' ')}"`)
    .join('');
}

/** Text for XML 1.0, which can't hold most control characters in any way. */
function text(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
