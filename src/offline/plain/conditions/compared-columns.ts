import { isForm } from '../../language/form.ts';
import { spoken } from '../../query/spoken.ts';
import type { Comparison, Condition } from '../../query/tree.ts';
import type { IndexedColumn } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { isQuantity, ownColumns } from '../names.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { operatorAt } from './amount.ts';
import { truthsOf } from './conditions.ts';
import { comparable } from './late.ts';

/** `stock below reorder level`, `delivered after the due date`, `paid more than the price`: two columns of a row. */
export const comparedColumns: Rule = (context, reading) => {
  const { lowers } = context;
  return leftAt(context, reading.at).flatMap(({ column: left, end, cost }): Reading[] => {
    let at = end;
    while (/^(?:is|are|was|were|that|which|date|on)$/u.test(lowers[at] ?? '')) {
      at++;
    }
    const time = isTime(context.analysis, left);
    const operator = time ? whenAt(lowers, at) : operatorAt(context, at);
    if (operator === null) {
      return [];
    }
    let next = operator.end;
    while (/^(?:the|its|their|his|her)$/u.test(lowers[next] ?? '')) {
      next++;
    }
    return columnsAt(context, next)
      .filter(({ column: right }) =>
        time
          ? isTime(context.analysis, right) && comparable(left, right)
          : isAmount(context, right) && right !== left,
      )
      .flatMap((right): Reading[] => {
        if (reading.negated) {
          return [];
        }
        const condition: Condition = {
          kind: 'columns',
          left: left.id,
          operator: operator.operator,
          right: right.column.id,
        };
        return [
          readOn(context, reading, right.end, spoken(context.analysis.schemaIndex).condition(condition), {
            conditions: [...reading.conditions, condition],
            having: false,
            lastValue: null,
            more: cost + right.cost,
          }),
        ];
      });
  });
};

interface Found {
  readonly column: IndexedColumn;
  readonly end: number;
  readonly cost: number;
}

const isAmount = ({ analysis }: Context, column: IndexedColumn): boolean =>
  isQuantity(analysis, column) && truthsOf(analysis, column) === null;

function columnsAt({ analysis, names, table }: Context, at: number): readonly Found[] {
  return names.columnsAt(table.id, at).flatMap(({ id, end, cost }): Found[] => {
    const column = analysis.schemaIndex.columns[id];
    return column === undefined ? [] : [{ column, end, cost }];
  });
}

/** What is compared: a column by its name, or a date by its verb, `delivered`. */
function leftAt(context: Context, at: number): readonly Found[] {
  const { analysis, lowers, table } = context;
  const named = columnsAt(context, at).filter(
    ({ column }) => isTime(analysis, column) || isAmount(context, column),
  );
  const start = /^(?:was|were|is|are|got)$/u.test(lowers[at] ?? '') ? at + 1 : at;
  const verb = lowers[start] ?? '';
  const dated = ownColumns(analysis.schemaIndex, table.id).filter(
    (column) =>
      verb.length > 3 && isTime(analysis, column) && column.ownWords.some((word) => isForm(verb, word)),
  );
  return named.length > 0 ? named : dated.map((column) => ({ column, end: start + 1, cost: 0 }));
}

function whenAt(
  lowers: readonly string[],
  at: number,
): { readonly operator: Comparison; readonly end: number } | null {
  const text = lowers.slice(at, at + 3).join(' ');
  const match = /^(?<later>after|later than|past)\b|^(?<before>before|earlier than)\b|^(?<same>on)\b/u.exec(
    text,
  );
  if (match === null) {
    return null;
  }
  const operator: Comparison =
    match.groups?.['later'] !== undefined ? '>' : match.groups?.['before'] !== undefined ? '<' : '=';
  return { operator, end: at + match[0].split(' ').length };
}
