import { valueConditions } from '../conditions/values.ts';
import { along, onlyWay } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';

/** `have both a cat and a dog`, `bought both lamps and chairs`: rows that have others of each kind. */
export const both: Rule = (context, reading) => {
  const { analysis, lowers } = context;
  if (!reading.named || reading.negated || lowers[reading.at] !== 'both') {
    return [];
  }
  return beyondAt(context, reading.at + 1).flatMap((first): Reading[] =>
    lowers[first.end] !== 'and'
      ? []
      : beyondAt(context, first.end + 1)
          .filter(({ column, to }) => column === first.column && to === first.to)
          .map((second) => {
            const name = analysis.schemaIndex.columns[first.column]?.name ?? '';
            return readOn(context, reading, second.end, `a row of each ${name}`, {
              conditions: [...reading.conditions, first.condition, second.condition],
              having: false,
              lastValue: null,
              more: first.cost + second.cost,
            });
          }),
  );
};

/** Stored values that rows have through others which belong to them. */
function beyondAt(
  context: Context,
  at: number,
): readonly (ReturnType<typeof valueConditions>[number] & { readonly to: number })[] {
  const { schemaIndex } = context.analysis;
  const start = /^(?:a|an|the)$/u.test(context.lowers[at] ?? '') ? at + 1 : at;
  return schemaIndex.tables.flatMap((table) => {
    const way = onlyWay(context, table.id);
    if (way === null || way.steps.length === 0 || way.steps.every(({ up }) => up)) {
      return [];
    }
    const there: Context = { ...context, table, paths: new Map([[table.id, [{ to: table.id, steps: [] }]]]) };
    return valueConditions(there, start).map((found) => ({
      ...found,
      to: table.id,
      condition: along(schemaIndex, way, found.condition),
    }));
  });
}
