/**
 * Tables and views that the role may read, without the server's own, those of extensions, and partitions, which are
 * folded into their parent.
 */
const readable = `
  SELECT c.oid, c.relname, c.relkind, c.reltuples, n.nspname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
     AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND has_schema_privilege(n.oid, 'USAGE')
     AND has_any_column_privilege(c.oid, 'SELECT')
     AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** `id, schema, name, kind, row estimate, number of partitions` */
export const tablesQuery = `
WITH RECURSIVE readable AS MATERIALIZED (${readable}), part(root, oid) AS (
  SELECT r.oid, i.inhrelid FROM readable r JOIN pg_inherits i ON i.inhparent = r.oid WHERE r.relkind = 'p'
   UNION ALL
  SELECT part.root, i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.oid
), parts AS (
  SELECT part.root, count(*) AS number, sum(CASE WHEN c.reltuples < 0 THEN 0 ELSE c.reltuples END) AS estimate,
         bool_and(c.reltuples < 0) AS unknown
    FROM part JOIN pg_class c ON c.oid = part.oid AND c.relkind <> 'p' GROUP BY part.root
)
SELECT r.oid::int8, r.nspname::text, r.relname::text, r.relkind::text,
       CASE WHEN parts.unknown THEN -1 ELSE coalesce(parts.estimate, r.reltuples) END::float8,
       coalesce(parts.number, 0)::int4
  FROM readable r LEFT JOIN parts ON parts.root = r.oid`;

/** `table, number, name, type, id of the type, not null, identity, generated`, in any order */
export const columnsQuery = `
WITH readable AS MATERIALIZED (
  SELECT c.oid, has_table_privilege(c.oid, 'SELECT') AS whole
    FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition AND c.oid >= 16384
)
SELECT a.attrelid::int8, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid::int8,
       a.attnotnull, a.attidentity::text, a.attgenerated::text
  FROM readable r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE r.whole OR has_column_privilege(r.oid, a.attnum, 'SELECT')`;

/** `table, number, expression` of defaults and generated columns */
export const expressionsQuery = `
SELECT adrelid::int8, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef`;

/** `table, number of the column or 0, comment` */
export const commentsQuery = `
SELECT objoid::int8, objsubid, description FROM pg_description
 WHERE classoid = 'pg_class'::regclass AND objoid >= 16384`;

/** `table, f or c, columns, target table, target columns, expression of a check` */
export const constraintsQuery = `
SELECT k.conrelid::int8, k.contype::text, array_to_json(k.conkey), k.confrelid::int8, array_to_json(k.confkey),
       CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) END
  FROM pg_constraint k
 WHERE k.contype IN ('f', 'c') AND k.conrelid >= 16384 AND k.conparentid = 0
 ORDER BY k.conrelid, k.conkey, k.conname`;

/** `table, primary, columns` of the unique indexes over plain columns of all rows */
export const indexesQuery = `
SELECT i.indrelid::int8, i.indisprimary, to_json((i.indkey::int2[])[0:i.indnkeyatts - 1])
  FROM pg_index i
 WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indrelid >= 16384
 ORDER BY i.indrelid, i.indexrelid`;

/** `id, name, labels, base type of a domain, its checks` of the types that users made, and of arrays of them */
export const typesQuery = `
WITH RECURSIVE chain(oid, step, base, typmod) AS (
  SELECT t.oid, t.oid, t.oid, t.typtypmod FROM pg_type t WHERE t.typtype IN ('e', 'd') AND t.oid >= 16384
   UNION ALL
  SELECT chain.oid, t.typbasetype, t.typbasetype, t.typtypmod
    FROM chain JOIN pg_type t ON t.oid = chain.step AND t.typtype = 'd'
), labels AS (
  SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder) AS labels FROM pg_enum GROUP BY enumtypid
), made AS (
  SELECT t.oid, t.typarray, format_type(t.oid, NULL) AS name,
         (SELECT l.labels FROM chain c JOIN labels l ON l.enumtypid = c.base WHERE c.oid = t.oid LIMIT 1) AS labels,
         CASE t.typtype WHEN 'd' THEN
           (SELECT format_type(c.base, c.typmod) FROM chain c JOIN pg_type b ON b.oid = c.base
             WHERE c.oid = t.oid AND b.typtype <> 'd' LIMIT 1) END AS base,
         (SELECT json_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname)
            FROM chain c JOIN pg_constraint k ON k.contypid = c.step AND k.contype = 'c' WHERE c.oid = t.oid) AS checks
    FROM pg_type t WHERE t.typtype IN ('e', 'd') AND t.oid >= 16384
)
SELECT oid::int8, name, labels, base, checks FROM made
 UNION ALL
SELECT typarray::int8, name, labels, NULL, NULL FROM made WHERE typarray <> 0 AND labels IS NOT NULL`;

/** The role's search path, as existing schemas. */
export const pathQuery = 'SELECT to_json(current_schemas(false))';
