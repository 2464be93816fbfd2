import { plain } from '../../query/tree.ts';
import { measures } from '../amounts.ts';
import { datesFor } from '../conditions/dates.ts';
import { amountOf } from '../heads/worked-out.ts';
import { onlyWay } from '../paths.ts';
import type { Context, Reading, Rule } from '../reading.ts';
import { measuredAt, words } from '../words.ts';
import { doing, isOfTime, ordered } from './ranks.ts';

const led = /^(?:of|with|has|have|had|paid|pays|donated|wrote|caught)$/u;

/** `who owns the longest boat`, `the owner of the oldest car`, `who paid the largest invoice`: those to whom the first of other rows belongs. */
export const ofExtreme: Rule = (context, reading) => {
  const { analysis, lowers } = context;
  const verb = lowers[reading.at] ?? '';
  if (
    reading.order !== null ||
    reading.asked !== 'rows' ||
    reading.negated ||
    reading.ofEach ||
    !reading.named ||
    !(led.test(verb) || doing.test(verb) || words.owning.has(verb))
  ) {
    return [];
  }
  const at = reading.at + (lowers[reading.at + 1] === 'the' ? 2 : 1);
  const found = measuredAt(lowers, at, 'most');
  const end = found?.end ?? at + (/^(?:first|last)$/u.test(lowers[at] ?? '') ? 1 : 0);
  if (end === at) {
    return [];
  }
  return context.names.tablesAt(end).flatMap((hit): Reading[] => {
    const way = onlyWay(context, hit.id);
    const table = analysis.schemaIndex.tables[hit.id];
    if (way === null || way.steps.length !== 1 || way.steps[0]?.up !== false || table === undefined) {
      return [];
    }
    const there: Context = { ...context, table };
    const add = (column: number, descending: boolean): Reading =>
      ordered(
        context,
        reading,
        hit.end,
        { ...plain(column), aggregate: descending ? 'max' : 'min' },
        descending,
        { counted: way, having: false, more: hit.cost + 0.1 },
      );
    if (found === null || isOfTime(found.adjective)) {
      const last = found === null ? lowers[at] === 'last' : found.adjective.up === found.reversed;
      return datesFor(there, null, true).map(({ column }) => add(column.id, last));
    }
    const up = found.adjective.up !== found.reversed;
    const measured = measures(there, found.adjective);
    const amount = measured.length === 0 && /^(?:larg|bigg|high|small|low)est$/u.test(lowers[at] ?? '');
    const only = amount ? amountOf(there) : null;
    return only === null
      ? measured.map(({ column, falls }) => add(column.id, falls ? !up : up))
      : [add(only, up)];
  });
};
