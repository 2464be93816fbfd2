import { calledIn, functionQuery } from './function-query.ts';

/** Where a tree has the types that values are turned into: one, or one for each column of a function's rows. */
const namedTypes = ':(?:resulttype|typid|consttype|coltypes|funccoltypes) (?:\\(o )?([0-9]+(?: [0-9]+)*)';

/** Settings of a role that are no secret: the server's own that hold neither passwords nor commands nor files. */
const openSettings = '^(?!.*(conninfo|command|file|password|secret|token|key|librar))[a-z_]+=';

/** The tree of a view's rule, and those of the policies that decide which rows of a table are seen. */
const treesOf = (relation: string) => `
  SELECT w.ev_action::text AS tree
    FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE w.ev_class = ${relation} AND w.ev_type = '1' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   UNION ALL
  SELECT y.polqual::text FROM pg_policy y WHERE y.polrelid = ${relation} AND y.polcmd IN ('r', '*')`;

/**
 * Tables and views by name, the first of the search path where no schema is named; those of every schema where the path
 * is null, as for a function's body, which may have a path of its own.
 */
const named = `
  SELECT DISTINCT ON (wanted.place, CASE WHEN $3::text[] IS NULL THEN c.oid END) c.oid
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(schema, name, place)
    JOIN pg_class c ON c.relname = wanted.name
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = wanted.schema OR (wanted.schema IS NULL AND ($3::text[] IS NULL OR n.nspname = ANY ($3::text[])))
   ORDER BY wanted.place, CASE WHEN $3::text[] IS NULL THEN c.oid END, array_position($3::text[], n.nspname::text)`;

/** Those and all that inherits them, partitions too: reading one reads them all. */
const family = (start: string) => `
  SELECT oid AS root, oid FROM ${start}
   UNION
  SELECT family.root, i.inhrelid FROM family JOIN pg_inherits i ON i.inhparent = family.oid`;

/**
 * Expressions of a table that the planner computes where it can, though no statement names them: those of its indexes,
 * its statistics, its checks and its partition key.
 */
const unseenTrees = (relation: string) => `
  SELECT concat(i.indexprs, i.indpred) AS tree
    FROM pg_index i WHERE i.indrelid = ${relation} AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
   UNION ALL
  SELECT to_jsonb(s)->>'stxexprs' FROM pg_statistic_ext s WHERE s.stxrelid = ${relation}
   UNION ALL
  SELECT k.conbin::text FROM pg_constraint k WHERE k.conrelid = ${relation} AND k.contype = 'c'
   UNION ALL
  SELECT p.partexprs::text FROM pg_partitioned_table p WHERE p.partrelid = ${relation}`;

/** Whether a tree calls what did not come with the server. */
const callsOthers = "~ ':(?:funcid|opfuncid|opno) (?:1[6-9]|[2-9][0-9]|[0-9]{3,})[0-9]{3}[^0-9]'";

/**
 * Functions of operator classes by which an index or a type is ordered. What is written in C there only a superuser can
 * have made.
 */
const ofOperatorClasses = (classes: string) => `
  SELECT p.oid FROM pg_opclass o
    JOIN LATERAL (SELECT f.amproc::oid FROM pg_amproc f WHERE f.amprocfamily = o.opcfamily
                   UNION ALL
                  SELECT r.oprcode::oid FROM pg_amop f JOIN pg_operator r ON r.oid = f.amopopr
                   WHERE f.amopfamily = o.opcfamily AND f.amoplefttype = o.opcintype AND f.amoprighttype = o.opcintype) AS member(function) ON true
    JOIN pg_proc p ON p.oid = member.function AND p.oid >= 16384
    JOIN pg_language l ON l.oid = p.prolang AND l.lanname <> 'c'
   WHERE ${classes}`;

/** A class by which the server itself sorts or hashes a type of its own that has none: any statement may use it. */
const classOfServersType = `o.oid >= 16384 AND o.opcdefault AND o.opcintype < 16384
  AND o.opcmethod IN (SELECT oid FROM pg_am WHERE amname IN ('btree', 'hash'))`;

/** Classes of an operator that a statement sorts by with USING, but a type's usual one: they compare by a function of their own. */
const classesOfOperator = (operator: string) =>
  `NOT o.opcdefault AND o.oid >= 16384 AND o.opcfamily IN (SELECT f.amopfamily FROM pg_amop f WHERE f.amopopr = ${operator})`;

/** The functions that read and write values of a type, where they did not come with the server. */
const inputAndOutput = `
  SELECT made.function::oid FROM unnest(ARRAY[t.typinput, t.typoutput, t.typmodin]) AS made(function)
   WHERE made.function::oid >= 16384`;

