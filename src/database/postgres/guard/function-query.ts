/** Ids of the functions in an expression tree of the catalog, operators resolved to their functions. */
export const calledIn = (tree: string) => `
  SELECT called[1]::oid::int8 AS id
    FROM regexp_matches(${tree}::text, ':(?:funcid|opfuncid|winfnoid|aggfnoid) ([0-9]+)', 'g') AS called
   UNION
  SELECT o.oprcode::oid::int8
    FROM regexp_matches(${tree}::text, ':opno ([0-9]+)', 'g') AS used JOIN pg_operator o ON o.oid = used[1]::oid`;

/** Settings that a function may have of its own while it runs: they change how values are read and written, no more. */
const harmlessSettings =
  '^(search_path|timezone|datestyle|intervalstyle|extra_float_digits|lc_[a-z]+|work_mem|jit|enable_[a-z]+)=';

/** A body that is kept parsed exists from version 14 on; it is read as the text that the server makes of it. */
const bodyOf = (majorVersion: number) =>
  majorVersion < 14 ? 'p.prosrc' : "concat(p.prosrc, ' ', pg_get_function_sqlbody(p.oid))";

/** Functions as JSON rows. Ids from 16384 on are not the server's own. */
export const functionQuery = (where: string, majorVersion: number) => `
  SELECT p.oid::int8 AS id, n.nspname AS schema, p.proname AS name, p.provolatile AS volatility, p.prokind AS kind,
         CASE WHEN l.lanname = 'internal' AND p.prosrc ~ '^(multi)?range_constructor[0-3]$' THEN 'constructor'
              ELSE l.lanname END AS language,
         (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
             AND d.refclassid = 'pg_extension'::regclass) AS extension,
         (SELECT coalesce(json_agg(type::int8 ORDER BY place), '[]')
            FROM unnest(p.proargtypes) WITH ORDINALITY AS argument(type, place)) AS "argumentTypes",
         (SELECT coalesce(json_agg(type::int8), '[]') FROM unnest(p.prorettype || p.proallargtypes) AS type
           WHERE type >= 16384) AS "resultTypes", p.prorettype::int8 AS returns,
         p.pronargs - p.pronargdefaults AS "fewestArguments",
         CASE WHEN p.provariadic = 0 THEN p.pronargs ELSE 10000 END AS "mostArguments",
         CASE WHEN p.oid < 16384 OR l.lanname IN ('c', 'internal') THEN '' ELSE ${bodyOf(majorVersion)} END AS source,
         EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s !~* '${harmlessSettings}') AS configured,
         EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s ~* '^search_path=') AS "ownPath",
         EXISTS (SELECT FROM pg_type t LEFT JOIN pg_type base ON base.oid = t.typbasetype
                  WHERE t.oid = p.proargtypes[0] AND (t.typtype IN ('c', 'p') OR base.typtype IN ('c', 'd'))) AS "takesRow",
         CASE WHEN p.oid < 16384 THEN '[]'
              WHEN p.prokind = 'a' THEN
              (SELECT coalesce(json_agg(part::int8), '[]') FROM pg_aggregate a,
                 unnest(ARRAY[a.aggtransfn::oid, a.aggfinalfn::oid, a.aggcombinefn::oid, a.aggserialfn::oid,
                              a.aggdeserialfn::oid, a.aggmtransfn::oid, a.aggminvtransfn::oid,
                              a.aggmfinalfn::oid]) AS part
                WHERE a.aggfnoid = p.oid AND part <> 0)
              ELSE (SELECT coalesce(json_agg(called.id), '[]')
                      FROM (${calledIn("concat(p.proargdefaults, to_jsonb(p)->>'prosqlbody')")}) AS called)
          END AS parts
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE ${where}`;
