import type { Client } from 'pg';
import type { Call, QualifiedName } from './findings.ts';
import type { Session } from './session.ts';

/** A function as the server's catalog knows it. */
export interface CatalogFunction {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly volatility: 'i' | 's' | 'v';
  /** `f` function, `a` aggregate, `w` window function, `p` procedure. */
  readonly kind: string;
  readonly language: string;
  /** The extension that brought it, null for the server's own and for the users'. */
  readonly extension: string | null;
  readonly fewestArguments: number;
  readonly mostArguments: number;
  /** Its body where it is SQL, PL/pgSQL or another language; empty for C. */
  readonly source: string;
  /** It sets settings of the session while it runs. */
  readonly configured: boolean;
  /** The functions that an aggregate calls. */
  readonly parts: readonly number[];
}

/** A table or view that a statement reads, directly or through views. */
export interface CatalogRelation {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** `r` table, `v` view, `m` materialized view, `f` foreign table, `p` partitioned table and so on. */
  readonly kind: string;
  readonly columns: readonly string[];
  /** What the view's rule or the table's row-level policies call. */
  readonly functions: readonly number[];
}

/** What the guard asks the database about the names of one statement. */
export interface Lookup {
  /** All functions of the names that are called, in whatever schema. */
  readonly functions: readonly CatalogFunction[];
  readonly relations: readonly CatalogRelation[];
  /** Operators that users made, by the names that the statement uses, and the function behind each. */
  readonly operators: readonly { readonly name: string; readonly function: number }[];
  /** Casts that users made, to types that the statement names or without being asked. */
  readonly casts: readonly { readonly name: string; readonly function: number }[];
  /** What the checks of domains call that the statement names, or hands to a function. */
  readonly domains: readonly { readonly name: string; readonly function: number }[];
}

/** Names that a statement uses. */
export interface Names {
  readonly calls: readonly Call[];
  readonly relations: readonly QualifiedName[];
  readonly operators: readonly string[];
  readonly types: readonly QualifiedName[];
}

/** Functions as JSON rows; `WHERE` follows. Ids from 16384 on are not the server's own. */
const functionQuery = (where: string) => `
  SELECT p.oid::int8 AS id, n.nspname AS schema, p.proname AS name, p.provolatile AS volatility,
         p.prokind AS kind, l.lanname AS language,
         (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
             AND d.refclassid = 'pg_extension'::regclass) AS extension,
         p.pronargs - p.pronargdefaults AS "fewestArguments",
         CASE WHEN p.provariadic = 0 THEN p.pronargs ELSE 10000 END AS "mostArguments",
         CASE WHEN p.oid < 16384 OR l.lanname IN ('c', 'internal') THEN ''
              ELSE concat(p.prosrc, ' ', to_jsonb(p)->>'prosqlbody') END AS source,
         EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s NOT LIKE 'search_path=%') AS configured,
         coalesce((SELECT json_agg(part::int8) FROM pg_aggregate a,
                 unnest(ARRAY[a.aggtransfn::oid, a.aggfinalfn::oid, a.aggcombinefn::oid, a.aggserialfn::oid,
                              a.aggdeserialfn::oid, a.aggmtransfn::oid, a.aggminvtransfn::oid,
                              a.aggmfinalfn::oid]) AS part
           WHERE a.aggfnoid = p.oid AND part <> 0), '[]') AS parts
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE ${where}`;

/** Ids of the functions in an expression tree of the catalog, operators resolved to their functions. */
const calledIn = (tree: string) => `
  SELECT called[1]::oid::int8 AS id
    FROM regexp_matches(${tree}::text, ':(?:funcid|opfuncid|winfnoid|aggfnoid) ([0-9]+)', 'g') AS called
   UNION
  SELECT o.oprcode::oid::int8
    FROM regexp_matches(${tree}::text, ':opno ([0-9]+)', 'g') AS used JOIN pg_operator o ON o.oid = used[1]::oid`;