/**
 * As `lookupQuery` for a statement that names nothing but tables and what came with the server, which is most of them:
 * a fraction to plan. `more` says that there is more to ask.
 */
export const plainLookupQuery = `
WITH RECURSIVE named AS (${named}), family(root, oid) AS (${family('named')})
SELECT json_build_object(
  'functions', (SELECT coalesce(json_agg(json_build_object(
      'id', p.oid::int8, 'schema', n.nspname, 'name', p.proname, 'volatility', p.provolatile, 'kind', p.prokind,
      'language', 'internal', 'extension', NULL, 'fewestArguments', p.pronargs - p.pronargdefaults,
      'mostArguments', CASE WHEN p.provariadic = 0 THEN p.pronargs ELSE 10000 END,
      'argumentTypes', '[]'::json, 'resultTypes', '[]'::json, 'returns', 0,
      'source', '', 'configured', false, 'ownPath', false, 'takesRow', true, 'parts', '[]'::json)), '[]')
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = ANY ($4::text[])),
  'relations', (SELECT coalesce(json_agg(json_build_object(
      'id', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'columns', (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND NOT a.attisdropped),
      'holdsSecrets', true, 'runsProgram', false, 'settingCode', NULL, 'functions', '[]'::json, 'policyFunctions', '[]'::json)), '[]')
      FROM named JOIN pg_class c ON c.oid = named.oid JOIN pg_namespace n ON n.oid = c.relnamespace),
  'operators', '[]'::json, 'casts', '[]'::json, 'domains', '[]'::json, 'unseen', '[]'::json, 'types', '[]'::json,
  'more', EXISTS (SELECT FROM named JOIN pg_class c ON c.oid = named.oid
                   WHERE c.relrowsecurity OR c.relkind = 'f' OR (c.relkind IN ('v', 'm')
                     AND (c.oid >= 16384 OR c.relname IN ('pg_roles', 'pg_user'))) OR c.relname LIKE 'pg_foreign%')
       OR EXISTS (SELECT FROM family JOIN pg_class c ON c.oid = family.oid AND c.relkind = 'f')
       OR EXISTS (SELECT FROM family CROSS JOIN LATERAL (${unseenTrees('family.oid')}) AS trees
                   WHERE trees.tree ${callsOthers})
       OR EXISTS (SELECT FROM family JOIN pg_index i ON i.indrelid = family.oid
                   CROSS JOIN LATERAL unnest(i.indclass) AS class WHERE class >= 16384)
       OR EXISTS (SELECT FROM family JOIN pg_attribute a ON a.attrelid = family.root AND a.atttypid >= 16384
                    JOIN pg_type t ON t.oid = a.atttypid AND t.typtype <> 'e')
       OR EXISTS (SELECT FROM pg_proc WHERE proname = ANY ($4::text[]) AND oid >= 16384)
       OR EXISTS (SELECT FROM pg_operator o WHERE oprname = ANY ($5::text[]) AND oid >= 16384
                     AND (oprright < 16384 OR oprleft BETWEEN 1 AND 16383 OR NOT EXISTS (
                            SELECT FROM pg_operator b WHERE b.oprname = o.oprname AND b.oid < 16384)))
       OR EXISTS (SELECT FROM pg_cast WHERE castfunc <> 0 AND oid >= 16384 AND (
                     (castcontext = 'i' AND (castsource < 16384 OR castsource IN (
                        SELECT a.atttypid FROM named JOIN pg_attribute a ON a.attrelid = named.oid))) OR $7
                     OR (casttarget = 'json'::regtype AND array_to_string($4::text[], ' ') ~ 'json')
                     OR casttarget IN (SELECT oid FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[]))))
       OR EXISTS (SELECT FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[]) AND typtype <> 'e' AND oid >= 16384)
       OR EXISTS (SELECT FROM pg_opclass o WHERE ${classOfServersType})
       OR EXISTS (SELECT FROM pg_opclass WHERE opcname = ANY ($8::text[]) AND oid >= 16384)
) AS found`;

/** Of what a type is made: what it stands on, its elements, bounds or fields. */
const innerTypes = `
  SELECT t.typbasetype UNION SELECT t.typelem
   UNION SELECT r.rngsubtype FROM pg_range r WHERE t.typtype IN ('r', 'm') AND t.oid::text IN (r.rngtypid::oid::text, to_jsonb(r)->>'rngmultitypid')
   UNION SELECT a.atttypid FROM pg_attribute a WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0`;

