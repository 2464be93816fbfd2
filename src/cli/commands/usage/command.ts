import { defineCommand } from '../../command.ts';
import { usageOptions } from './options.ts';

/** `sqlq usage`: what was used of models. */
export const usage = defineCommand({
  name: 'usage',
  summary: 'tokens and money that questions took, by day and model, and what is left of budgets',
  options: usageOptions,
  help: `Examples:
  sqlq usage
  sqlq usage --days 7 --json

Counted are the requests of all runs of yours on this machine; where a server does not say how many tokens it took, by
estimate. Prices are those of the profile when it was asked.`,
  load: () => import('./run.ts'),
});
