// Every unqualified name in these queries is the server's own: they run with the catalog as search path.

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

/** `table, number, name, id of the type, its modifier, not null, identity, generated`, in any order */
export const columnsQuery = `
WITH readable AS MATERIALIZED (
  SELECT c.oid, has_table_privilege(c.oid, 'SELECT') AS whole
    FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition AND c.oid >= 16384
)
SELECT a.attrelid::int8, a.attnum, a.attname::text, a.atttypid::int8, a.atttypmod, a.attnotnull,
       a.attidentity::text, a.attgenerated::text
  FROM readable r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE r.whole OR has_column_privilege(r.oid, a.attnum, 'SELECT')`;

/** `table, number of the column or 0, comment` */
export const commentsQuery = `
SELECT objoid::int8, objsubid, description FROM pg_description
 WHERE classoid = 'pg_class'::regclass AND objoid >= 16384`;

/** `id, table, f or c, columns, target table, target columns` */
export const constraintsQuery = `
SELECT k.oid::int8, k.conrelid::int8, k.contype::text, array_to_json(k.conkey), k.confrelid::int8, array_to_json(k.confkey)
  FROM pg_constraint k
 WHERE k.contype IN ('f', 'c') AND k.conrelid >= 16384 AND k.conparentid = 0
 ORDER BY k.conrelid, k.conkey, k.conname`;

/** `id, table, primary, columns` of the unique indexes over plain columns of all rows */
export const indexesQuery = `
SELECT i.indexrelid::int8, i.indrelid::int8, i.indisprimary, to_json((i.indkey::int2[])[0:i.indnkeyatts - 1])
  FROM pg_index i
 WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indrelid >= 16384
 ORDER BY i.indrelid, i.indexrelid`;

/** `id, labels, base type of a domain, its modifier, ids of its checks` of types that users made, and of arrays of them */
export const typesQuery = `
WITH RECURSIVE chain(oid, step, base, typmod) AS (
  SELECT t.oid, t.oid, t.oid, t.typtypmod FROM pg_type t WHERE t.typtype IN ('e', 'd') AND t.oid >= 16384
   UNION ALL
  SELECT chain.oid, t.typbasetype, t.typbasetype, t.typtypmod
    FROM chain JOIN pg_type t ON t.oid = chain.step AND t.typtype = 'd'
), labels AS (
  SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder) AS labels FROM pg_enum GROUP BY enumtypid
), made AS (
  SELECT t.oid, t.typarray,
         (SELECT l.labels FROM chain c JOIN labels l ON l.enumtypid = c.base WHERE c.oid = t.oid LIMIT 1) AS labels,
         CASE t.typtype WHEN 'd' THEN
           (SELECT json_build_array(c.base::int8, c.typmod) FROM chain c JOIN pg_type b ON b.oid = c.base
             WHERE c.oid = t.oid AND b.typtype <> 'd' LIMIT 1) END AS base,
         (SELECT json_agg(k.oid::int8 ORDER BY k.conname)
            FROM chain c JOIN pg_constraint k ON k.contypid = c.step AND k.contype = 'c' WHERE c.oid = t.oid) AS checks
    FROM pg_type t WHERE t.typtype IN ('e', 'd') AND t.oid >= 16384
)
SELECT oid::int8, labels, base, checks FROM made
 UNION ALL
SELECT typarray::int8, labels, NULL, NULL FROM made WHERE typarray <> 0 AND labels IS NOT NULL`;

/** `type, number, name, type of the field, its modifier` of the composite types that users made */
export const fieldsQuery = `
SELECT t.oid::int8, a.attnum, a.attname::text, a.atttypid::int8, a.atttypmod
  FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE t.typtype = 'c' AND t.oid >= 16384
 ORDER BY t.oid, a.attnum`;

/** `child, parent, whether it has columns of its own, row estimate` of tables that inherit and are no partitions */
export const parentsQuery = `
SELECT i.inhrelid::int8, i.inhparent::int8,
       EXISTS (SELECT FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0),
       c.reltuples
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition AND c.relkind IN ('r', 'f')`;
