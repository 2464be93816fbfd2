import type { CatalogFunction } from '../catalog.ts';
import { isRead } from './extensions.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/**
 * Functions of the server that are VOLATILE, which is to say that the server lets them change something, and that change nothing:
 * clocks, random numbers, sizes, positions. Read from pg_proc of PostgreSQL 12 to 18.
 */
const harmless = words(
  `random random_normal clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7 array_sample array_shuffle
  current_query currval lastval
  pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size pg_database_size pg_tablespace_size
  pg_is_in_recovery pg_is_wal_replay_paused pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_blocking_pids
  pg_safe_snapshot_blocking_pids pg_partition_tree pg_partition_ancestors pg_collation_actual_version
  pg_database_collation_actual_version pg_sequence_last_value pg_stat_get_xact_numscans
  pg_xact_commit_timestamp pg_xact_status txid_status pg_jit_available pg_notification_queue_usage system
  bernoulli`,
);

/** Functions that are not VOLATILE and still do what a reading statement must not, or show what it must not. */
const harmful = new RegExp(
  `^(?:${[
    // They run SQL that they are given as text, or read a table that is named in text.
    '(?:query|table|schema|database|cursor)_to_xml.*',
    'crosstab.*|connectby|xpath_table|ts_stat|dblink.*',
    // They show what other sessions run, or settings with secrets.
    'current_setting|pg_show_all_settings|pg_show_all_file_settings|pg_stat_get_activity',
    'pg_stat_get_backend_activity|pg_stat_get_wal_receiver|pg_stat_statements.*|pg_config',
    // They read a text as a type that is told by its id, and run the checks of a domain.
    '(?:domain|record|array|range|multirange)_(?:in|recv)|satisfies_hash_partition',
    // They take a transaction number, load libraries or belong to the server's inside.
    'txid_current|pg_current_xact_id|fmgr_.*_validator|plpgsql_.*|pg_event_trigger_.*',
    'pg_read_.*|pg_ls_.*|pg_stat_file|pg_file_.*|lo_.*|xslt_process',
  ].join('|')})$`,
);

const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(?:pg_read_|pg_ls_|pg_stat_file|pg_file_|pg_current_logfile|lo_import|lo_export)/,
    'reaches files of the server',
  ],
  [/^(?:lo_|loread|lowrite)/, 'works on large objects'],
  [/^dblink/, 'reaches another database'],
  [
    /^(?:(?:query|table|schema|database|cursor)_to_xml|crosstab|connectby|xpath_table|ts_stat|ts_rewrite)/,
    'runs SQL that is hidden in text',
  ],
  [/^(?:pg_)?(?:try_)?advisory|^pg_(?:try_)?advisory/, 'locks'],
  [/^pg_sleep/, 'holds the connection'],
  [/^(?:nextval|setval)$/, 'changes a sequence'],
  [/^set_config$|^setseed$/, 'changes the session'],
  [/^current_setting$|settings$/, 'shows settings that may be secret'],
  [/^pg_(?:notify|logical_emit_message)$/, 'sends a message'],
  [/^pg_(?:terminate|cancel)_backend$/, 'ends other sessions'],
  [/^pg_stat_(?:get_.*activity|statements)/, 'shows what other sessions run'],
  [/^(?:txid_current|pg_current_xact_id)$/, 'takes a transaction number'],
];

/**
 * What is wrong with a function wherever it stands, null where nothing is. Says nothing about its body: whether a
 * function in SQL that is VOLATILE by default changes something, its body tells (see `bodyProblem`).
 */
export function harmOf(found: CatalogFunction, where: 'statement' | 'definition'): string | null {
  // Which setting is asked for is looked at where the call is (see `settingProblem`).
  const looked = where === 'definition' && found.name === 'current_setting';
  if (!looked && harmful.test(found.name) && (isServers(found) || found.extension !== null)) {
    return reasonOf(found.name) ?? 'is not for reading';
  }
  if (found.kind === 'p') {
    return 'is a procedure';
  }
  if (isServers(found)) {
    if (found.volatility !== 'v' || found.kind === 'a' || harmless.has(found.name)) {
      return null;
    }
    return mayChange(found);
  }
  if (found.kind === 'a') {
    return null;
  }
  if (found.language === 'c' || found.language === 'internal') {
    return nativeHarm(found);
  }
  if (found.volatility === 'v' && found.language !== 'sql') {
    return mayChange(found);
  }
  if (found.configured) {
    return 'changes settings while it runs';
  }
  if (!['sql', 'plpgsql', 'constructor'].includes(found.language)) {
    return `is written in ${found.language}, whose code can't be judged`;
  }
  return null;
}

function mayChange({ name }: CatalogFunction): string {
  return reasonOf(name) ?? 'may change something (it is VOLATILE)';
}

/** Code in C can do anything, whatever its label says; what somebody has read is on a list. */
function nativeHarm(found: CatalogFunction): string | null {
  if (found.extension === null) {
    return `is written in ${found.language}, whose code can't be judged`;
  }
  // Whoever owns an extension may add a function of their own to it, but none in C.
  if (isRead(found.extension, found.name)) {
    return null;
  }
  const reason =
    reasonOf(found.name) ?? (found.volatility === 'v' ? 'may change something (it is VOLATILE)' : null);
  const unread = `is C code of the extension ${found.extension}, which nobody has read for this program`;
  return `${reason ?? unread}; --trust-function ${found.name} admits it`;
}

/** What is wrong with a function that the catalog does not have: another server, or the next moment, may. */
export function harmOfName(name: string): string | null {
  return harmful.test(name) ? (reasonOf(name) ?? 'is not for reading') : null;
}

/** Whether a function came with the server: users' ids begin at 16384 (FirstNormalObjectId). */
export function isServers(found: CatalogFunction): boolean {
  return found.id < 16_384;
}

function reasonOf(name: string): string | null {
  return reasons.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