const lookupQuery = `
WITH RECURSIVE named AS (
  SELECT DISTINCT ON (wanted.place) c.oid
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(schema, name, place)
    JOIN pg_class c ON c.relname = wanted.name
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = wanted.schema OR (wanted.schema IS NULL AND n.nspname = ANY ($3::text[]))
   ORDER BY wanted.place, array_position($3::text[], n.nspname::text)
), reached(oid) AS (
  SELECT oid FROM named
   UNION
  SELECT part[1]::oid
    FROM reached
    JOIN pg_class c ON c.oid = reached.oid AND c.relkind IN ('v', 'm')
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    JOIN pg_rewrite w ON w.ev_class = c.oid AND w.ev_type = '1'
   CROSS JOIN LATERAL regexp_matches(w.ev_action::text, ':relid ([1-9][0-9]*)', 'g') AS part
), types(oid) AS (
  SELECT oid FROM pg_type WHERE typname = ANY ($6::text[] || $4::text[])
   UNION
  SELECT unnest(proargtypes) FROM pg_proc WHERE proname = ANY ($4::text[]) AND oid >= 16384
   UNION
  SELECT inner_type.oid
    FROM types JOIN pg_type t ON t.oid = types.oid
   CROSS JOIN LATERAL (SELECT t.typbasetype UNION SELECT t.typelem
                        UNION SELECT a.atttypid FROM pg_attribute a
                               WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0) AS inner_type(oid)
   WHERE inner_type.oid <> 0
)
SELECT json_build_object(
  'functions', (SELECT coalesce(json_agg(f), '[]') FROM (${functionQuery('p.proname = ANY ($4::text[])')}) AS f),
  'relations', (SELECT coalesce(json_agg(json_build_object(
      'id', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'columns', (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND NOT a.attisdropped),
      'functions', (SELECT coalesce(json_agg(id), '[]') FROM (
          SELECT called.id FROM pg_rewrite w CROSS JOIN LATERAL (${calledIn('w.ev_action')}) AS called
           WHERE w.ev_class = c.oid AND w.ev_type = '1' AND c.relkind = 'v'
             AND n.nspname NOT IN ('pg_catalog', 'information_schema')
           UNION
          SELECT called.id FROM pg_policy y CROSS JOIN LATERAL (${calledIn('y.polqual')}) AS called
           WHERE y.polrelid = c.oid AND y.polcmd IN ('r', '*')) AS rule))), '[]')
    FROM reached JOIN pg_class c ON c.oid = reached.oid JOIN pg_namespace n ON n.oid = c.relnamespace),
  'operators', (SELECT coalesce(json_agg(json_build_object('name', o.oprname, 'function', o.oprcode::oid::int8)), '[]')
                  FROM pg_operator o WHERE o.oid >= 16384 AND o.oprname = ANY ($5::text[]) AND o.oprcode <> 0),
  'casts', (SELECT coalesce(json_agg(json_build_object(
                     'name', format_type(c.casttarget, NULL), 'function', c.castfunc::int8)), '[]')
              FROM pg_cast c WHERE c.oid >= 16384 AND c.castfunc <> 0
               AND (c.castcontext = 'i' OR c.casttarget IN (SELECT oid FROM types))),
  'domains', (SELECT coalesce(json_agg(json_build_object('name', t.typname, 'function', called.id)), '[]')
                FROM types JOIN pg_type t ON t.oid = types.oid JOIN pg_constraint k ON k.contypid = t.oid
               CROSS JOIN LATERAL (${calledIn('k.conbin')}) AS called
                JOIN pg_proc p ON p.oid = called.id AND (p.oid >= 16384 OR p.provolatile = 'v'))
) AS found`;

/** Everything that the guard wants to know about the names of a statement; one query. */
export async function lookUp(session: Session, names: Names): Promise<Lookup> {
  const { rows } = await session.client.query<{ found: Lookup }>({
    ...(session.keepsStatements ? { name: 'sqlq_look_up' } : {}),
    text: lookupQuery,
    values: [
      names.relations.map((relation) => relation.schema),
      names.relations.map((relation) => relation.name),
      session.searchPath,
      [...new Set(names.calls.map((call) => call.name))],
      [...new Set(names.operators)],
      [...new Set(names.types.map((type) => type.name))],
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the catalog did not answer');
  return row.found;
}

/** Functions by id, and those of a name that stands in the body of another function. */
export async function functionsBy(
  client: Client,
  ids: readonly number[],
  names: readonly string[],
): Promise<readonly CatalogFunction[]> {
  const { rows } = await client.query<{ found: readonly CatalogFunction[] }>({
    text: `SELECT coalesce(json_agg(f), '[]') AS found
             FROM (${functionQuery('p.oid = ANY ($1::int8[]::oid[]) OR p.proname = ANY ($2::text[])')}) AS f`,
    values: [ids, names],
  });
  return rows[0]?.found ?? [];
}
