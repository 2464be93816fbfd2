import { createPainter } from '../../render/painter.ts';
import { duration } from '../../render/quantity.ts';
import type { Failure } from '../compare-answer.ts';
import {
  type CaseResult,
  hasPassed,
  marks,
  millisecondsOf,
  type Reporter,
  rightOf,
  tellingOutcome,
  warningsOf,
} from './report.ts';

/** So many lines of a difference are shown. */
const mostLines = 40;

export interface TextOptions {
  readonly color: boolean;
  /** Makes text from elsewhere safe to show. */
  readonly safe: (text: string) => string;
  /** Puts ASCII in the place of our own symbols, where a terminal shows no others. */
  readonly plain: (symbol: string) => string;
}

/** A line a case, what differs below those that failed, and a summary: for people. */
export function createTextReporter({ color, safe, plain }: TextOptions): Reporter {
  const style = createPainter(color);

  const failureText = ({ message, difference = [] }: Failure): readonly string[] => {
    const lines = difference.map(({ kind, text }) => {
      const line = `    ${marks[kind]} ${safe(text)}`;
      return kind === 'same' ? style('dim', line) : style(kind === 'removed' ? 'green' : 'red', line);
    });
    const shown = lines.length > mostLines ? lines.slice(0, mostLines) : lines;
    return [
      ...message.split('\n').map((line) => `    ${safe(line)}`),
      ...(lines.length === 0 ? [] : [style('dim', '    - expected, + came')]),
      ...shown,
      ...(lines.length > shown.length
        ? [style('dim', `    ${plain('…')} ${lines.length - shown.length} lines more`)]
        : []),
    ];
  };

  return {
    begin: () => '',
    result(result) {
      const { entry, outcomes } = result;
      const passed = hasPassed(result);
      const often = outcomes.length > 1 ? ` ${rightOf(result)} of ${outcomes.length} right,` : '';
      const time = style(
        'dim',
        `(${often.trimStart()}${often === '' ? '' : ' '}${duration(millisecondsOf(result))})`,
      );
      const lines = [
        `${passed ? style('green', plain('✓')) : style('red', plain('✗'))} ${safe(entry.name)} ${time}`,
        ...warningsOf(result).map((warning) => style('yellow', `    ! ${safe(warning)}`)),
      ];
      const telling = tellingOutcome(result);
      if (!passed && telling !== undefined) {
        lines.push(style('dim', `    ${safe(result.suite)}:${entry.line}`));
        lines.push(...telling.failures.flatMap(failureText));
        if (telling.sql !== null) {
          lines.push(style('dim', `    SQL: ${safe(telling.sql.replace(/\s+/gu, ' '))}`));
        }
      }
      return `${lines.join('\n')}\n`;
    },
    end(results, milliseconds) {
      const passed = results.filter(hasPassed).length;
      const failed = results.length - passed;
      const warned = results.filter((result) => warningsOf(result).length > 0).length;
      const parts = [
        style(passed > 0 ? 'green' : 'dim', `${passed} passed`),
        ...(failed > 0 ? [style('red', `${failed} failed`)] : []),
        ...(warned > 0 ? [style('yellow', `${warned} with a warning`)] : []),
      ];
      return `\n${parts.join(', ')}, ${duration(milliseconds)}\n${staleText(results, safe)}`;
    },
  };
}

function staleText(results: readonly CaseResult[], safe: (text: string) => string): string {
  const stale = results.filter(({ outcomes }) => outcomes.some((outcome) => outcome.stale));
  if (stale.length === 0) {
    return '';
  }
  const files = [...new Set(stale.map(({ suite }) => suite))];
  const names = stale.map(({ entry }) => `  ${safe(entry.name)}\n`).join('');
  return `\nTo be recorded, with: sqlq test --record ${files.map(safe).join(' ')}\n${names}`;
}
