import {
  failureLines,
  hasPassed,
  millisecondsOf,
  type Reporter,
  rightOf,
  tellingOutcome,
  warningsOf,
} from './report.ts';
import type { TextOptions } from './text.ts';

/** TAP version 14: a line a case, its diagnostics as YAML below it. https://testanything.org/tap-version-14-specification.html */
export function createTapReporter({ safe }: Pick<TextOptions, 'safe'>): Reporter {
  return {
    begin: (total) => `TAP version 14\n1..${total}\n`,
    result(result, index) {
      const { suite, entry, outcomes } = result;
      const telling = tellingOutcome(result);
      const facts: readonly (readonly [string, unknown])[] = [
        ['at', `${suite}:${entry.line}`],
        ['duration_ms', Math.round(millisecondsOf(result))],
        ...(outcomes.length > 1 ? ([['right', `${rightOf(result)} of ${outcomes.length}`]] as const) : []),
        ...(telling?.sql ? ([['sql', telling.sql]] as const) : []),
        ...warningsOf(result).map((warning, at) => [`warning_${at + 1}`, warning] as const),
        ...(telling !== undefined && telling.failures.length > 0
          ? ([['failures', failureLines(telling)]] as const)
          : []),
      ];
      // JSON is YAML, and needs no thought of what a line may hold.
      const diagnostics = facts.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`).join('');
      const state = hasPassed(result) ? 'ok' : 'not ok';
      return `${state} ${index + 1} - ${safe(description(entry.name))}\n  ---\n${diagnostics}  ...\n`;
    },
    end: () => '',
  };
}

/** A name on one line, in which `#` begins no directive. */
function description(name: string): string {
  return name.replace(/\s+/gu, ' ').replace(/[\\#]/gu, '\\$&');
}
