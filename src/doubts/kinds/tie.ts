import type { Row } from '../../database/database.ts';
import { quoteIdentifier } from '../../schema/identifier.ts';
import type { Doubt } from '../doubt.ts';
import {
  bareColumn,
  grouped,
  isDistinct,
  item,
  type Look,
  type LookContext,
  selectText,
  standsAlone,
} from '../look.ts';
import { limitOf } from '../row-limit.ts';
import type { Scope } from '../scope.ts';
import { type Node, nameOf, nodeIn, nodesAt, nodesOf, textIn } from '../sql-tree.ts';

/** How many rows after the cut are read to see how many share its place. */
const rowsAfter = 50;

/** Finds LIMITs that cut between rows of the same place in the order. */
export const lookForTies: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    const doubt = await tieAt(context, scope);
    if (doubt !== null) {
      doubts.push(doubt);
    }
  }
  return doubts;
};

async function tieAt(context: LookContext, scope: Scope): Promise<Doubt | null> {
  const limit = limitOf(scope);
  const order = orderOf(scope);
  if (limit === null || order.length === 0 || !standsAlone(scope)) {
    return null;
  }
  if (isDistinct(scope)) {
    return null;
  }
  const shown = shownBy(context, scope);
  if (shown === null) {
    return null;
  }
  const shownNodes = nodesAt(shown, 'expr');
  const text = selectText(context, scope, {
    columns: [...shownNodes, ...order.map(({ node }) => node)].map((node, index) => item(node, `c${index}`)),
    orderby: order.map(({ node, type }) => ({ expr: node, type })),
    limit: null,
  });
  if (text === null) {
    return null;
  }
  const rows = await context.probe(
    `${text} LIMIT ${rowsAfter} OFFSET ${limit.offset + limit.count - 1}`,
    rowsAfter,
  );
  const [last, ...after] = rows ?? [];
  if (last === undefined) {
    return null;
  }
  const place = (row: Row): string => row.slice(shown.length).map(String).join('\0');
  const same = after.findIndex((row) => place(row) !== place(last));
  const tied = same === -1 ? after : after.slice(0, same);
  const seen = (row: Row): string => row.slice(0, shown.length).map(String).join('\0');
  // Rows that read the same are no other answer.
  if (tied.length === 0 || tied.every((row) => seen(row) === seen(last))) {
    return null;
  }
  const orMore = same === -1 && after.length === rowsAfter - 1 ? ' or more' : '';
  const others = tied.length === 1 ? '1 other row has' : `${grouped(tied.length)}${orMore} other rows have`;
  return {
    kind: 'tie',
    sentence: `${others} the same value (${last.slice(shown.length).map(String).join(', ')}) as the last one shown: which of them is shown is chance.`,
    evidence: {
      shown: limit.count,
      tied: tied.length,
      place: last.slice(shown.length).map(String).join(', '),
    },
    mendedSql:
      limit.offset > 0 || !scope.isWhole ? null : withTies(context, scope, shown, order, limit.count),
  };
}

/** What a SELECT shows, `*` as the columns that it stands for; null where those are not known. */
export function shownBy(context: LookContext, scope: Scope): readonly Node[] | null {
  const shown: Node[] = [];
  for (const column of nodesOf(scope.select['columns'])) {
    const expression = nodeIn(column, 'expr') ?? {};
    if (nameOf(expression['column']) !== '*') {
      shown.push(column);
      continue;
    }
    const qualifier = nameOf(expression['table'])?.toLowerCase() ?? null;
    for (const { alias, table, using } of scope.sources) {
      if (qualifier !== null && alias.toLowerCase() !== qualifier) {
        continue;
      }
      if (table === null || using.length > 0) {
        return null;
      }
      shown.push(...table.columns.map(({ name }) => item({ ...bareColumn(context, name), table: alias })));
    }
  }
  return shown;
}

interface OrderItem {
  readonly node: Node;
  readonly type: string | null;
}

/** The expressions of an ORDER BY, its numbers and aliases as what they stand for. */
function orderOf(scope: Scope): readonly OrderItem[] {
  const columns = nodesOf(scope.select['columns']);
  return nodesOf(scope.select['orderby']).flatMap((entry) => {
    const node = nodeIn(entry, 'expr');
    if (node === null) {
      return [];
    }
    const number = node['type'] === 'number' ? Number(node['value']) : null;
    const alias =
      node['type'] === 'column_ref' && !node['table'] ? nameOf(node['column'])?.toLowerCase() : null;
    const column =
      number === null
        ? columns.find(
            (one) => alias !== null && alias !== undefined && textIn(one, 'as')?.toLowerCase() === alias,
          )
        : columns[number - 1];
    const meant = column === undefined ? node : (nodeIn(column, 'expr') ?? node);
    return [{ node: meant, type: textIn(entry, 'type') }];
  });
}

/** The statement with all rows of the last place instead of some. */
function withTies(
  context: LookContext,
  scope: Scope,
  shown: readonly Node[],
  order: readonly OrderItem[],
  count: number,
): string | null {
  const names: string[] = [];
  const columns = shown.map((column, index) => {
    const expression = nodeIn(column, 'expr') ?? {};
    names.push(
      textIn(column, 'as') ??
        nameOf(expression['column']) ??
        context.tree.writeExpression(expression).toLowerCase(),
    );
    return item(expression, `c${index}`);
  });
  const text = selectText(context, scope, { columns, orderby: null, limit: null });
  if (text === null) {
    return null;
  }
  const by = order.map(
    ({ node, type }) => `${context.tree.writeExpression(node)}${type === null ? '' : ` ${type}`}`,
  );
  // The rank goes into the list of what is selected, before its FROM.
  const place = text.indexOf(' FROM ');
  if (place === -1 || nodesOf(context.tree.root['with']).length > 0) {
    return null;
  }
  const ranked = `${text.slice(0, place)}, RANK() OVER (ORDER BY ${by.join(', ')}) AS place${text.slice(place)}`;
  const outer = names
    .map((name, index) => `c${index} AS ${quoteIdentifier(context.dialect, name)}`)
    .join(', ');
  return `SELECT ${outer} FROM (${ranked}) AS ranked WHERE place <= ${count} ORDER BY place`;
}
