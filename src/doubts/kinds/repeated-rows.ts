import { isOnlyJoined, repeating } from '../joins.ts';
import { grouped, groupsOf, type Look, numberOf, selectText } from '../look.ts';
import { sourcesIn } from '../scope.ts';
import { aggregatesOf } from './fan-out.ts';

/** Finds joins that repeat the rows that are shown. */
export const lookForRepeatedRows: Look = async (context) => {
  const [scope] = context.scopes;
  if (scope === undefined || !scope.isWhole || scope.sources.length < 2) {
    return [];
  }
  const isDistinct = /DISTINCT/u.test(JSON.stringify(scope.select['distinct'] ?? ''));
  if (isDistinct || groupsOf(scope).length > 0 || aggregatesOf(scope).length > 0) {
    return [];
  }
  const shown = sourcesIn({ value: scope.select['columns'] }, scope);
  if (shown.size === 0 || JSON.stringify(scope.select['columns']).includes('"*"')) {
    return [];
  }
  const repeaters = repeating(scope, shown);
  if (repeaters.length === 0 || repeaters.some((source) => !isOnlyJoined(scope, source))) {
    return [];
  }
  const text = selectText(context, scope, { orderby: null, limit: null });
  if (text === null) {
    return [];
  }
  const rows = numberOf(await context.probe(`SELECT COUNT(*) FROM (${text}) AS shown`, 1));
  const different =
    rows === null
      ? null
      : numberOf(
          await context.probe(`SELECT COUNT(*) FROM (SELECT DISTINCT * FROM (${text}) AS shown) AS once`, 1),
        );
  if (rows === null || different === null || rows <= different) {
    return [];
  }
  const by = repeaters.map(({ table, alias }) => table?.name ?? alias).join(' and ');
  return [
    {
      kind: 'repeated-rows',
      sentence: `The join with ${by} shows rows again: ${grouped(rows)}, of which ${grouped(different)} are different.`,
      evidence: { rows, different },
      mendedSql: context.tree.write(
        new Map([
          [
            scope.select,
            {
              ...scope.select,
              distinct: context.dialect.identifierQuote === '"' ? { type: 'DISTINCT' } : 'DISTINCT',
            },
          ],
        ]),
      ),
    },
  ];
};
