import type { Engine } from '../../src/database/engines.ts';
import type { Outcome } from './run.ts';

/**
 * What a run came to: a line for each set where there are several, then the share that is right with everything apart,
 * then what it took of a model, and last the answers that were wrong without a doubt.
 */
export function summary(engine: Engine, outcomes: readonly Outcome[]): string {
  const sets = [...Map.groupBy(outcomes, ({ set }) => set)];
  return [
    ...(sets.length > 1 ? sets.map(([set, some]) => `${set.padEnd(16)} ${results(some)}`) : []),
    `right ${results(outcomes, engine)}  ${times(outcomes)}`,
    cost(outcomes),
    silence(outcomes),
  ].join('\n');
}

function results(outcomes: readonly Outcome[], engine: string | null = null): string {
  const { right, wrong, refused, failed } = counts(outcomes);
  return [
    `${percent(right, outcomes.length)} %`,
    ...(engine === null ? [] : [engine]),
    `cases ${outcomes.length}`,
    `wrong ${wrong}`,
    `refused ${refused}`,
    `failed ${failed}`,
    `precision ${percent(right, right + wrong + failed)} %`,
    ...(engine === null ? [`wrong and silent ${silent(outcomes).length}`] : []),
  ].join('  ');
}

function times(outcomes: readonly Outcome[]): string {
  const sorted = outcomes.map((outcome) => outcome.milliseconds).sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms  p95 ${at(0.95)} ms`;
}

/** What some outcomes have taken of a model. */
export function spent(outcomes: readonly Outcome[]): string {
  const sum = (part: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + part(outcome), 0);
  return [
    `requests ${sum(({ requests }) => requests)}`,
    `tokens in ${sum(({ tokensIn }) => tokensIn)}`,
    `out ${sum(({ tokensOut }) => tokensOut)}`,
  ].join('  ');
}

function cost(outcomes: readonly Outcome[]): string {
  const doubted = outcomes.filter(({ doubts }) => doubts.length > 0);
  return [
    spent(outcomes),
    `doubted ${doubted.length} (${count(doubted, 'wrong')} of ${count(outcomes, 'wrong')} wrong, ${count(doubted, 'right')} of ${count(outcomes, 'right')} right)`,
  ].join('  ');
}

/** The figure that counts most: a wrong number that looks like a right one. */
function silence(outcomes: readonly Outcome[]): string {
  const few = silent(outcomes);
  const byDatabase = [...Map.groupBy(few, ({ database }) => database)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, some]) => `${name} ${some.length}`);
  const where =
    few.length === 0 ? '' : `  (${byDatabase.slice(0, 5).join(', ')}${byDatabase.length > 5 ? ', …' : ''})`;
  return `wrong and silent ${few.length}  ${percent(few.length, outcomes.length)} % of the cases${where}`;
}

/** Answers that are wrong, and about which nothing was said. */
export function silent(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ result, doubts }) => result === 'wrong' && doubts.length === 0);
}

/** How many outcomes there are of each kind. */
export function counts(outcomes: readonly Outcome[]): Readonly<Record<Outcome['result'], number>> {
  const of = (result: Outcome['result']): number => count(outcomes, result);
  return { right: of('right'), wrong: of('wrong'), refused: of('refused'), failed: of('failed') };
}

function count(outcomes: readonly Outcome[], result: Outcome['result']): number {
  return outcomes.filter((outcome) => outcome.result === result).length;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0.0' : ((100 * part) / whole).toFixed(1);
}
