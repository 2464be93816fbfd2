const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

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
