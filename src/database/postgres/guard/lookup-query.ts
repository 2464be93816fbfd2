/** Ids of the functions in an expression tree of the catalog, operators resolved to their functions. */
const calledIn = (tree: string) => `
  SELECT called[1]::oid::int8 AS id
    FROM regexp_matches(${tree}::text, ':(?:funcid|opfuncid|winfnoid|aggfnoid) ([0-9]+)', 'g') AS called
   UNION
  SELECT o.oprcode::oid::int8
    FROM regexp_matches(${tree}::text, ':opno ([0-9]+)', 'g') AS used JOIN pg_operator o ON o.oid = used[1]::oid`;

/** Settings that a function may have of its own while it runs: they change how values are read and written, no more. */
const harmlessSettings =
  '^(search_path|timezone|datestyle|intervalstyle|extra_float_digits|lc_[a-z]+|work_mem|jit|enable_[a-z]+)=';

/** Where a tree has the types that values are turned into: one, or one for each column of a function's rows. */
const namedTypes = ':(?:resulttype|typid|consttype|coltypes|funccoltypes) (?:\\(o )?([0-9]+(?: [0-9]+)*)';

/** Settings of a role that are no secret: the server's own that hold neither passwords nor commands nor files. */
const openSettings = '^(?!.*(conninfo|command|file|password|secret|token|key|librar))[a-z_]+=';

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
         p.pronargs - p.pronargdefaults AS "fewestArguments",
         CASE WHEN p.provariadic = 0 THEN p.pronargs ELSE 10000 END AS "mostArguments",
         CASE WHEN p.oid < 16384 OR l.lanname IN ('c', 'internal') THEN '' ELSE ${bodyOf(majorVersion)} END AS source,
         EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s !~* '${harmlessSettings}') AS configured,
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

/** The tree of a view's rule, and those of the policies that decide which rows of a table are seen. */
const treesOf = (relation: string) => `
  SELECT w.ev_action::text AS tree
    FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE w.ev_class = ${relation} AND w.ev_type = '1' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   UNION ALL
  SELECT y.polqual::text FROM pg_policy y WHERE y.polrelid = ${relation} AND y.polcmd IN ('r', '*')`;

/** Tables and views by name, the first of the search path where no schema is named. */
const named = `
  SELECT DISTINCT ON (wanted.place) c.oid
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(schema, name, place)
    JOIN pg_class c ON c.relname = wanted.name
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = wanted.schema OR (wanted.schema IS NULL AND n.nspname = ANY ($3::text[]))
   ORDER BY wanted.place, array_position($3::text[], n.nspname::text)`;

/**
 * As `lookupQuery` for a statement that names nothing but tables and what came with the server, which is most of them:
 * a fraction to plan. `more` says that there is more to ask.
 */
export const plainLookupQuery = `
WITH named AS (${named})
SELECT json_build_object(
  'functions', (SELECT coalesce(json_agg(json_build_object(
      'id', p.oid::int8, 'schema', n.nspname, 'name', p.proname, 'volatility', p.provolatile, 'kind', p.prokind,
      'language', 'internal', 'extension', NULL, 'fewestArguments', p.pronargs - p.pronargdefaults,
      'mostArguments', CASE WHEN p.provariadic = 0 THEN p.pronargs ELSE 10000 END,
      'source', '', 'configured', false, 'takesRow', true, 'parts', '[]'::json)), '[]')
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = ANY ($4::text[])),
  'relations', (SELECT coalesce(json_agg(json_build_object(
      'id', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'columns', (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND NOT a.attisdropped),
      'holdsSecrets', true, 'runsProgram', false, 'functions', '[]'::json, 'policyFunctions', '[]'::json)), '[]')
      FROM named JOIN pg_class c ON c.oid = named.oid JOIN pg_namespace n ON n.oid = c.relnamespace),
  'operators', '[]'::json, 'casts', '[]'::json, 'domains', '[]'::json,
  'more', EXISTS (SELECT FROM named JOIN pg_class c ON c.oid = named.oid
                   WHERE c.relrowsecurity OR c.relkind = 'f' OR (c.relkind IN ('v', 'm')
                     AND (c.oid >= 16384 OR c.relname IN ('pg_roles', 'pg_user'))) OR c.relname LIKE 'pg_foreign%')
       OR EXISTS (SELECT FROM pg_proc WHERE proname = ANY ($4::text[]) AND oid >= 16384)
       OR EXISTS (SELECT FROM pg_operator WHERE oprname = ANY ($5::text[]) AND oid >= 16384)
       OR EXISTS (SELECT FROM pg_cast WHERE castfunc <> 0 AND oid >= 16384 AND (castcontext = 'i' OR $7
                     OR casttarget IN (SELECT oid FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[]))))
       OR EXISTS (SELECT FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[]) AND typtype IN ('d', 'c', 'r', 'm')
                     AND oid >= 16384)
) AS found`;

