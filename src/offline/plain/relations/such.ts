import { joined } from '../conditions/conditions.ts';
import { dated, kindsAt } from '../conditions/kinds.ts';
import { along, notAlong, onlyWay, pathsFrom } from '../paths.ts';
import type { Context, Reading, Rule } from '../reading.ts';
import { having } from './had.ts';
import { added, tablesOfVerb } from './relations.ts';

/** `booked a car ticket`, `paid a late fee in 2025`, `with an unpaid invoice`: rows by whether others of a kind belong to them. */
export const such: Rule = (context, reading) => {
  const { analysis, lemmas, lowers } = context;
  const { schemaIndex } = analysis;
  const verb = lowers[reading.at] ?? '';
  const spoken = reading.having ? [] : tablesOfVerb(context, verb, lemmas[reading.at] ?? '');
  if (
    !reading.named ||
    reading.measure !== null ||
    !(reading.having || having.test(verb) || spoken.length > 0)
  ) {
    return [];
  }
  let at = reading.at + (reading.having ? 0 : 1);
  while (/^(?:a|an|any|some)$/u.test(lowers[at] ?? '')) {
    at++;
  }
  return schemaIndex.tables.flatMap((rows): readonly Reading[] => {
    const way = onlyWay(context, rows.id);
    if (way?.steps[0]?.up !== false) {
      return [];
    }
    const there: Context = { ...context, table: rows, paths: pathsFrom(schemaIndex, rows.id) };
    return kindsAt(there, at).flatMap(({ end, cost, condition }): readonly Reading[] => {
      const when = dated(there, end);
      // A period behind it says when they did so.
      const tails =
        when.length === 0
          ? [{ end, cost: 0, inner: condition }]
          : when.map((each) => ({
              end: each.end,
              cost: 0.05,
              inner: joined('and', [condition, each.condition]),
            }));
      return tails.flatMap((tail): readonly Reading[] => {
        const meant = reading.negated
          ? notAlong(schemaIndex, way, tail.inner)
          : along(schemaIndex, way, tail.inner);
        const means = `${reading.negated ? 'no' : 'a'} row in ${rows.name} such as this`;
        return meant === null ? [] : [added(context, reading, tail.end, meant, means, cost + tail.cost)];
      });
    });
  });
};
