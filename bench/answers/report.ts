import type { Engine } from '../../src/database/engines.ts';
import type { Outcome } from './run.ts';

/** One line on an engine: the share that is right, then everything apart. */
export function summary(engine: Engine, outcomes: readonly Outcome[]): string {
  const count = (result: Outcome['result']): number =>
    outcomes.filter((outcome) => outcome.result === result).length;
  const cases = outcomes.length;
  const right = count('right');
  const wrong = count('wrong');
  const failed = count('failed');
  const answered = right + wrong + failed;
  const times = outcomes.map((outcome) => outcome.milliseconds).sort((a, b) => a - b);
  const at = (share: number): string =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  const percent = (part: number, whole: number): string =>
    whole === 0 ? '0.0' : ((100 * part) / whole).toFixed(1);
  return [
    `right ${percent(right, cases)} %`,
    engine,
    `cases ${cases}`,
    `wrong ${wrong}`,
    `refused ${count('refused')}`,
    `failed ${failed}`,
    `precision ${percent(right, answered)} %`,
    `median ${at(0.5)} ms`,
    `p95 ${at(0.95)} ms`,
  ].join('  ');
}
