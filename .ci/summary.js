// Prints the tests of a run in one line, names those that needed a second try, and fails where one was skipped: in CI every part must run, but for the tests on
// a real model where no server of one can be had.
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const results = JSON.parse(readFileSync(file, 'utf8'));
const skipped = results.testResults.flatMap((suite) =>
  suite.assertionResults
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => `${test.status}: ${suite.name}: ${test.fullName}`),
);
for (const line of readFileSync(`${file}.second-tries`, 'utf8').split('\n').filter(Boolean)) {
  process.stdout.write(`needed a second try: ${line}\n`);
}
for (const line of skipped) {
  process.stdout.write(`${line}\n`);
}
process.stdout.write(
  `${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped.length} skipped\n`,
);
const unexpected = skipped.filter((line) => process.env.SQLQ_TEST_LLAMA || !line.includes('real llama.cpp'));
process.exitCode = results.success && unexpected.length === 0 && results.numPassedTests > 0 ? 0 : 1;
