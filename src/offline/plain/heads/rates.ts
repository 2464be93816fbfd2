import { isForm } from '../../language/form.ts';
import type { Condition } from '../../query/tree.ts';
import type { IndexedColumn, IndexedTable } from '../../schema-index/schema-index.ts';
import { isTime } from '../../time/kept.ts';
import { compare, hasValue, joined, truth } from '../conditions/conditions.ts';
import { ownColumns } from '../names.ts';
import { isUp } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';

/** A column with more values than this is none of states. */
const mostStates = 20;

/** `pass rate`, `the cancellation rate of courses`: the share of rows of which a flag, a date or a state says so. */
export const rates: Rule = (context, reading) => {
  const { lowers, names, paths, table } = context;
  const isAsked = reading.head === null || reading.head === 'what';
  if (reading.named || !isAsked || reading.conditions.length > 0 || reading.asked !== 'rows') {
    return [];
  }
  const at = reading.at + (lowers[reading.at] === 'the' ? 1 : 0);
  if (!isRate(lowers, at) || names.columnsAt(table.id, at + 1).some(({ cost }) => cost < 0.3)) {
    return [];
  }
  return ratedStates(context, table, lowers[at] ?? '').flatMap((condition): Reading[] => {
    let next = at + 2;
    while (/^(?:of|for|in|on|the|all|our)$/u.test(lowers[next] ?? '')) {
      next++;
    }
    // `of exams`: whose results they are.
    const [of] = next === at + 2 ? [] : names.tablesAt(next).filter(({ cost }) => cost < 0.3);
    const ways = paths.get(of?.id ?? -1) ?? [];
    const isOwn = ways.length === 1 && ways.every(isUp);
    return of !== undefined && !isOwn
      ? []
      : [
          readOn(context, reading, of?.end ?? at + 2, `table ${table.name}`, {
            asked: 'count',
            head: 'share',
            share: 0,
            rate: condition,
            named: true,
            more: 0.1,
          }),
        ];
  });
};

/** Whether words ask for the share of rows that are in a state: `pass rate`. */
export const isRate = (lowers: readonly string[], at: number): boolean =>
  /^(?:rate|quota|ratio)$/u.test(lowers[at + 1] ?? '') && /^\p{L}{4,}$/u.test(lowers[at] ?? '');

/** The states of a table's rows that a word is made of: `cancellation` of a flag `cancelled` or of that value of a status. */
export function ratedStates(
  { analysis }: Pick<Context, 'analysis'>,
  table: IndexedTable,
  said: string,
): readonly Condition[] {
  // `dropout` of what was dropped.
  const word = said.replace(/(?<=\p{L}{4})(?:out|off|up)$/u, '');
  return ownColumns(analysis.schemaIndex, table.id).flatMap((column): Condition[] => {
    const own = column.ownWords.filter((each) => !/^(?:is|was|has|at|on|date|flag)$/u.test(each));
    if (own.length === 1 && isForm(word, own[0] ?? '')) {
      const flag = truth(analysis, column, true);
      return flag !== null
        ? [flag]
        : isTime(analysis, column) && column.column.nullable
          ? [hasValue(analysis, column.id, false) ?? []].flat()
          : [];
    }
    const stored = column.class === 'text' ? (analysis.lookup.of(column.id) ?? []) : [];
    const meant = stored.length > mostStates ? [] : stored.filter((text) => isForm(word, spelled(text)));
    return meant.length === 0 || isName(column)
      ? []
      : [
          joined(
            'or',
            meant.map((text) => compare(column.id, '=', { kind: 'text', text })),
          ),
        ];
  });
}

const spelled = (text: string): string => text.trim().toLowerCase();

/** Whether a column names things, which no rate is of. */
const isName = ({ words }: IndexedColumn): boolean => /^(?:name|title)$/u.test(words.at(-1) ?? '');
