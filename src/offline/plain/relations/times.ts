import type { Comparison } from '../../query/tree.ts';
import { operatorAt } from '../conditions/amount.ts';
import { counting } from '../conditions/counting.ts';
import type { Context, Rule } from '../reading.ts';
import { tablesOfVerb } from './relations.ts';

const often: Readonly<Record<string, number>> = { once: 1, twice: 2, thrice: 3 };

/** `ordered more than twice`, `visited at least 3 times`, `booked only once`: how many rows the verb speaks of belong to each. */
export const times: Rule = (context, reading) => {
  const { lowers, lemmas } = context;
  const verb = lowers[reading.at] ?? '';
  if (!reading.named || reading.negated || reading.countCondition !== null || !/\p{L}{3,}/u.test(verb)) {
    return [];
  }
  const found = timesAt(context, reading.at + 1);
  return found === null
    ? []
    : tablesOfVerb(context, verb, lemmas[reading.at] ?? '').flatMap(({ way, cost }) =>
        counting(context, reading, {
          way,
          operator: found.operator,
          number: found.number,
          end: found.end,
          cost,
          kind: null,
        }),
      );
};

function timesAt(
  context: Context,
  at: number,
): { readonly operator: Comparison; readonly number: number; readonly end: number } | null {
  const { analysis, lowers } = context;
  const only = /^(?:only|just)$/u.test(lowers[at] ?? '') ? 1 : 0;
  const compared = operatorAt(context, at + only);
  const next = compared?.end ?? at + only;
  const word = lowers[next] ?? '';
  const counted = /^times?$/u.test(lowers[next + 1] ?? '') ? (analysis.tokens[next]?.number ?? null) : null;
  const number = Object.hasOwn(often, word) ? (often[word] ?? null) : counted;
  const end = next + (Object.hasOwn(often, word) ? 1 : 2);
  // `ordered once` may as well mean: at some time.
  const said = compared !== null || only === 1 || (number !== null && number > 1);
  if (number === null || !Number.isInteger(number) || !said) {
    return null;
  }
  const more = /^or more\b/u.test(lowers.slice(end, end + 2).join(' ')) && compared === null;
  return { operator: compared?.operator ?? (more ? '>=' : '='), number, end: end + (more ? 2 : 0) };
}
