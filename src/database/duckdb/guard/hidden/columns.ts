import { z } from 'zod';
import type { Relation } from '../catalog.ts';
import type { GuardContext } from '../context.ts';
import { generatedColumns } from '../definitions.ts';
import { type Definition, relationsNamed } from '../expand.ts';
import { fold } from '../syntax/names.ts';
import type { Column, HiddenColumns } from './hidden-columns.ts';
import { hiddenRead } from './reads.ts';

const columnsQuery = `
SELECT database_name, schema_name, table_name, column_name, data_type
FROM "system".main.duckdb_columns() WHERE NOT internal ORDER BY database_oid, schema_oid, table_oid, column_index`;

const row = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

const keyOf = (...names: readonly string[]): string => JSON.stringify(names);

/**
 * Finds out which columns are hidden of some tables and views, by a pattern or because they are made of such. Views that
 * can't be read count as if they showed hidden columns.
 */
export async function findHiddenColumns(
  context: GuardContext,
  definitions: readonly Definition[],
  unreadable: readonly Relation[] = [],
): Promise<HiddenColumns> {
  const byRelation = new Map<string, Column[]>();
  for (const found of await context.ask(columnsQuery)) {
    const [catalog, schema, table, name, type] = row.parse(found);
    const key = keyOf(catalog, schema, table);
    const columns = byRelation.get(key) ?? [];
    columns.push({ name, type });
    byRelation.set(key, columns);
  }
  const columnsOf = ({ catalog, schema, name }: Relation): readonly Column[] =>
    byRelation.get(keyOf(catalog, schema, name)) ?? [];
  const hidden = new Map<Relation, ReadonlySet<string>>();
  const of = (relation: Relation): ReadonlySet<string> => {
    const known = hidden.get(relation);
    if (known !== undefined) {
      return known;
    }
    const found = hiddenOf(context, relation, columnsOf(relation));
    hidden.set(relation, found);
    return found;
  };
  const tainted = new Set(unreadable);
  const columns: HiddenColumns = { of, isTainted: (relation) => tainted.has(relation), columnsOf };
  for (let before = -1; before !== tainted.size; ) {
    before = tainted.size;
    for (const { relation } of definitions.filter((definition) =>
      isTaintedBy(context, columns, definition),
    )) {
      tainted.add(relation);
    }
  }
  return columns;
}

function isTaintedBy(
  context: GuardContext,
  columns: HiddenColumns,
  { relation, findings }: Definition,
): boolean {
  return (
    relation.kind === 'view' &&
    hiddenRead(findings, columns, (name) => relationsNamed(context, name), context.catalog) !== null
  );
}

/** Hidden columns of one relation; a generated column that is made of a hidden one is hidden as well. */
function hiddenOf(
  { hidden: { hides } }: GuardContext,
  relation: Relation,
  columns: readonly Column[],
): ReadonlySet<string> {
  const { catalog, schema, name } = relation;
  const found = new Set(
    columns
      .filter((column) => hides(schema, name, column.name) || hides(catalog, name, column.name))
      .map((column) => fold(column.name)),
  );
  const generated =
    relation.kind === 'table' && found.size > 0 ? generatedColumns(relation.sql) : new Map<string, string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [column, expression] of generated) {
      if (mentions(expression, found)) {
        found.add(column);
      }
    }
  }
  return found;
}

/** Whether one of some names may stand in an expression; a name may be quoted, and hold anything. */
function mentions(expression: string, names: ReadonlySet<string>): boolean {
  const text = fold(expression);
  return [...names].some((name) => text.includes(name.replaceAll('"', '""')));
}
