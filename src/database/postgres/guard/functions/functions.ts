import type { CatalogFunction } from '../lookup.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/**
 * Functions that are VOLATILE, which is to say that the server lets them change something, and that change nothing:
 * clocks, random numbers, sizes, positions. Read from pg_proc of PostgreSQL 12 to 18 and from contrib.
 */
const harmless = words(
  `random random_normal clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7 array_sample array_shuffle
  current_query currval lastval
  pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size pg_database_size pg_tablespace_size
  pg_is_in_recovery pg_is_wal_replay_paused pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_blocking_pids
  pg_safe_snapshot_blocking_pids pg_partition_tree pg_partition_ancestors pg_collation_actual_version
  pg_database_collation_actual_version pg_sequence_last_value pg_stat_get_xact_numscans
  pg_xact_commit_timestamp pg_xact_status txid_status pg_jit_available pg_notification_queue_usage system bernoulli
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt normal_rand st_generatepoints
  show_trgm`,
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

/** Settings that may be shown, by SHOW and by `current_setting('…')`: how this session reads and writes values. */
const shownSettings = words(
  `search_path timezone datestyle intervalstyle server_version server_version_num server_encoding client_encoding
  lc_collate lc_ctype lc_messages lc_monetary lc_numeric lc_time standard_conforming_strings max_connections
  max_identifier_length block_size integer_datetimes transaction_read_only transaction_isolation
  default_transaction_isolation default_transaction_read_only statement_timeout lock_timeout
  idle_in_transaction_session_timeout work_mem shared_buffers effective_cache_size maintenance_work_mem
  random_page_cost seq_page_cost default_statistics_target extra_float_digits bytea_output xmlbinary xmloption
  application_name session_authorization role is_superuser in_hot_standby wal_level default_text_search_config
  max_parallel_workers max_parallel_workers_per_gather jit row_security time_zone transaction_isolation_level`,
);

/** Families of settings that are numbers and switches: how the planner, memory, vacuum and the log of changes work. */
const shownFamilies =
  /^(?:(?:enable|max|min|cpu|geqo|jit|autovacuum|vacuum|checkpoint|commit|parallel|effective|track|deadlock|bgwriter|join|from|hash_mem|temp|random_page|default|log_min|log_autovacuum|wal_(?:buffers|compression|keep|segment|writer))(?:_[a-z_]+)?|fsync|ssl|port|log_(?:statement|duration|connections|disconnections|checkpoints|lock_waits|temp_files)|idle_session_timeout|client_min_messages|hot_standby|full_page_writes|synchronous_commit|data_checksums|array_nulls|password_encryption)$/;

/** Whether a setting's value may be seen. */
export function mayShow(setting: string): boolean {
  const name = setting.toLowerCase();
  return shownSettings.has(name) || shownFamilies.test(name);
}

/** What is wrong with a function wherever it stands, null where nothing is. Says nothing about its body. */
export function harmOf(found: CatalogFunction, where: 'statement' | 'definition'): string | null {
  // Whoever made a view or a policy chose the setting, and the reader can't change which.
  const trusted = where === 'definition' && found.name === 'current_setting';
  if (!trusted && harmful.test(found.name) && (isServers(found) || found.extension !== null))
    return reasonOf(found.name) ?? 'is not for reading';
  if (found.kind === 'p') return 'is a procedure';
  if (found.volatility === 'v' && found.kind !== 'a') {
    const known = harmless.has(found.name) && (isServers(found) || found.extension !== null);
    if (!known) return reasonOf(found.name) ?? 'may change something (it is VOLATILE)';
  }
  if (isServers(found) || found.extension !== null) return null;
  if (found.configured) return 'changes settings while it runs';
  if (found.kind === 'a' || found.kind === 'w') return null;
  if (!['sql', 'plpgsql', 'constructor'].includes(found.language))
    return `is written in ${found.language}, whose code can't be judged`;
  return null;
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

/** What may be in the body of a function. */
export interface BodyWords {
  /** Functions, tables, types and columns, or no names at all. */
  readonly names: readonly string[];
  /** Whether the body may call a function, with parentheses or as `value.name`. */
  mayCall(called: CatalogFunction): boolean;
  readonly operators: readonly string[];
  /** Why the body can't be judged, null where it can. */
  readonly problem: string | null;
}

/** A name as the server's lexer reads it, the dot before it and the parenthesis behind it. */
const word = /(\.\s*)?(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*))(\s*\()?/gu;
/** The server cuts longer names. */
const nameBytes = 63;
/** Longer ones are no operator that anybody uses, but a line in a comment. */
const operatorLength = 8;

/**
 * Words in a function's body that may be names or operators. The body is read word by word and not understood: what
 * is in a comment or a string counts as well.
 */
export function bodyWords(found: CatalogFunction): BodyWords {
  const { source } = found;
  const names = new Set<string>();
  const called = new Set<string>();
  const attributes = new Set<string>();
  // A comment can stand between a name and its parenthesis.
  const commented = /--|\/\*/.test(source);
  for (const [, dot, quoted, plain = '', parenthesis] of source.matchAll(word)) {
    const written =
      quoted?.replaceAll('""', '"') ?? plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const name = Buffer.byteLength(written) > nameBytes ? cut(written) : written;
    names.add(name);
    if (commented || parenthesis !== undefined) called.add(name);
    if (commented || dot !== undefined) attributes.add(name);
  }
  const operators = new Set<string>();
  for (const [run] of source.matchAll(/[-+*/<>=~!@#%^&|`?]+/g))
    for (let start = 0; start < run.length; start++)
      for (let end = start + 1; end <= Math.min(run.length, start + operatorLength); end++)
        operators.add(run.slice(start, end));
  const dynamic = found.language === 'plpgsql' && names.has('execute');
  const escaped = /\bu&"/i.test(found.source);
  return {
    names: [...names],
    mayCall: ({ name, fewestArguments, mostArguments }) =>
      called.has(name) || (attributes.has(name) && fewestArguments <= 1 && mostArguments >= 1),
    operators: [...operators],
    problem: dynamic
      ? 'runs SQL that it builds'
      : escaped
        ? 'writes names in a way that is not read here'
        : null,
  };
}

function cut(name: string): string {
  const bytes = Buffer.from(name).subarray(0, nameBytes);
  return new TextDecoder().decode(bytes).replace(/\uFFFD$/, '');
}
