import { valueConditions } from '../conditions/values.ts';
import { labelsOf } from '../names.ts';
import { type Reading, type Rule, readOn } from '../reading.ts';
import { amountOf } from './worked-out.ts';

/** `what does Meloxicam cost`, `how much is a lamp`: the price of what is called so. */
export const priced: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  if (reading.at !== 0 || reading.named) {
    return [];
  }
  const match = /^(?:what|how much) (?:does|do|did|is|are) (?:the |a |an )?/u.exec(
    `${lowers.slice(0, 5).join(' ')} `,
  );
  const amount = match === null ? null : amountOf(context);
  if (match === null || amount === null) {
    return [];
  }
  const at = match[0].trim().split(' ').length;
  const asksPrice = lowers[0] === 'how' && !/^(?:does|do|did)$/u.test(lowers[2] ?? '');
  const labels = labelsOf(analysis, table);
  return valueConditions(context, at).flatMap(({ column, condition, end, cost }): Reading[] => {
    const told = lowers[end] === 'cost' || lowers[end] === 'costs';
    if (!labels.includes(column) || !(told || asksPrice)) {
      return [];
    }
    const name = analysis.schemaIndex.columns[amount]?.name ?? '';
    return [
      readOn(context, reading, told ? end + 1 : end, `${name} of what is called so`, {
        named: true,
        head: 'what',
        shown: [...labels, amount],
        conditions: [condition],
        more: cost + 0.1,
      }),
    ];
  });
};
