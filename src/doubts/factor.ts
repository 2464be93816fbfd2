import { countAll, groupsOf, item, type LookContext, numberOf, selectText } from './look.ts';
import type { Scope, Source } from './scope.ts';
import type { Node } from './sql-tree.ts';

/** A SELECT without what comes after its WHERE. */
export const bare = { having: null, orderby: null, limit: null, distinct: null, groupby: null } as const;

/** How often joins repeat the rows of some tables, in each group by itself. */
export interface Factor {
  /** Rows that are joined. */
  readonly rows: number;
  /** Rows of the tables themselves. */
  readonly own: number;
}

/** Counts joined rows and the rows of some tables among them; null where the tables have no keys or it can't be counted. */
export async function factorOf(
  context: LookContext,
  scope: Scope,
  base: readonly Source[],
): Promise<Factor | null> {
  const keys = keyNodes(context, base);
  if (keys === null) {
    return null;
  }
  const groups = groupsOf(scope).filter((node) => node['type'] !== 'number');
  const columns = [...groups, ...keys].map((node, index) => item(node, `k${index}`));
  const inner = selectText(context, scope, { ...bare, columns });
  if (inner === null) {
    return null;
  }
  const notNull = keys.map((_key, index) => `k${groups.length + index} IS NOT NULL`).join(' AND ');
  const from = `(${inner}) AS joined WHERE ${notNull}`;
  const rows = numberOf(await context.probe(`SELECT COUNT(*) FROM ${from}`, 1));
  const own =
    rows === null
      ? null
      : numberOf(await context.probe(`SELECT COUNT(*) FROM (SELECT DISTINCT * FROM ${from}) AS own`, 1));
  return rows === null || own === null || own === 0 ? null : { rows, own };
}

/** The columns that tell the rows of some tables apart; null where one of them has none. */
export function keyNodes(context: LookContext, base: readonly Source[]): readonly Node[] | null {
  const keys = base.map((source) =>
    source.table === null ? [] : keyOf(source.table).map((name) => columnNode(source, name, context)),
  );
  return base.length === 0 || keys.some((key) => key.length === 0) ? null : keys.flat();
}

/** Columns that tell a table's rows apart; none where it has no key. */
export function keyOf(table: NonNullable<Source['table']>): readonly string[] {
  return table.primaryKey.length > 0 ? table.primaryKey : (table.uniqueKeys[0] ?? []);
}

function columnNode({ alias }: Source, name: string, { dialect }: LookContext): Node {
  return {
    type: 'column_ref',
    table: alias,
    column: dialect.identifierQuote === '"' ? { expr: { type: 'double_quote_string', value: name } } : name,
  };
}

/** How many rows a FROM has without some of its tables; null where that can't be counted. */
export async function rowsWithout(
  context: LookContext,
  scope: Scope,
  from: readonly Node[],
): Promise<number | null> {
  const text = selectText(context, scope, { ...bare, columns: [item(countAll)], from });
  return text === null ? null : numberOf(await context.probe(text, 1));
}
