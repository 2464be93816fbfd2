import type { Database } from '../../src/database/database.ts';
import { sqlite } from '../../src/database/sqlite/connect.ts';
import { messageOf } from '../../src/errors.ts';
import { hostileSchema } from '../database/sqlite/hostile-cases.ts';
import { createSqliteWorld } from '../support/sqlite-world.ts';
import { planOf, query, verdictOf } from '../support/statements.ts';
import { type FuzzReport, type FuzzTarget, fuzz, type Grammar } from './generate.ts';

const grammar: Grammar = {
  statements: [
    'INSERT INTO orders (id) VALUES ($e)',
    'INSERT INTO orders (id, total) $q RETURNING *',
    'REPLACE INTO customers (id, name) VALUES (1, $e)',
    'UPDATE customers SET name = $e WHERE id IN ($q)',
    'DELETE FROM $t WHERE $e RETURNING $e',
    "INSERT INTO notes5 (notes5) VALUES ('rebuild')",
    "INSERT INTO notes4 (notes4) VALUES ('optimize')",
    'INSERT INTO v_orders (id) VALUES (7)',
    'CREATE TABLE pwn AS $q',
    'CREATE TEMP TABLE pwn AS $q',
    'CREATE TEMP VIEW customers AS $q',
    'CREATE VIRTUAL TABLE temp.pwn USING fts5 (a)',
    'CREATE TRIGGER pwn AFTER INSERT ON orders BEGIN DELETE FROM customers; END',
    'DROP TABLE audit_log',
    'ALTER TABLE orders ADD COLUMN pwn',
    "ATTACH '/tmp/sqlq-canary/gen/pwn.db' AS pwn",
    "ATTACH '' AS pwn",
    'DETACH sqlq_slot_0',
    'DETACH sqlq_slot_9',
    "VACUUM INTO '/tmp/sqlq-canary/gen/pwn.db'",
    'VACUUM',
    'ANALYZE',
    'REINDEX',
    'BEGIN',
    'BEGIN EXCLUSIVE',
    'COMMIT',
    'END',
    'ROLLBACK',
    'SAVEPOINT s',
    'RELEASE s',
    'PRAGMA query_only=0',
    'PRAGMA query_only(0)',
    'PRAGMA main.query_only=off',
    'PRAGMA writable_schema=1',
    'PRAGMA trusted_schema=1',
    'PRAGMA journal_mode=WAL',
    'PRAGMA journal_mode=OFF',
    'PRAGMA locking_mode=EXCLUSIVE',
    'PRAGMA user_version=7',
    'PRAGMA application_id(7)',
    'PRAGMA incremental_vacuum',
    'PRAGMA optimize',
    'PRAGMA wal_checkpoint(TRUNCATE)',
    'PRAGMA case_sensitive_like=1',
    'PRAGMA table_info(customers)',
    'PRAGMA table_list',
    'PRAGMA index_list(orders)',
    'PRAGMA integrity_check',
    'PRAGMA database_list',
    'PRAGMA function_list',
    'PRAGMA user_version',
    'PRAGMA foreign_key_check',
    'PRAGMA journal_mode',
    'PRAGMA journal_mode = $e',
    'PRAGMA main.$t',
    'PRAGMA $t',
    'PRAGMA $t = $e',
    'PRAGMA $t($e)',
    'PRAGMA writable_schema',
    'PRAGMA temp_store_directory',
    "PRAGMA data_store_directory = '/tmp/sqlq-canary/gen'",
    "VACUUM main INTO ('/tmp/sqlq-canary/gen/' || $e)",
    "ATTACH 'file:/tmp/sqlq-canary/gen/pwn.db?mode=rwc' AS main",
    'INSERT INTO $t DEFAULT VALUES RETURNING $e',
    'INSERT INTO orders (id) VALUES (1) ON CONFLICT DO UPDATE SET total = $e',
    'UPDATE $t SET sql = $e',
    'DELETE FROM sqlite_schema',
    "INSERT INTO notes5 (notes5, rank) VALUES ('merge', $e)",
    'DROP TABLE $t',
    'CREATE INDEX pwn ON orders ($e)',
    'CREATE VIRTUAL TABLE pwn USING fts5 ($e)',
  ],
  expressions: [
    '1',
    'NULL',
    "'x'",
    "'DELETE FROM orders; --'",
    "x'00ff'",
    'name',
    'id',
    'total',
    'rowid',
    '*',
    'count(*)',
    '$e + $e',
    '($e)',
    '($q)',
    'EXISTS ($q)',
    '$e IN ($q)',
    'CASE WHEN $e THEN $e ELSE $e END',
    'CAST($e AS TEXT)',
    'CAST($e AS DECIMAL(10, 2))',
    "load_extension('/tmp/x.so')",
    "fts3_tokenizer('simple')",
    "fts3_tokenizer('simple', x'00')",
    'optimize(notes4)',
    'snippet(notes4)',
    "rtreecheck('boxes')",
    "sqlite_log(1, 'x')",
    "readfile('/etc/passwd')",
    "writefile('/tmp/sqlq-canary/gen/pwn', 'x')",
    "edit('x')",
    "eval('DELETE FROM orders')",
    'sqlite_compileoption_get($e)',
    'last_insert_rowid()',
    'changes()',
    'randomblob(10)',
    'zeroblob(10)',
    'abs($e)',
    'replace($e, $e, $e)',
    'coalesce($e, $e)',
    'group_concat($e)',
    'sum($e) OVER (ORDER BY $e)',
    "json_extract('{}', '$.a')",
    '$e COLLATE NOCASE',
    '$e || $e',
    "$e MATCH 'delete'",
    'RAISE(ROLLBACK, 1)',
    'journal_mode',
    'ssn',
    'p.ssn',
    'p.*',
    'tail',
    'label',
    'term',
    'people',
    "highlight(search, 0, '', '')",
    'json_group_array(ssn)',
    'sqlite_dbpage',
    "'pragma_database_list'",
    "rtreenode(2, x'00')",
    'rtreedepth($e)',
    'fts5($e)',
    "fts5_decode(1, x'00')",
    'geopoly_debug(1)',
    "sqlite_rename_column('main', $e)",
    "printf('%*c', 100, 'x')",
    "json_each('[1]')",
    'likelihood($e, 0.5)',
    '$e IS DISTINCT FROM $e',
    '$e BETWEEN $e AND $e',
    '$e IN pragma_database_list',
    'name GLOB $e',
    "strftime('%Y', $e)",
    'count(*) FILTER (WHERE $e)',
    'first_value($e) OVER (PARTITION BY $e ORDER BY $e)',
  ],
  tables: [
    'customers',
    'orders',
    'main.orders',
    'v_orders',
    'notes4',
    'notes5',
    "notes5('delete')",
    "notes5('rebuild')",
    'notes5_data',
    'boxes',
    'terms',
    'paths',
    'optimized',
    'tokenizer',
    '($q)',
    '($q) AS x',
    'orders JOIN customers USING (id)',
    'orders NATURAL JOIN customers',
    'orders, customers AS c',
    'sqlite_schema',
    'sqlite_master',
    'sqlite_temp_schema',
    'sqlite_dbpage',
    'dbstat',
    'pragma_database_list',
    'pragma_table_info($e)',
    "pragma_table_info('orders')",
    'pragma_query_only',
    'pragma_journal_mode',
    "pragma_journal_mode('wal')",
    'pragma_optimize',
    'pragma_wal_checkpoint',
    'pragma_user_version(7)',
    'pragma_function_list',
    "json_each('[1,2]')",
    "fts3tokenize('simple', 'a b')",
    "'pragma_database_list'",
    "fsdir('/etc')",
    "bytecode('DELETE FROM orders')",
    'sqlq_slot_0.x',
    'people AS p',
    'people p',
    'shown',
    'again AS p',
    'search',
    "search('hidden')",
    'search_data',
    'search_idx',
    'words',
    'people NATURAL JOIN shown',
    'people p INDEXED BY by_ssn',
    'sqlite_stat4',
    'sqlq_slot_3.sqlite_schema',
    'temp.sqlite_schema',
    'main.sqlite_dbpage',
    "'sqlite_dbpage'",
    '($t, $t)',
    '($t)',
    '$t, $t',
    '$t JOIN $t ON $e',
    '$t LEFT JOIN $t USING (id)',
    'orders INDEXED BY orders_c',
    'orders by',
    'sqlite_sequence',
    'sqlite_stat1',
    'pragma_data_version',
    'pragma_cache_size(7)',
    "pragma_index_list('orders', 'main')",
    'notes4_segdir',
    'fts5vocab',
    'fts4aux',
    'rtree',
    'geopoly',
    'generate_series(1, 3)',
    "json_tree('{}')",
    '(VALUES (1, 2))',
  ],
  queries: [
    'SELECT 1',
    'SELECT $e',
    'SELECT $e FROM $t',
    'SELECT $e, $e FROM $t WHERE $e',
    'SELECT $e FROM $t GROUP BY $e HAVING $e',
    'SELECT $e FROM $t ORDER BY $e LIMIT $e',
    'SELECT $e FROM $t UNION ALL SELECT $e',
    'VALUES ($e)',
    'WITH a AS ($q) SELECT * FROM a',
    'WITH a (x) AS (SELECT $e) SELECT x FROM a',
    'WITH RECURSIVE a (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a WHERE x < 5) SELECT $e FROM a',
    'SELECT DISTINCT $e FROM $t AS t',
    'WITH a AS NOT MATERIALIZED ($q), b AS ($s) SELECT * FROM a, b',
    'SELECT $e FROM $t WINDOW w AS (ORDER BY $e)',
    'SELECT * FROM $t WHERE ($e, $e) IN ($q)',
    'SELECT x.c FROM (SELECT 1 a, 2 b, 3 c, 4 d UNION ALL SELECT * FROM $t) x',
    'SELECT $e FROM people p WHERE $e ORDER BY $e',
    '$q INTERSECT $q',
    '$q EXCEPT SELECT $e FROM $t',
  ],
  wrappers: [
    'EXPLAIN $s',
    'EXPLAIN QUERY PLAN $s',
    'WITH w AS (SELECT 1) $s',
    'WITH w AS ($s) SELECT * FROM w',
    'WITH RECURSIVE w (n) AS (SELECT 1) $s',
    'SELECT * FROM ($s)',
    'SELECT ($s)',
    'SELECT 1; $s',
    '$s; SELECT 1',
    '; $s ;',
    '/* x */ $s',
    '$s -- x',
    '-- x\n$s',
    'SELECT 1 /* $s */',
    'SELECT 1 -- \n; $s',
    "SELECT '$s'",
    '$s UNION $s',
    '($s)',
    '\uFEFF$s',
    'WITH "select" AS ($s) SELECT * FROM "select"',
    "WITH x AS (SELECT ')' AS a) $s",
    'EXPLAIN QUERY PLAN WITH w AS ($s) $s',
    'SELECT 1 WHERE EXISTS ($s)',
    'BEGIN; $s; COMMIT',
    'CREATE TRIGGER pwn AFTER INSERT ON orders BEGIN $s; END',
    '$s RETURNING *',
  ],
  quotes: [
    (name) => `"${name}"`,
    (name) => `[${name}]`,
    (name) => `\`${name}\``,
    (name) => `'${name}'`,
    (name) => `"${name}`,
    (name) => name.replace('s', 'ſ'),
  ],
  comments: [
    '/**/',
    ' /* x */ ',
    ' -- x\n',
    '/* ; */',
    '/*! x */',
    ' /* /* */ ',
    '-- ;\n',
    "/* ' */",
    '--\r\n',
  ],
  spaces: ['\n', '\t', '  ', '\f', '\r\n', '\u00A0', '', '\v', '\uFEFF', '\u2028', '\u3000'],
};

