import { isForm } from '../../language/form.ts';
import { spoken } from '../../query/spoken.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { truth } from '../conditions/conditions.ts';
import { statesAt } from '../conditions/states.ts';
import { isPeople, ownColumns } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { datesOf } from './nouns.ts';

/** `smokers`, `emergencies`: rows of which a flag says that they are such. */
export const flagNoun: Rule = (context, reading) => {
  const { analysis, names, table } = context;
  if (
    reading.named ||
    names.tablesAt(reading.at).some(({ cost }) => cost < 0.3) ||
    names.valuesAt(reading.at).length > 0
  ) {
    return [];
  }
  return ownColumns(analysis.schemaIndex, table.id).flatMap((column): Reading[] => {
    const end = pluralEnd(context, reading.at, column);
    const condition = end === null ? null : truth(analysis, column, !reading.negated);
    return end === null || condition === null
      ? []
      : [
          readOn(context, reading, end, spoken(analysis.schemaIndex).condition(condition), {
            named: true,
            plural: true,
            negated: false,
            conditions: [...reading.conditions, condition],
            more: 0.3,
          }),
        ];
  });
};

/** Where a plural ends that is what a column is called, of one word or two; null where none stands here. */
function pluralEnd(context: Context, at: number, column: IndexedColumn): number | null {
  const { analysis, lowers, lemmas, table } = context;
  const own = column.ownWords.filter((each) => each !== 'is' && each !== 'flag');
  const end = at + own.length;
  const word = lowers[end - 1] ?? '';
  const [first = '', last = first] = own;
  const called =
    own.length === 1 ? isForm(word, first) : own.length === 2 && lowers[at] === first && isForm(word, last);
  // Of people a flag may also say what they get, `newsletter`; `smoker` and `apprentice` are what they are.
  const fits = isPeople(analysis, table)
    ? /(?:er|or|ist|ee|ice|ant|ent|vip|member)$/u.test(last)
    : datesOf(analysis, table).length > 0;
  return called && fits && /\p{L}{3,}s$/u.test(word) && word !== lemmas[end - 1] ? end : null;
}

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
