import type { Client } from 'pg';
import type { HidePatterns } from '../../../pattern.ts';
import { secretColumnsOf } from '../secrets.ts';

/** What may not be read of the tables and views of a statement. */
export interface HiddenColumns {
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
  readonly holdsSecrets: boolean;
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
  /** Views that show columns of the server's own views that are secret always. */
  readonly secretReads: readonly number[];
  /** Columns that are computed from others of the same table. */
  readonly generated: readonly { readonly id: number; readonly column: string; readonly from: string }[];
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
                 WHERE w.ev_action::text ~ ':varattno 0 '),
  'secretReads', (SELECT coalesce(json_agg(DISTINCT w.ev_class::int8), '[]')
                    FROM unnest($2::int8[], $3::text[]) AS secret(id, "column")
                    JOIN rules w ON w.ev_action::text ~ concat(':relid ', secret.id, ' ')
                     AND pg_get_viewdef(w.ev_class) ~ concat('\\m', secret.column, '\\M|\\.\\*')),
  'generated', (SELECT coalesce(json_agg(json_build_object('id', g.attrelid::int8, 'column', g.attname, 'from', a.attname)), '[]')
                  FROM pg_attribute g
                  JOIN pg_attrdef f ON f.adrelid = g.attrelid AND f.adnum = g.attnum
                  JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid = g.attrelid AND d.refobjsubid <> g.attnum
                  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                 WHERE g.attrelid = ANY ($1::int8[]::oid[]) AND g.attgenerated <> '')
) AS found`;

/** Finds out which columns of these tables and views are hidden, by a pattern or because they are secret always. */
export async function findHiddenColumns(
  client: Client,
  relations: readonly KnownRelation[],
  hidden: HidePatterns,
): Promise<HiddenColumns> {
  const secret = relations.flatMap((relation) =>
    secretColumnsOf(relation, hidden.isActive).map((column) => ({ id: relation.id, column })),
  );
  const dependencies =
    !hidden.isActive && secret.length === 0 ? null : await dependenciesOf(client, relations, secret);
  const columns = new Map<number, ReadonlySet<string>>();
  for (const relation of relations) {
    const relatives = dependencies?.relatives.filter(({ id }) => id === relation.id) ?? [];
    const named = relation.columns.filter((column) =>
      [relation, ...relatives].some(({ schema, name }) => hidden.hides(schema, name, column)),
    );
    const computed = (dependencies?.generated ?? []).filter(
      ({ id, from }) => id === relation.id && named.includes(from),
    );
    columns.set(
      relation.id,
      new Set([
        ...named,
        ...computed.map(({ column }) => column),
        ...secretColumnsOf(relation, hidden.isActive),
      ]),
    );
  }
  const columnsOf = (id: number): ReadonlySet<string> => columns.get(id) ?? new Set();
  const tainted = new Set<number>(dependencies?.secretReads);
  for (let before = -1; dependencies !== null && before !== tainted.size; ) {
    before = tainted.size;
    for (const { view, id, schema, name, column } of dependencies.reads) {
      if (tainted.has(id) || columnsOf(id).has(column) || hidden.hides(schema, name, column)) {
        tainted.add(view);
      }
    }
    for (const { view, id } of dependencies.uses) {
      if (tainted.has(id) || (dependencies.wholeRows.includes(view) && columnsOf(id).size > 0)) {
        tainted.add(view);
      }
    }
  }
  return { columnsOf, isTainted: (id) => tainted.has(id) };
}

async function dependenciesOf(
  client: Client,
  relations: readonly KnownRelation[],
  secret: readonly { readonly id: number; readonly column: string }[],
): Promise<Dependencies> {
  const { rows } = await client.query<{ found: Dependencies }>(dependenciesQuery, [
    relations.map(({ id }) => id),
    secret.map(({ id }) => id),
    secret.map(({ column }) => column),
  ]);
  const [row] = rows;
  if (row === undefined) {
    throw new Error('the catalog did not answer');
  }
  return row.found;
}
