import { money } from '../../model/endpoints/price.ts';
import type { Command } from '../command.ts';

export const cost: Command = {
  name: 'cost',
  argument: '',
  summary: 'tokens, money and time so far',
  async run({ spent, terminal }) {
    const { questions, usage, dollars, budgets, steps } = spent;
    const whole = (value: number): string => value.toLocaleString('en');
    const lines = [`questions ${whole(questions)}`];
    if (usage !== null) {
      const details = [
        usage.cachedTokens === null ? null : `${whole(usage.cachedTokens)} of the prompt from a cache`,
        usage.reasoningTokens === null ? null : `${whole(usage.reasoningTokens)} for reasoning`,
      ].filter((part) => part !== null);
      lines.push(
        `tokens    ${whole(usage.promptTokens)} in, ${whole(usage.completionTokens)} out${details.length === 0 ? '' : ` (${details.join(', ')})`}`,
      );
    } else {
      lines.push('tokens    none');
    }
    if (dollars !== null && dollars > 0) {
      lines.push(`money     ${money(dollars)}`);
    }
    lines.push(...budgets.map((line) => `budget    ${line}`));
    const total = [...steps.values()].reduce((sum, value) => sum + value, 0);
    const parts = [...steps].map(([name, value]) => `${name} ${seconds(value)}`);
    lines.push(`time      ${seconds(total)}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`);
    await terminal.print(`${lines.join('\n')}\n`);
  },
};

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
