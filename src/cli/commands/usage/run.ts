import type { ExitCode } from '../../../errors.ts';
import { createPurse } from '../../../model/endpoints/budget.ts';
import { dayOf } from '../../../model/endpoints/clock.ts';
import { money } from '../../../model/endpoints/price.ts';
import type { Entry } from '../../../model/endpoints/state.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { modelStateOf } from '../../run/model-state.ts';
import { withSetup } from '../../run/setup.ts';
import type { UsageOptions } from './options.ts';

const usualDays = 30;

/** `sqlq usage`: what was used of models by day, the newest last, and what is left of budgets. */
export function run(
  { options }: Invocation<string | undefined, UsageOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal, settings } = setup;
    const state = await modelStateOf(setup);
    const first = context.now();
    first.setDate(first.getDate() - (options.days ?? usualDays) + 1);
    const entries = state.entriesSince(dayOf(first)).toReversed();
    const { budget, dayBudget, monthBudget } = settings.values;
    const purse = createPurse({ question: budget, day: dayBudget, month: monthBudget }, state, context.now);
    const budgets = purse.describe();
    if (options.json === true) {
      await terminal.print(jsonText({ entries, total: totalOf(entries), budgets }));
      return undefined;
    }
    await terminal.print(
      terminal.escape([...linesOf(entries), ...budgets.map((line) => `budget: ${line}\n`)].join('')),
    );
    if (entries.length === 0) {
      terminal.note('No model was asked in this time.');
    }
    return undefined;
  });
}

type Amounts = Omit<Entry, 'day' | 'profile' | 'host' | 'model'>;

function totalOf(entries: readonly Entry[]): Amounts {
  const sum = (of: (entry: Entry) => number): number =>
    entries.reduce((total, entry) => total + of(entry), 0);
  const known = entries.filter(({ dollars }) => dollars !== null);
  return {
    requests: sum(({ requests }) => requests),
    promptTokens: sum(({ promptTokens }) => promptTokens),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    dollars: known.length === 0 ? null : sum(({ dollars }) => dollars ?? 0),
  };
}

/** A line an entry, its columns below each other, and the total. */
function linesOf(entries: readonly Entry[]): readonly string[] {
  if (entries.length === 0) {
    return [];
  }
  const rows = [
    ['day', 'profile', 'model', 'server', 'requests', 'tokens in', 'cached', 'tokens out', 'money'],
    ...entries.map((entry) => [entry.day, entry.profile, entry.model, entry.host, ...numbersOf(entry)]),
    ['total', '', '', '', ...numbersOf(totalOf(entries))],
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column < 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `${cells.join('  ').trimEnd()}\n`;
  });
}

function numbersOf({
  requests,
  promptTokens,
  cachedTokens,
  completionTokens,
  dollars,
}: Amounts): readonly string[] {
  const whole = (value: number): string => value.toLocaleString('en');
  return [
    whole(requests),
    whole(promptTokens),
    whole(cachedTokens),
    whole(completionTokens),
    dollars === null ? 'unknown' : money(dollars),
  ];
}
