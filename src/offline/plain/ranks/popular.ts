import { countAll } from '../../query/tree.ts';
import { type Reading, type Rule, readOn } from '../reading.ts';
import { isTie } from '../relations/roles.ts';
import { ordered, ordinals } from './ranks.ts';

/**
 * `busiest vet`, `most popular course`, `is the busiest`: those to which the most rows belong, where one table alone
 * has rows that belong to them; what is counted is said.
 */
export const popular: Rule = (context, reading) => {
  const { analysis, lowers, paths, names, table } = context;
  if (reading.order !== null || reading.asked !== 'rows' || reading.negated || reading.ofEach) {
    return [];
  }
  let { at } = reading;
  while (reading.named && /^(?:is|are|was|the)$/u.test(lowers[at] ?? '')) {
    at++;
  }
  const offset = ordinals[lowers[at] ?? ''] ?? null;
  at += offset === null ? 0 : 1;
  const busy = /^(?:busiest|quietest)$/u.test(lowers[at] ?? '') ? 1 : 0;
  const liked =
    /^(?:most|least)$/u.test(lowers[at] ?? '') &&
    /^(?:popular|active|frequent|used)$/u.test(lowers[at + 1] ?? '')
      ? 2
      : 0;
  const end = at + busy + liked;
  // A column that is called so says it itself.
  if (end === at || names.columnsAt(table.id, end - 1).some(({ cost }) => cost < 0.3)) {
    return [];
  }
  const ways = [...paths.values()].filter(
    ([way]) => way !== undefined && way.steps.length === 1 && way.steps[0]?.up === false,
  );
  return ways.flatMap(([way, ...others]): Reading[] => {
    const rows = analysis.schemaIndex.tables[way?.to ?? -1]?.name;
    if (way === undefined || rows === undefined || others.length > 0) {
      return [];
    }
    const descending = lowers[at] === 'busiest' || lowers[at] === 'most';
    const first = ordered(context, reading, end, countAll, descending, {
      counted: way,
      ...(offset === null ? {} : { offset, limit: 1 }),
      // `most frequent guest` is who was a guest most often.
      more: way.steps.some(({ link }) => isTie(analysis, link)) ? 0.15 : 0.3,
    });
    return [readOn(context, first, end, null, { lines: [...first.lines, `rows of ${rows} are counted`] })];
  });
};
