import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';

/** Writes the tests that did not pass at their first try, one a line, into a file; nobody else tells of those that did later. */
export function secondTries(file: string): Reporter {
  return {
    onTestRunEnd(modules) {
      const lines = modules.flatMap((module) =>
        [...module.children.allTests()]
          .filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0)
          .map((test) => `${relative(process.cwd(), module.moduleId)}: ${test.fullName}\n`),
      );
      writeFileSync(file, lines.join(''));
    },
  };
}
