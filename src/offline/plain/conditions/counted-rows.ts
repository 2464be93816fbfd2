import {
  type Comparison,
  type Condition,
  countAll,
  plain,
  type SelectQuery,
  selectFrom,
} from '../../query/tree.ts';
import { joinsOf } from '../paths.ts';
import type { Context, Reading } from '../reading.ts';
import { joined } from './conditions.ts';

/**
 * The same reading with a condition on the rows themselves in the place of one on how many others belong to each, so that
 * rows to which none belong are among those with fewer than three. Null where that can't be said.
 */
export function withCountedRows(context: Context, reading: Reading): Reading | null {
  const { columns } = context.analysis.schemaIndex;
  const { counted, countCondition } = reading;
  if (counted === null || countCondition?.kind !== 'compare' || countCondition.right.kind !== 'number') {
    return null;
  }
  const [first, ...rest] = counted.steps;
  const [key, own] = [first?.link.left[0], first?.link.right[0]];
  if (first?.up !== false || key === undefined || own === undefined || reading.dated) {
    return null;
  }
  const tables = new Set(counted.steps.map(({ link, up }) => (up ? link.to : link.from)));
  const isTheirs = (condition: Condition): boolean =>
    [...columnsOf(condition)].every((id) => tables.has(columns[id]?.table ?? -1));
  const theirs = reading.conditions.filter(isTheirs);
  const mine = reading.conditions.filter((condition) => !isTheirs(condition));
  const { operator, right } = countCondition;
  const missing: Condition[] =
    columns[key]?.column.nullable === false ? [] : [{ kind: 'null', column: key, negated: true }];
  const where = [...theirs, ...missing];
  const rowsWith = (compared: Comparison, number: number): SelectQuery => ({
    ...selectFrom(first.link.from, [plain(key)]),
    joins: joinsOf({ to: counted.to, steps: rest }),
    where: where.length === 0 ? null : joined('and', where),
    group: [key],
    having: { kind: 'compare', left: countAll, operator: compared, right: { kind: 'number', number } },
  });
  const among = (negated: boolean, query: SelectQuery): Condition => ({
    kind: 'in',
    column: own,
    negated,
    query,
  });
  const { number } = right;
  const made: readonly Condition[] | null =
    operator === '>' || operator === '>='
      ? [among(false, rowsWith(operator, number))]
      : operator === '<'
        ? [among(true, rowsWith('>=', number))]
        : operator === '<='
          ? [among(true, rowsWith('>', number))]
          : operator === '=' && number > 0
            ? [among(false, rowsWith('=', number))]
            : operator === '='
              ? [among(true, { ...rowsWith('>=', 1), group: [], having: null })]
              : null;
  return made === null
    ? null
    : { ...reading, conditions: [...mine, ...made], counted: null, countCondition: null };
}

/** The columns that a condition is about, those of queries within left out. */
function columnsOf(condition: Condition): ReadonlySet<number> {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return new Set(condition.conditions.flatMap((each) => [...columnsOf(each)]));
    case 'columns':
      return new Set([condition.left, condition.right]);
    case 'in':
    case 'null':
    case 'weekday':
      return new Set([condition.column]);
    default:
      return new Set(condition.left.column === null ? [] : [condition.left.column]);
  }
}
