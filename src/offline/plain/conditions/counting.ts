import { type Comparison, type Condition, countAll } from '../../query/tree.ts';
import { onlyWay, type Path, pathsFrom } from '../paths.ts';
import { type Context, type Reading, readOn } from '../reading.ts';
import type { Amount } from './amount.ts';
import { kindsAt } from './kinds.ts';

/** `with more than 2 lines`: how many rows of another table belong to each. */
export function ofRelated(
  context: Context,
  reading: Reading,
  operator: Comparison,
  amount: Amount,
): readonly Reading[] {
  if (reading.negated || reading.countCondition !== null || !Number.isInteger(amount.number)) {
    return [];
  }
  const { schemaIndex } = context.analysis;
  const named = context.names
    .tablesAt(amount.end)
    .map(({ id, end, cost }) => ({ id, end, cost, kind: null }));
  // `more than one car ticket`
  const kinds = schemaIndex.tables.flatMap((rows) =>
    onlyWay(context, rows.id)?.steps[0]?.up === false
      ? kindsAt({ ...context, table: rows, paths: pathsFrom(schemaIndex, rows.id) }, amount.end).map(
          ({ end, cost, condition }) => ({ id: rows.id, end, cost, kind: condition }),
        )
      : [],
  );
  return [...named, ...kinds].flatMap(({ id, end, cost, kind }): readonly Reading[] => {
    const way = onlyWay(context, id);
    return way?.steps[0]?.up === false
      ? counting(context, reading, { way, operator, number: amount.number, end, cost, kind })
      : [];
  });
}

/** A reading with a condition on how many rows belong to each. */
export function counting(
  context: Context,
  reading: Reading,
  {
    way,
    operator,
    number,
    end,
    cost,
    kind,
  }: {
    readonly way: Path;
    readonly operator: Comparison;
    readonly number: number;
    readonly end: number;
    readonly cost: number;
    /** What holds of the rows that are counted. */
    readonly kind: Condition | null;
  },
): readonly Reading[] {
  const name = context.analysis.schemaIndex.tables[way.to]?.name ?? '';
  return [
    readOn(
      context,
      reading,
      end,
      `number of ${name}${kind === null ? '' : ' such as this'} ${operator} ${number}`,
      {
        conditions: [...reading.conditions, ...(kind === null ? [] : [kind])],
        countCondition: { kind: 'compare', left: countAll, operator, right: { kind: 'number', number } },
        counted: way,
        having: false,
        more: cost,
      },
    ),
  ];
}
