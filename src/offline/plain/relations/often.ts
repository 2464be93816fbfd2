import { type Condition, countAll } from '../../query/tree.ts';
import { operatorAt } from '../conditions/amount.ts';
import { type Rule, readOn } from '../reading.ts';
import { tablesOfVerb } from './relations.ts';

/** `rented more than 3 times`, `admitted at least twice`: how many rows of the table that the verb speaks of. */
export const often: Rule = (context, reading) => {
  const { analysis, lowers, lemmas } = context;
  const { at } = reading;
  const operator = operatorAt(context, at + 1);
  if (!reading.named || reading.negated || reading.countCondition !== null || operator === null) {
    return [];
  }
  const once = lowers[operator.end] === 'once' ? 1 : lowers[operator.end] === 'twice' ? 2 : null;
  const times = lowers[operator.end + 1] === 'times' || lowers[operator.end + 1] === 'time';
  const number = once ?? (times ? (analysis.tokens[operator.end]?.number ?? null) : null);
  // Less than so often may be never, and a join finds no row that has none.
  if (number === null || !Number.isInteger(number) || operator.operator.startsWith('<')) {
    return [];
  }
  const condition: Condition = {
    kind: 'compare',
    left: countAll,
    operator: operator.operator,
    right: { kind: 'number', number },
  };
  return tablesOfVerb(context, lowers[at] ?? '', lemmas[at] ?? '').map(({ way, cost }) =>
    readOn(
      context,
      reading,
      operator.end + (once === null ? 2 : 1),
      `number of ${analysis.schemaIndex.tables[way.to]?.name ?? ''} ${operator.operator} ${number}`,
      { countCondition: condition, counted: way, having: false, lastValue: null, more: cost },
    ),
  );
};
