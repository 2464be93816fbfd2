import type { Client } from 'pg';
import type { HiddenColumns } from './hide.ts';
import { secretColumnsOf } from './secrets.ts';

/** What may not be read of the tables and views of a statement. */
export interface Concealment {
  /** The columns of a table or view that may not be read. */
  columnsOf(relation: number): ReadonlySet<string>;
  /** A view that reads what may not be read: none of it may be. */
  isTainted(relation: number): boolean;
}

interface KnownRelation {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

interface Dependencies {
  /** Ancestors and descendants: a partition holds its parent's rows. */
  readonly relatives: readonly { readonly id: number; readonly schema: string; readonly name: string }[];
  /** Columns that the rule of a view reads. */
  readonly reads: readonly {
    readonly view: number;
    readonly id: number;
    readonly schema: string;
    readonly name: string;
    readonly column: string;
  }[];
  /** Tables that the rule of a view reads, whichever columns. */
  readonly uses: readonly { readonly view: number; readonly id: number }[];
  /** Views that hand on whole rows. */
  readonly wholeRows: readonly number[];
}

const dependenciesQuery = `
WITH RECURSIVE up(id, oid) AS (
  SELECT oid, oid FROM unnest($1::int8[]::oid[]) AS oid
   UNION
  SELECT up.id, i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.oid
), down(id, oid) AS (
  SELECT oid, oid FROM unnest($1::int8[]::oid[]) AS oid
   UNION
  SELECT down.id, i.inhrelid FROM down JOIN pg_inherits i ON i.inhparent = down.oid
), rules AS (
  SELECT w.oid, w.ev_class, w.ev_action FROM pg_rewrite w
   WHERE w.ev_class = ANY ($1::int8[]::oid[]) AND w.ev_type = '1'
)
SELECT json_build_object(
  'relatives', (SELECT coalesce(json_agg(json_build_object('id', r.id::int8, 'schema', n.nspname, 'name', c.relname)), '[]')
                  FROM (SELECT * FROM up UNION SELECT * FROM down) r
                  JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.id <> r.oid),
  'reads', (SELECT coalesce(json_agg(json_build_object('view', w.ev_class::int8, 'id', d.refobjid::int8, 'schema', n.nspname, 'name', c.relname, 'column', a.attname)), '[]')
              FROM rules w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.refobjid <> w.ev_class
              JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace),
  'uses', (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('view', w.ev_class::int8, 'id', d.refobjid::int8)), '[]')
              FROM rules w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class),
  'wholeRows', (SELECT coalesce(json_agg(w.ev_class::int8), '[]') FROM rules w
                 WHERE w.ev_action::text ~ ':varattno 0 ')
) AS found`;

/** Finds out which columns of these tables and views are hidden, by a pattern or because they are secret always. */
export async function concealment(
  client: Client,
  relations: readonly KnownRelation[],
  hidden: HiddenColumns,
): Promise<Concealment> {
  const dependencies = hidden.patterns.length === 0 ? null : await dependenciesOf(client, relations);
  const columns = new Map<number, ReadonlySet<string>>();
  for (const relation of relations) {
    const relatives = dependencies?.relatives.filter(({ id }) => id === relation.id) ?? [];
    const concealed = relation.columns.filter((column) =>
      [relation, ...relatives].some(({ schema, name }) => hidden.hides(schema, name, column)),
    );
    columns.set(relation.id, new Set([...concealed, ...secretColumnsOf(relation)]));
  }
  const columnsOf = (id: number): ReadonlySet<string> => columns.get(id) ?? new Set();
  const tainted = new Set<number>();
  for (let before = -1; dependencies !== null && before !== tainted.size; ) {
    before = tainted.size;
    for (const { view, id, schema, name, column } of dependencies.reads)
      if (tainted.has(id) || columnsOf(id).has(column) || hidden.hides(schema, name, column))
        tainted.add(view);
    for (const { view, id } of dependencies.uses)
      if (tainted.has(id) || (dependencies.wholeRows.includes(view) && columnsOf(id).size > 0))
        tainted.add(view);
  }
  return { columnsOf, isTainted: (id) => tainted.has(id) };
}

async function dependenciesOf(client: Client, relations: readonly KnownRelation[]): Promise<Dependencies> {
  const { rows } = await client.query<{ found: Dependencies }>(dependenciesQuery, [
    relations.map(({ id }) => id),
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('the catalog did not answer');
  return row.found;
}
