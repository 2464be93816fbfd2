const list = (names: string): ReadonlySet<string> => new Set(names.trim().split(/\s+/));

/**
 * SQLite's own functions that compute from their arguments and nothing else, or tell a harmless fact of the library.
 * Left out on purpose: load_extension (native code), fts3_tokenizer (function pointers), sqlite_log (the error log),
 * optimize (rewrites an FTS index), fts5 and rtreecheck (internals), and whatever later versions add.
 */
export const harmlessFunctions = list(`
  -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws cos cosh
  count cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor format
  fts5_get_locale fts5_insttoken fts5_locale fts5_source_id geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point
  geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform glob group_concat
  hex highlight if ifnull iif instr json json_array json_array_insert json_array_length json_error_position json_extract
  json_group_array json_group_object json_insert json_object json_patch json_pretty json_quote json_remove json_replace
  json_set json_type json_valid jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array jsonb_group_object
  jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag last_insert_rowid last_value lead
  length like likelihood likely ln log log10 log2 lower ltrim match matchinfo max median min mod nth_value ntile nullif
  octet_length offsets percent_rank percentile percentile_cont percentile_disc pi pow power printf quote radians random
  randomblob rank regexp replace round row_number rtrim sign sin sinh snippet soundex sqlite_compileoption_get
  sqlite_compileoption_used sqlite_source_id sqlite_version sqrt strftime string_agg substr substring subtype sum tan tanh
  time timediff total total_changes trim trunc typeof unhex unicode unistr unistr_quote unixepoch unlikely upper zeroblob
`);

/** Table-valued functions and built-in virtual tables that only read. */
export const harmlessTables = list(`
  json_each json_tree jsonb_each jsonb_tree generate_series dbstat
`);

/** Modules of virtual tables whose tables may be read and, with `--write=ddl`, made. */
export const harmlessModules = list('fts3 fts4 fts4aux fts5 fts5vocab rtree rtree_i32 geopoly');

/** PRAGMAs that describe the object or take the number that is their argument, as statement and as table. */
export const describingPragmas = list(`
  table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check
  integrity_check quick_check
`);

/** PRAGMAs that list what the library has, as statement and as table; they take no argument. */
export const listingPragmas = list(`
  collation_list compile_options function_list module_list pragma_list
`);

/** PRAGMAs that tell a setting or a number when they have no argument; with one they would set it. */
export const tellingPragmas = list(`
  analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill cell_size_check
  checkpoint_fullfsync data_version defer_foreign_keys encoding foreign_keys freelist_count fullfsync hard_heap_limit
  ignore_check_constraints journal_size_limit legacy_alter_table locking_mode max_page_count mmap_size page_count page_size query_only
  read_uncommitted recursive_triggers reverse_unordered_selects schema_version secure_delete synchronous temp_store threads
  soft_heap_limit trusted_schema user_version wal_autocheckpoint writable_schema
`);

/**
 * Words of the grammar that an opening parenthesis may follow without a call being meant. A word that is a function as
 * well (replace, like, glob, match) is judged as the function that it is, and those are harmless.
 */
export const wordsBeforeParenthesis = list(`
  abort add all alter always and any as asc before between by cascade case check collate column conflict constraint cross
  cast default deferrable delete desc distinct do each else end escape except exclude exists filter following for foreign
  from full generated group groups having in index indexed inner insert intersect into is isnull join key left limit
  materialized natural not nothing notnull null nulls of offset on or order outer over partition preceding primary range
  recursive references replace returning right row rows select set table then ties to transaction trigger unbounded union
  unique update using values view virtual when where window with within without
`);
