import { z } from 'zod';
import type { Catalog, Relation } from '../catalog.ts';
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

/** A name may stand in more than one schema: the last counts, and which of them is hidden is not asked. */
const enumsQuery = `
SELECT type_name, CAST("system".main.to_json(labels) AS VARCHAR) FROM "system".main.duckdb_types()
WHERE NOT internal AND logical_type = 'ENUM'`;

const enumRow = z.tuple([
  z.string(),
  z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json))),
]);

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
  const { byRelation, enums } = await factsOf(context);
  const columnsOf = ({ catalog, schema, name }: Relation): readonly Column[] =>
    byRelation.get(keyOf(catalog, schema, name)) ?? [];
  const hidden = new Map<Relation, ReadonlySet<string>>();
  const of = (relation: Relation): ReadonlySet<string> => {
    const before = hidden.get(relation);
    if (before !== undefined) {
      return before;
    }
    const found = hiddenOf(context, relation, columnsOf(relation));
    hidden.set(relation, found);
    return found;
  };
  const tainted = new Set(unreadable);
  const columns: HiddenColumns = { of, isTainted: (relation) => tainted.has(relation), columnsOf, enums };
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

/** What is read of a catalog once, and holds as long as that does. */
interface Facts {
  readonly byRelation: ReadonlyMap<string, readonly Column[]>;
  readonly enums: HiddenColumns['enums'];
}

const known = new WeakMap<Catalog, Promise<Facts>>();

function factsOf(context: GuardContext): Promise<Facts> {
  const found = known.get(context.catalog) ?? readFacts(context);
  known.set(context.catalog, found);
  return found;
}

async function readFacts(context: GuardContext): Promise<Facts> {
  const byRelation = new Map<string, Column[]>();
  const hiddenTypes: string[] = [];
  for (const found of await context.ask(columnsQuery)) {
    const [catalog, schema, table, name, type] = row.parse(found);
    if (isNamedHidden(context, { catalog, schema, name: table }, name)) {
      hiddenTypes.push(type);
    }
    const key = keyOf(catalog, schema, table);
    const columns = byRelation.get(key) ?? [];
    columns.push({ name, type });
    byRelation.set(key, columns);
  }
  const enums = new Map(
    (await context.ask(enumsQuery)).map((found) => {
      const [name, labels] = enumRow.parse(found);
      const sql = `ENUM(${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')})`;
      return [fold(name), { name, sql, isHidden: hiddenTypes.some((type) => type.includes(sql)) }];
    }),
  );
  return { byRelation, enums };
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

/**
 * Whether a pattern says that a column is hidden; of several databases each may be named like a schema, and a file that is
 * attached has a name by which people know its tables.
 */
function isNamedHidden(
  { hidden: { hides }, shownAs }: GuardContext,
  relation: Pick<Relation, 'catalog' | 'schema' | 'name'>,
  column: string,
): boolean {
  const { catalog, schema, name } = relation;
  const shown = shownAs(relation);
  return (
    hides(schema, name, column) ||
    hides(catalog, name, column) ||
    (shown !== null && hides(shown.schema, shown.name, column))
  );
}

/** Hidden columns of one relation; a generated column that is made of a hidden one is hidden as well. */
function hiddenOf(
  context: GuardContext,
  relation: Relation,
  columns: readonly Column[],
): ReadonlySet<string> {
  const found = new Set(
    columns
      .filter((column) => isNamedHidden(context, relation, column.name))
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
