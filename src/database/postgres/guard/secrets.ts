import type { CatalogRelation } from './catalog.ts';

/** Catalogs that hold passwords, keys, values of columns or the bytes of large objects. */
const secretRelations = new Map<string, string>([
  ...['pg_authid', 'pg_shadow'].map((name) => [name, 'holds password hashes'] as const),
  ...['pg_user_mapping', 'pg_user_mappings', '_pg_user_mappings', 'user_mapping_options'].map(
    (name) => [name, 'holds passwords of other servers'] as const,
  ),
  ...[
    'pg_subscription',
    'pg_stat_wal_receiver',
    '_pg_foreign_servers',
    'foreign_server_options',
    'foreign_table_options',
    'foreign_data_wrapper_options',
  ].map((name) => [name, 'holds how other servers are reached'] as const),
  ...['pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_file_settings'].map(
    (name) => [name, 'shows files of the server'] as const,
  ),
  ...['pg_config', 'pg_db_role_setting'].map((name) => [name, 'shows settings that may be secret'] as const),
  ...['pg_statistic', 'pg_statistic_ext_data'].map((name) => [name, 'holds values of columns'] as const),
  ['pg_largeobject', 'holds the bytes of large objects'],
  // Of Citus, which puts them beside the server's own.
  ['pg_dist_authinfo', 'holds passwords of other servers'],
  ['pg_dist_poolinfo', 'holds how other servers are reached'],
  ...['citus_stat_activity', 'citus_dist_stat_activity', 'citus_lock_waits', 'citus_stat_statements'].map(
    (name) => [name, 'shows what other sessions run'] as const,
  ),
]);

/** Views that show values of columns, to those who may read the columns; nobody may where columns are hidden. */
const statistics = new Set(['pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs']);

/** What other sessions run, and settings and options that may hold passwords. */
const secretColumns = new Map<string, readonly string[]>([
  ['pg_stat_activity', ['query']],
  ['pg_stat_statements', ['query']],
  ['pg_roles', ['rolconfig']],
  ['pg_user', ['useconfig']],
  ['pg_foreign_server', ['srvoptions']],
  ['pg_foreign_table', ['ftoptions']],
  ['pg_foreign_data_wrapper', ['fdwoptions']],
]);

/** Why a table or view can't be read by anybody here; null where it can. */
export function secretOf(
  relation: Pick<CatalogRelation, 'schema' | 'name'>,
  columnsAreHidden: boolean,
): string | null {
  if (relation.schema.startsWith('pg_toast')) {
    return 'holds the inside of other tables';
  }
  if (relation.schema !== 'pg_catalog' && relation.schema !== 'information_schema') {
    return null;
  }
  if (columnsAreHidden && statistics.has(relation.name)) {
    return 'shows values of columns, some of which are hidden';
  }
  return secretRelations.get(relation.name) ?? null;
}

/** Where a partition begins and ends: values of a column that may be hidden. */
const partitionBound = 'relpartbound';

/** Functions that show such bounds. */
export const boundFunctions: ReadonlySet<string> = new Set(['pg_get_partition_constraintdef']);

/** Columns of the server's own tables and views that are hidden where they hold something. */
export function secretColumnsOf(
  relation: { readonly name: string; readonly holdsSecrets: boolean },
  columnsAreHidden: boolean,
): readonly string[] {
  if (relation.name === 'pg_class') {
    return columnsAreHidden ? [partitionBound] : [];
  }
  return relation.holdsSecrets ? (secretColumns.get(relation.name) ?? []) : [];
}

/** Settings that hold passwords or show how other servers are reached; only some roles see them. */
export const secretSettingsQuery = `
SELECT EXISTS (SELECT FROM pg_settings
                WHERE name ~ '(conninfo|passphrase|_command$|passfile|password$|secret|token|key$)'
                  AND vartype = 'string' AND setting NOT IN ('', '(disabled)')) AS secret`;
