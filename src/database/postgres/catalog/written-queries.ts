/**
 * What the server writes as text: names and expressions as this role would write them, so that these queries alone run
 * with the role's own search path. Every name and operator in them is qualified; DISTINCT, UNION and IS go by a type
 * and not by a name.
 */

/** `type, modifier, name` of the types of columns, of fields and beneath domains */
export const typeNamesQuery = `
SELECT used.id::pg_catalog.int8, used.modifier, pg_catalog.format_type(used.id, used.modifier)
  FROM (SELECT a.atttypid, a.atttypmod FROM pg_catalog.pg_attribute AS a
         WHERE a.attrelid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
           AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped
         UNION
        SELECT t.typbasetype, t.typtypmod FROM pg_catalog.pg_type AS t
         WHERE t.typbasetype OPERATOR(pg_catalog.<>) 0::pg_catalog.oid
         UNION
        SELECT t.oid, -1 FROM pg_catalog.pg_type AS t
         WHERE t.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid) AS used (id, modifier)`;

/** `table, number, expression` of defaults and generated columns */
export const expressionsQuery = `
SELECT d.adrelid::pg_catalog.int8, d.adnum, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
  FROM pg_catalog.pg_attrdef AS d`;

/** `id, expression` of the checks of tables and domains */
export const conditionsQuery = `
SELECT k.oid::pg_catalog.int8, pg_catalog.pg_get_expr(k.conbin, k.conrelid)
  FROM pg_catalog.pg_constraint AS k
 WHERE k.contype OPERATOR(pg_catalog.=) 'c'::pg_catalog."char"
   AND k.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid`;

/** `table, key` of partitioned tables, such as `RANGE (at)` */
export const partitionKeysQuery = `
SELECT p.partrelid::pg_catalog.int8, pg_catalog.pg_get_partkeydef(p.partrelid)
  FROM pg_catalog.pg_partitioned_table AS p`;

/** `id` of the tables and views that their bare name does not mean */
export const notVisibleQuery = `
SELECT c.oid::pg_catalog.int8 FROM pg_catalog.pg_class AS c
 WHERE c.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND NOT pg_catalog.pg_table_is_visible(c.oid)
   AND (c.relkind OPERATOR(pg_catalog.=) 'r'::pg_catalog."char" OR c.relkind OPERATOR(pg_catalog.=) 'p'::pg_catalog."char"
     OR c.relkind OPERATOR(pg_catalog.=) 'v'::pg_catalog."char" OR c.relkind OPERATOR(pg_catalog.=) 'm'::pg_catalog."char"
     OR c.relkind OPERATOR(pg_catalog.=) 'f'::pg_catalog."char")`;