const never = new AbortController().signal;
const mostBatches = 3;

const secret = 'HIDDEN-CANARY-7c1f';

/** A table with a hidden column, and what shows it under another name. */
const hiddenSchema = `
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, ssn TEXT, tail TEXT AS (substr(ssn, 3)));
CREATE INDEX by_ssn ON people (ssn, name);
CREATE INDEX by_part ON people (lower(ssn)) WHERE name IS NOT NULL;
CREATE VIEW shown AS SELECT id, ssn AS label FROM people;
CREATE VIEW again AS SELECT * FROM shown;
CREATE VIRTUAL TABLE search USING fts5 (label, content='shown', content_rowid='id');
CREATE VIRTUAL TABLE words USING fts5vocab (search, row);
INSERT INTO people (id, name, ssn) VALUES (1, 'Ada', '${secret}');
INSERT INTO search (search) VALUES ('rebuild');
ANALYZE;
`;

/** What the engine says where it alone has stopped a statement. */
const stoppedByEngine =
  /readonly database|not authorized|would write|too many attached|unsafe use|cannot (start|commit|rollback|VACUUM)|database .* is (already in use|locked)/;

/** Tries generated statements on a real SQLite file among canaries, with and without a hidden column. */
export async function fuzzSqlite(count: number, seed: number): Promise<FuzzReport> {
  const world = createSqliteWorld(hostileSchema + hiddenSchema);
  const open = (hide: readonly string[]): Promise<Database> =>
    sqlite.open(
      { engine: 'sqlite', path: world.path },
      { access: 'read', timeoutMilliseconds: 1000, hide },
      never,
    );
  const plain = await open([]);
  const hiding = await open(['*.ssn']);
  const harm: string[] = [];
  const target: FuzzTarget = {
    grammar,
    admits: async (sql) => (await verdictOf(plain, sql, never)).kind === 'read',
    async run(sql) {
      const outcome = await outcomeOf(plain, sql);
      if (stoppedByEngine.test(outcome.error)) {
        harm.push(`only the engine stopped it: ${sql}`);
      }
      if ((await verdictOf(hiding, sql, never)).kind === 'read') {
        const seen = await outcomeOf(hiding, sql);
        if (/7c1f/i.test(seen.text + seen.error)) {
          harm.push(`it shows a hidden column: ${sql}`);
        }
      }
      if (outcome.error !== '') {
        throw new Error(outcome.error);
      }
    },
    snapshot: async () => JSON.stringify(world.snapshot(), exact),
  };
  try {
    const report = await fuzz(target, count, seed);
    return { ...report, harm: [...report.harm, ...harm] };
  } finally {
    await plain.close();
    await hiding.close();
    world.destroy();
  }
}

function exact(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('latin1');
  }
  return typeof value === 'bigint' ? String(value) : value;
}

async function outcomeOf(
  database: Database,
  sql: string,
): Promise<{ readonly text: string; readonly error: string }> {
  let text = '';
  try {
    await planOf(database, sql, never);
    const { batches } = await query(database, sql, { signal: never });
    let seen = 0;
    for await (const batch of batches) {
      text += JSON.stringify(batch, exact);
      if (++seen >= mostBatches) {
        break;
      }
    }
    return { text, error: '' };
  } catch (error) {
    return { text, error: messageOf(error) };
  }
}