/** Everything about the names of one statement, as one JSON object (`Lookup`). */
export const lookupQuery = (majorVersion: number) => `
WITH RECURSIVE named AS (${named}
), reached(oid) AS (
  (SELECT oid FROM named UNION SELECT oid FROM pg_class WHERE relname = ANY ($7::text[]) AND relkind IN ('r', 'v', 'm', 'f', 'p'))
   UNION
  SELECT part[1]::oid
    FROM reached CROSS JOIN LATERAL (${treesOf('reached.oid')}) AS trees
   CROSS JOIN LATERAL regexp_matches(trees.tree, ':relid ([1-9][0-9]*)', 'g') AS part
), family(root, oid) AS (${family('reached')}
), types(oid, named, occurs) AS (
  (SELECT oid, true, true FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[] || $7::text[])
    UNION
   SELECT oid, false, true FROM pg_type WHERE oid = ANY ($9::int8[]::oid[])
    UNION
   SELECT type, true, false FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargtypes) AS type
    WHERE p.proname = ANY ($4::text[] || $7::text[]) AND p.oid >= 16384
    UNION
   SELECT type, t.typtype = 'd', false FROM pg_proc p CROSS JOIN LATERAL unnest(p.prorettype || p.proallargtypes) AS type
     JOIN pg_type t ON t.oid = type AND t.oid >= 16384
    WHERE p.proname = ANY ($4::text[] || $7::text[]) AND p.oid >= 16384
    UNION
   SELECT o.oprresult, false, false FROM pg_operator o WHERE o.oprname = ANY ($5::text[]) AND o.oprresult >= 16384
    UNION
   SELECT c.casttarget, false, false FROM pg_cast c WHERE c.oid >= 16384 AND c.casttarget >= 16384
    UNION
   SELECT type::oid, true, true FROM reached CROSS JOIN LATERAL (${treesOf('reached.oid')}) AS trees
    CROSS JOIN LATERAL regexp_matches(trees.tree, '${namedTypes}', 'g') AS matched
    CROSS JOIN LATERAL regexp_split_to_table(matched[1], ' ') AS type
    UNION
   SELECT c.reltype, false, true FROM reached JOIN pg_class c ON c.oid = reached.oid AND c.reltype >= 16384)
   UNION
  SELECT inner_type.oid, types.named, types.occurs
    FROM types JOIN pg_type t ON t.oid = types.oid
   CROSS JOIN LATERAL (${innerTypes}) AS inner_type(oid)
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
      'runsProgram', EXISTS (SELECT FROM family JOIN pg_foreign_table x ON x.ftrelid = family.oid,
                                    unnest(x.ftoptions) AS option
                              WHERE family.root = c.oid AND option LIKE 'program=%'),
      'settingCode', CASE WHEN c.relkind IN ('v', 'm') AND c.oid >= 16384 AND EXISTS (
                                 SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid AND w.ev_type = '1'
                                    AND w.ev_action::text ~ ':funcid (?:2077|3294) ') THEN pg_get_viewdef(c.oid) END,
      'functions', (SELECT coalesce(json_agg(called.id), '[]')
                      FROM pg_rewrite w CROSS JOIN LATERAL (${calledIn('w.ev_action')}) AS called
                     WHERE w.ev_class = c.oid AND w.ev_type = '1' AND (c.relkind = 'v' OR (c.relkind = 'm' AND $8))
                       AND n.nspname NOT IN ('pg_catalog', 'information_schema')),
      'policyFunctions', (SELECT coalesce(json_agg(called.id), '[]')
                            FROM pg_policy y CROSS JOIN LATERAL (${calledIn('y.polqual')}) AS called
                           WHERE y.polrelid = c.oid AND y.polcmd IN ('r', '*')))), '[]')
    FROM reached JOIN pg_class c ON c.oid = reached.oid JOIN pg_namespace n ON n.oid = c.relnamespace),
  'operators', (SELECT coalesce(json_agg(json_build_object('name', o.oprname, 'function', o.oprcode::oid::int8,
                     'left', o.oprleft::int8, 'right', o.oprright::int8, 'result', o.oprresult::int8)), '[]')
                  FROM pg_operator o WHERE o.oid >= 16384 AND o.oprname = ANY ($5::text[]) AND o.oprcode <> 0),
  'casts', (SELECT coalesce(json_agg(json_build_object('name', format_type(c.casttarget, NULL),
                     'function', c.castfunc::int8, 'implicit', c.castcontext = 'i', 'context', c.castcontext,
                     'from', c.castsource::int8, 'to', c.casttarget::int8)), '[]')
              FROM pg_cast c WHERE c.oid >= 16384 AND c.castfunc <> 0
               AND (c.castcontext = 'i' OR (c.castcontext = 'a' AND $8) OR c.casttarget IN (SELECT oid FROM types WHERE named)
                    OR (c.casttarget = 'json'::regtype AND array_to_string($4::text[] || $7::text[], ' ') ~ 'json'))),
  'domains', (SELECT coalesce(json_agg(json_build_object('name', t.typname, 'function', called.id, 'type', t.oid::int8)), '[]')
                FROM (SELECT DISTINCT oid FROM types) AS type JOIN pg_type t ON t.oid = type.oid JOIN pg_constraint k ON k.contypid = t.oid
               CROSS JOIN LATERAL (${calledIn('k.conbin')}) AS called
                JOIN pg_proc p ON p.oid = called.id AND (p.oid >= 16384 OR p.provolatile = 'v')),
  'unseen', (SELECT coalesce(json_agg(json_build_object('name', u.name, 'function', u.id, 'type', u.type)), '[]')
               FROM (SELECT c.relname AS name, called.id, 0::int8 AS type
                       FROM family JOIN pg_class c ON c.oid = family.oid
                      CROSS JOIN LATERAL (${unseenTrees('family.oid')}) AS trees
                      CROSS JOIN LATERAL (${calledIn('trees.tree')}) AS called
                      WHERE trees.tree ${callsOthers} AND called.id >= 16384
                      UNION
                     SELECT c.relname, ordering.oid::int8, 0::int8
                       FROM family JOIN pg_class c ON c.oid = family.oid JOIN pg_index i ON i.indrelid = family.oid
                      CROSS JOIN LATERAL (${ofOperatorClasses('o.oid = ANY (i.indclass) AND o.oid >= 16384')}) AS ordering
                      UNION
                     SELECT t.typname, ordering.oid::int8, t.oid::int8
                       FROM types JOIN pg_type t ON t.oid = types.oid
                      CROSS JOIN LATERAL (${ofOperatorClasses('o.opcintype = t.oid AND o.opcdefault AND o.oid >= 16384')}) AS ordering
                      UNION
                     SELECT t.typname, made.function::int8, t.oid::int8
                       FROM types JOIN pg_type t ON t.oid = types.oid AND t.oid >= 16384
                      CROSS JOIN LATERAL (${inputAndOutput}) AS made(function)
                      UNION
                     SELECT 'a type of the server', ordering.oid::int8, 0::int8
                       FROM (${ofOperatorClasses(classOfServersType)}) AS ordering
                      UNION
                     SELECT 'an operator class', ordering.oid::int8, 0::int8
                       FROM (${ofOperatorClasses('o.opcname = ANY ($10::text[]) AND o.oid >= 16384')}) AS ordering
                      UNION
                     SELECT u.oprname, ordering.oid::int8, 0::int8
                       FROM pg_operator u
                      CROSS JOIN LATERAL (${ofOperatorClasses(classesOfOperator('u.oid'))}) AS ordering
                      WHERE u.oid >= 16384 AND u.oprname = ANY ($5::text[])
                      UNION
                     SELECT c.relname, ordering.oid::int8, 0::int8
                       FROM reached JOIN pg_class c ON c.oid = reached.oid
                      CROSS JOIN LATERAL (${treesOf('reached.oid')}) AS trees
                      CROSS JOIN LATERAL regexp_matches(trees.tree, ':sortop ([0-9]+)', 'g') AS sorted
                      CROSS JOIN LATERAL (${ofOperatorClasses(classesOfOperator('sorted[1]::oid'))}) AS ordering
                      WHERE sorted[1]::oid >= 16384
                      UNION
                     SELECT t.typname, made.function::oid::int8, t.oid::int8
                       FROM types JOIN pg_range r ON r.rngtypid = types.oid AND r.rngtypid >= 16384
                       JOIN pg_type t ON t.oid = r.rngtypid
                      CROSS JOIN LATERAL unnest(ARRAY[r.rngsubdiff, r.rngcanonical]) AS made(function)
                      WHERE made.function::oid >= 16384) AS u),
  'types', (SELECT coalesce(json_agg(json_build_object('id', t.oid::int8, 'occurs', known.occurs, 'array', t.typarray::int8,
                     'inner', (SELECT coalesce(json_agg(i.oid::int8), '[]') FROM (${innerTypes}) AS i(oid) WHERE i.oid >= 16384))), '[]')
              FROM (SELECT oid, bool_or(occurs) AS occurs FROM types WHERE oid >= 16384 GROUP BY oid) AS known
              JOIN pg_type t ON t.oid = known.oid)
) AS found`;
