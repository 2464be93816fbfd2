import type { Client } from 'pg';

/** Queries whose answers together are the state of the world that a reading statement must leave as it was. */
const probes: Readonly<Record<string, string>> = {
  tables: `SELECT json_agg(t) FROM (SELECT relname, relkind, relowner::regrole::text, relfilenode, relacl::text, reloptions
             FROM pg_class WHERE relnamespace <> 'pg_toast'::regnamespace AND oid >= 16384 ORDER BY 1, 2) t`,
  columns: `SELECT md5(string_agg(a::text, '' ORDER BY attrelid, attnum)) FROM pg_attribute a WHERE attrelid >= 16384`,
  functions: `SELECT md5(string_agg(p::text, '' ORDER BY oid)) FROM pg_proc p`,
  comments: 'SELECT md5(string_agg(d::text, $$$$ ORDER BY objoid, objsubid)) FROM pg_description d',
  extensions: 'SELECT string_agg(extname, $$,$$ ORDER BY 1) FROM pg_extension',
  roles: `SELECT md5(string_agg(r::text, '' ORDER BY oid)) FROM pg_authid r WHERE rolsuper
             OR strpos(rolname, substring(current_database() FROM '_[0-9]+_')) > 0`,
  roleSettings: `SELECT md5(coalesce(string_agg(s::text, '' ORDER BY setdatabase, setrole), '')) FROM pg_db_role_setting s
                  WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  settings: `SELECT md5(string_agg(name || '=' || setting, ',' ORDER BY name)) FROM pg_settings WHERE source <> 'client'`,
  sequences:
    'SELECT json_agg(s) FROM (SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2) s',
  largeObjects: 'SELECT count(*)::int FROM pg_largeobject_metadata',
  prepared: 'SELECT count(*)::int FROM pg_prepared_xacts WHERE database = current_database()',
  slots: 'SELECT count(*)::int FROM pg_replication_slots WHERE database = current_database()',
  subscriptions: 'SELECT count(*)::int FROM pg_subscription',
  advisoryLocks: `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  tableLocks: `SELECT count(*)::int FROM pg_locks WHERE locktype = 'relation' AND mode <> 'AccessShareLock'
                  AND relation >= 16384 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  dataFiles: `SELECT json_agg(f ORDER BY f) FROM pg_ls_dir('.') AS f WHERE f NOT IN ('postmaster.pid', 'pg_stat_tmp')`,
  snapshots: `SELECT count(*)::int FROM pg_ls_dir('pg_snapshots')`,
};

/** The state of a database and of its server, as far as a statement could change it, as a superuser sees it. */
export async function stateOf(client: Client): Promise<Readonly<Record<string, unknown>>> {
  const state: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(probes)) {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    state[name] = rows[0]?.[0];
  }
  const tables = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`,
  );
  for (const { name } of tables.rows) {
    const { rows } = await client.query(
      `SELECT count(*)::int AS rows, md5(string_agg(t::text, ',' ORDER BY t::text)) AS digest FROM ${name} t`,
    );
    state[`rows of ${name}`] = rows[0];
  }
  return state;
}