/** Everything about the names of one statement, as one JSON object (`Lookup`). */
export const lookupQuery = (majorVersion: number) => `
WITH RECURSIVE named AS (${named}
), reached(oid) AS (
  (SELECT oid FROM named UNION SELECT oid FROM pg_class WHERE relname = ANY ($7::text[]) AND relkind IN ('r', 'v', 'm', 'f', 'p'))
   UNION
  SELECT part[1]::oid
    FROM reached CROSS JOIN LATERAL (${treesOf('reached.oid')}) AS trees
   CROSS JOIN LATERAL regexp_matches(trees.tree, ':relid ([1-9][0-9]*)', 'g') AS part
), types(oid) AS (
  (SELECT oid FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[] || $7::text[])
    UNION
   SELECT type FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargtypes) AS type
    WHERE p.proname = ANY ($4::text[] || $7::text[]) AND p.oid >= 16384
    UNION
   SELECT p.prorettype FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype AND t.typtype = 'd'
    WHERE p.proname = ANY ($4::text[] || $7::text[]) AND p.oid >= 16384
    UNION
   SELECT type::oid FROM reached CROSS JOIN LATERAL (${treesOf('reached.oid')}) AS trees
    CROSS JOIN LATERAL regexp_matches(trees.tree, '${namedTypes}', 'g') AS matched
    CROSS JOIN LATERAL regexp_split_to_table(matched[1], ' ') AS type)
   UNION
  SELECT inner_type.oid
    FROM types JOIN pg_type t ON t.oid = types.oid
   CROSS JOIN LATERAL (SELECT t.typbasetype UNION SELECT t.typelem
                        UNION SELECT r.rngsubtype FROM pg_range r
                               WHERE t.oid::text IN (r.rngtypid::oid::text, to_jsonb(r)->>'rngmultitypid')
                        UNION SELECT a.atttypid FROM pg_attribute a
                               WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0) AS inner_type(oid)
   WHERE inner_type.oid <> 0
)
SELECT json_build_object(
  'functions', (SELECT coalesce(json_agg(f), '[]')
                  FROM (${functionQuery('p.proname = ANY ($4::text[] || $7::text[])', majorVersion)}) AS f),
  'relations', (SELECT coalesce(json_agg(json_build_object(
      'id', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'columns', (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND NOT a.attisdropped),
      'holdsSecrets', CASE WHEN c.oid IN ('pg_roles'::regclass, 'pg_user'::regclass) THEN EXISTS (
                                  SELECT FROM pg_roles, unnest(rolconfig) AS setting WHERE setting !~* '${openSettings}')
                           WHEN c.oid = 'pg_foreign_server'::regclass THEN EXISTS (
                                  SELECT FROM pg_foreign_server WHERE srvoptions IS NOT NULL)
                           WHEN c.oid = 'pg_foreign_table'::regclass THEN EXISTS (
                                  SELECT FROM pg_foreign_table WHERE ftoptions IS NOT NULL)
                           WHEN c.oid = 'pg_foreign_data_wrapper'::regclass THEN EXISTS (
                                  SELECT FROM pg_foreign_data_wrapper WHERE fdwoptions IS NOT NULL)
                           ELSE true END,
      'runsProgram', EXISTS (SELECT FROM pg_foreign_table x, unnest(x.ftoptions) AS option
                              WHERE x.ftrelid = c.oid AND option LIKE 'program=%'),
      'functions', (SELECT coalesce(json_agg(called.id), '[]')
                      FROM pg_rewrite w CROSS JOIN LATERAL (${calledIn('w.ev_action')}) AS called
                     WHERE w.ev_class = c.oid AND w.ev_type = '1' AND (c.relkind = 'v' OR (c.relkind = 'm' AND $8))
                       AND n.nspname NOT IN ('pg_catalog', 'information_schema')),
      'policyFunctions', (SELECT coalesce(json_agg(called.id), '[]')
                            FROM pg_policy y CROSS JOIN LATERAL (${calledIn('y.polqual')}) AS called
                           WHERE y.polrelid = c.oid AND y.polcmd IN ('r', '*')))), '[]')
    FROM reached JOIN pg_class c ON c.oid = reached.oid JOIN pg_namespace n ON n.oid = c.relnamespace),
  'operators', (SELECT coalesce(json_agg(json_build_object('name', o.oprname, 'function', o.oprcode::oid::int8)), '[]')
                  FROM pg_operator o WHERE o.oid >= 16384 AND o.oprname = ANY ($5::text[]) AND o.oprcode <> 0),
  'casts', (SELECT coalesce(json_agg(json_build_object('name', format_type(c.casttarget, NULL),
                     'function', c.castfunc::int8, 'implicit', c.castcontext = 'i')), '[]')
              FROM pg_cast c WHERE c.oid >= 16384 AND c.castfunc <> 0
               AND (c.castcontext = 'i' OR (c.castcontext = 'a' AND $8) OR c.casttarget IN (SELECT oid FROM types))),
  'domains', (SELECT coalesce(json_agg(json_build_object('name', t.typname, 'function', called.id)), '[]')
                FROM types JOIN pg_type t ON t.oid = types.oid JOIN pg_constraint k ON k.contypid = t.oid
               CROSS JOIN LATERAL (${calledIn('k.conbin')}) AS called
                JOIN pg_proc p ON p.oid = called.id AND (p.oid >= 16384 OR p.provolatile = 'v'))
) AS found`;
