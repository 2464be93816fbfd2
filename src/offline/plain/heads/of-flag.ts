import { isForm } from '../../language/form.ts';
import { spoken } from '../../query/spoken.ts';
import { truth } from '../conditions/conditions.ts';
import { statesAt } from '../conditions/states.ts';
import { isPeople, ownColumns } from '../names.ts';
import { type Reading, type Rule, readOn } from '../reading.ts';
import { datesOf } from './nouns.ts';

/** `smokers`, `emergencies`: rows of which a flag says that they are such. */
export const flagNoun: Rule = (context, reading) => {
  const { analysis, lowers, lemmas, names, table } = context;
  const word = lowers[reading.at] ?? '';
  if (
    reading.named ||
    !/\p{L}{3,}s$/u.test(word) ||
    word === lemmas[reading.at] ||
    names.tablesAt(reading.at).some(({ cost }) => cost < 0.3) ||
    names.valuesAt(reading.at).length > 0
  ) {
    return [];
  }
  // Of people a flag may also say what they get, `newsletter`; `smoker` and `apprentice` are what they are.
  const people = isPeople(analysis, table);
  const isOne = (own: string): boolean => /(?:er|or|ist|ee|ice|ant|ent|vip|member)$/u.test(own);
  return ownColumns(analysis.schemaIndex, table.id).flatMap((column): Reading[] => {
    const [own, ...others] = column.ownWords.filter((each) => each !== 'is' && each !== 'flag');
    const fits =
      own !== undefined &&
      others.length === 0 &&
      isForm(word, own) &&
      (people ? isOne(own) : datesOf(analysis, table).length > 0);
    const condition = fits ? truth(analysis, column, !reading.negated) : null;
    return condition === null
      ? []
      : [
          readOn(context, reading, reading.at + 1, spoken(analysis.schemaIndex).condition(condition), {
            named: true,
            plural: true,
            negated: false,
            conditions: [...reading.conditions, condition],
            more: 0.3,
          }),
        ];
  });
};

/** `anything out of stock`: whatever can be so. */
export const anything: Rule = (context, reading) => {
  const { lowers } = context;
  if (reading.named || !/^(?:anything|something|everything)$/u.test(lowers[reading.at] ?? '')) {
    return [];
  }
  let next = reading.at + 1;
  while (/^(?:that|which|is|are|currently)$/u.test(lowers[next] ?? '')) {
    next++;
  }
  return /^(?:out|in|on|sold|unavailable)$/u.test(lowers[next] ?? '') && statesAt(context, next).length > 0
    ? [
        readOn(context, reading, next, `table ${context.table.name}`, {
          named: true,
          plural: true,
          more: 0.2,
        }),
      ]
    : [];
};
