import type { Random } from './generate.ts';

/** What a statement may reach for: files, locks, accounts, other databases, sequences, stored code. */
const harmfulExpressions = [
  "LOAD_FILE('@file@')",
  'SLEEP(2)',
  "GET_LOCK('sqlq', 0)",
  "RELEASE_LOCK('sqlq')",
  "add_audit('x')",
  "@db@.add_audit('x')",
  'liar()',
  'NEXTVAL(seq)',
  'NEXT VALUE FOR seq',
  'SETVAL(seq, 500)',
  'LASTVAL(seq)',
  'LAST_INSERT_ID(77)',
  "BENCHMARK(10000000, SHA2('a', 512))",
  '@a := 1',
  '(SELECT authentication_string FROM mysql.user LIMIT 1)',
  '(SELECT Priv FROM mysql.global_priv LIMIT 1)',
  '(SELECT secret FROM @other@.vault LIMIT 1)',
  '(SELECT info FROM information_schema.processlist LIMIT 1)',
  "now ('x')",
  "count ('x')",
  "`concat`('x')",
  'datetime(6)',
  'over(6)',
  'any(6)',
  'against(6)',
  "columns('x')",
  'of(6)',
  "(SELECT 1 INTO OUTFILE '@out@')",
  '(SELECT id FROM customers FOR UPDATE)',
  '(SELECT COUNT(*) FROM writing_view)',
  '(SELECT * FROM secret_view LIMIT 1)',
  'ssn',
  '`ſsn`',
  'c.ssn',
  'c.*',
  'users.*',
  '(SELECT ssn FROM users LIMIT 1)',
  '(SELECT harmless FROM ssn_view LIMIT 1)',
  'tail',
  'JSON_ARRAYAGG(ssn)',
  "vec_totext('x')",
  "json_unescape('x')",
  '(SELECT id FROM customers LOCK IN SHARE MODE)',
  '(SELECT 1 FROM seq FOR UPDATE)',
  '@@global.general_log := 1',
  "@@session.sql_mode := ''",
  'seq.NEXTVAL',
  'PREVIOUS VALUE FOR seq',
  "UNCOMPRESS(LOAD_FILE('@file@'))",
  '(SELECT GROUP_CONCAT(User) FROM mysql.user)',
  '(WITH users AS (SELECT 1 AS ssn) SELECT ssn FROM users LIMIT 1)',
  '(WITH x AS (TABLE users) SELECT * FROM x LIMIT 1)',
  '(WITH mysql AS (SELECT 1) SELECT COUNT(*) FROM mysql.user)',
  '(SELECT COLUMN_DEFAULT FROM information_schema.COLUMNS LIMIT 1)',
  '(SELECT VIEW_DEFINITION FROM information_schema.VIEWS LIMIT 1)',
  '{fn SLEEP(2)}',
  "_gbk'\\' OR SLEEP(2) -- '",
  "_sjis'x' OR SLEEP(2)",
  "escape ('x')",
  "value ('x')",
  "group ('x')",
  'MIN(ssn) OVER ()',
  'users.ſsn',
  'DEFAULT(ssn)',
  "MATCH (ssn) AGAINST ('x')",
  '(ssn, 1) IN (SELECT 1, 2)',
  '(SELECT x.c FROM (SELECT 1 a, 2 b, 3 c, 4 d UNION SELECT * FROM users) x LIMIT 1 OFFSET 1)',
];

const harmfulTables = [
  'mysql.user',
  'mysql . global_priv',
  '`mysql`.`db`',
  'mysql/**/./**/user',
  '@other@.vault',
  '`@other@`.vault AS customers',
  'writing_view',
  'secret_view',
  'information_schema.processlist',
  'information_schema.user_privileges',
  'performance_schema.threads',
  'sys.session',
  "JSON_TABLE(LOAD_FILE('@file@'), '$' COLUMNS (a INT PATH '$')) AS j",
  '(SELECT * FROM @other@.vault) AS v',
  '(customers, @other@.vault)',
  '(DELETE FROM orders RETURNING id) AS d',
  'users c',
  'users AS c',
  'users FOR SYSTEM_TIME ALL AS c',
  '(users c)',
  '(SELECT * FROM users) AS c',
  'ssn_view c',
  'users',
  '(customers c, users)',
  '(TABLE users) c',
  '(VALUES (1, 2)) c',
  'users USE INDEX (PRIMARY) c',
  'users PARTITION (p0) c',
  '(SELECT u.* FROM users u) c',
  '(customers c NATURAL JOIN users)',
  'LATERAL (SELECT * FROM users) c',
  'information_schema.COLUMNS c',
  'information_schema . `PROCESSLIST` c',
  'INFORMATION_SCHEMA.ALL_PLUGINS c',
  'information_schema.user_variables c',
  '`mysql`.`proc` c',
  'seq',
  'seq_1_to_5 c',
  "JSON_TABLE((SELECT JSON_ARRAYAGG(ssn) FROM users), '$[*]' COLUMNS (name TEXT PATH '$')) AS c",
];

const tails = [
  "INTO OUTFILE '@out@'",
  "INTO DUMPFILE '@out@'",
  'INTO @a',
  'FOR UPDATE',
  'FOR SHARE',
  'LOCK IN SHARE MODE',
  'PROCEDURE ANALYSE()',
  '; DELETE FROM orders',
  '; COMMIT; DELETE FROM orders',
  "/*! INTO OUTFILE '@out@' */",
  '/*M! FOR UPDATE */',
  '-- \n; DELETE FROM orders',
  '--; DELETE FROM orders',
  '# x\nFOR UPDATE',
  '\\G',
  'FOR UPDATE SKIP LOCKED',
  'FOR SYSTEM_TIME ALL FOR UPDATE',
  'LIMIT 1 INTO @a, @b',
  'LIMIT ROWS EXAMINED 1 FOR UPDATE',
  'UNION SELECT ssn FROM users',
  'EXCEPT TABLE users',
  'MINUS SELECT 1',
  'RETURNING *',
];

const statements = [
  'DELETE FROM orders',
  'UPDATE customers SET name = 1',
  'INSERT INTO audit_log(what) VALUES (1)',
  'TRUNCATE TABLE audit_log',
  'CREATE TABLE made (a INT)',
  "SET STATEMENT tx_read_only = 0 FOR INSERT INTO audit_log(what) VALUES ('x')",
  'SET SESSION TRANSACTION READ WRITE',
  "SET SESSION sql_mode = 'ANSI_QUOTES'",
  'SET GLOBAL general_log = 1',
  'BEGIN NOT ATOMIC INSERT INTO audit_log(what) VALUES (1); END',
  'CALL do_write()',
  'CALL do_commit_write()',
  "DO add_audit('x')",
  "DO GET_LOCK('sqlq', 0)",
  'COMMIT',
  'ROLLBACK',
  'START TRANSACTION',
  'HANDLER customers OPEN',
  'LOCK TABLES customers WRITE',
  'FLUSH TABLES',
  "EXECUTE IMMEDIATE 'DELETE FROM orders'",
  "LOAD DATA INFILE '@file@' INTO TABLE audit_log",
  'ANALYZE TABLE customers',
  'SHOW GRANTS',
  'SHOW PROCESSLIST',
  'SHOW CREATE USER',
  'SHOW TABLES FROM mysql',
  'EXPLAIN DELETE FROM orders',
  'ANALYZE DELETE FROM orders',
  'REPLACE INTO orders(id) VALUES (1)',
  'DROP VIEW writing_view',
  'XA START 1',
  'SET @a = 1',
  'SET ROLE NONE',
  'USE mysql',
  'KILL 1',
  'FLUSH PRIVILEGES',
  'SHOW CREATE TABLE users',
  'SHOW COLUMNS FROM users',
  'SHOW CREATE USER admin',
  'SHOW INDEX FROM user FROM mysql',
  'SHOW STATUS WHERE SLEEP(2)',
  'SHOW VARIABLES WHERE (SELECT 1 FROM mysql.user)',
  'DESCRIBE users',
  'DESC users ssn',
  'ANALYZE FORMAT=JSON UPDATE customers SET name = 1',
  'EXPLAIN FORMAT=JSON DELETE FROM orders',
  'CREATE OR REPLACE VIEW active_customers AS SELECT 1',
  'ALTER TABLE customers ADD COLUMN made INT',
  'OPTIMIZE TABLE customers',
  'CHECK TABLE legacy',
  'TABLE users',
  'VALUES ((SELECT ssn FROM users LIMIT 1))',
  'WITH x AS (SELECT 1) DELETE FROM orders',
  'DELETE FROM orders RETURNING *',
  "SELECT * INTO OUTFILE '@out@' FROM customers",
  'HELP SELECT',
  "BINLOG 'x'",
  'BACKUP STAGE START',
];

const plainExpressions = [
  '1',
  "'text; DELETE'",
  '"it\'s"',
  "'\\''",
  "''''",
  'NULL',
  'id',
  'name',
  '`drop`',
  'c.update',
  'COUNT(*)',
  'UPPER(name)',
  'net(1)',
  "CONCAT(name, '--', '/*')",
  'CASE WHEN id = 1 THEN 2 ELSE 3 END',
  "x'41'",
  '0x41',
  '1e3',
  '1.5',
  '.5',
  'CAST(id AS CHAR(10))',
  "SUBSTRING('abc' FROM 2 FOR 1)",
  '(SELECT MAX(total) FROM orders)',
  'EXISTS (SELECT 1 FROM orders)',
  '@@version',
  "INSERT('abc', 1, 1, 'x')",
  'SUM(id) OVER (ORDER BY id)',
  "_utf8mb4'x'",
  'NOW()',
  "TRIM(BOTH 'x' FROM name)",
  '\\N',
  "_gbk'abc'",
  "name LIKE 'A%' ESCAPE '!'",
  'JSON_OBJECT(id, name)',
  "REGEXP_REPLACE(name, 'a', 'b')",
  'DATE_ADD(NOW(), INTERVAL 1 DAY)',
  "{d '2024-01-01'}",
  'ROW_NUMBER() OVER (PARTITION BY name ORDER BY id)',
  "GROUP_CONCAT(name ORDER BY id SEPARATOR ';')",
  'CONVERT(name USING latin1)',
  'ST_AsText(POINT(1, 2))',
  'X(POINT(1, 2))',
  'c.id BETWEEN 1 AND 2',
  'id IN (1, 2)',
];

const plainTables = [
  'customers c',
  'customers AS c',
  '(SELECT 1 AS id, 2 AS name) c',
  '`customers` c',
  'active_customers c',
  'seq_1_to_3 c',
  '(VALUES (1, 2)) c',
  "JSON_TABLE('[1]', '$[*]' COLUMNS (id FOR ORDINALITY, name INT PATH '$')) c",
  'information_schema.TABLES c',
  'customers c USE INDEX (PRIMARY)',
  '(customers c)',
];
const noise = [' ', '\n', '\t', '/**/', '/* x */', ' -- x\n', '#\n', '  '];
const garbage = [
  '1.e',
  '\\',
  '@',
  '{',
  '\u00a0',
  '\ufeff',
  'ſ',
  "'",
  '"',
  '`',
  ';',
  ')',
  '(',
  '/*',
  '*/',
  '\u0000',
  '\r',
  'x',
  '--',
  '.',
  ',',
  '/*!',
  '/*!50000',
  '/*M!',
  '/*+',
  '\u212a',
];

/** One statement: plain or harmful constructs, wrapped, nested and bent. */
export function generate(random: Random): string {
  const chance = (share: number): boolean => random.chance(share * 100);
  const { pick } = random;
  const expression = (depth: number): string => {
    if (depth > 0 && chance(0.35)) {
      const inner = expression(depth - 1);
      return pick([
        `(${inner})`,
        `COALESCE(${inner}, 1)`,
        `(${inner}) + 1`,
        `IF(1, ${inner}, 2)`,
        `(SELECT ${inner})`,
        `${inner} AS a`.replace(' AS a', ''),
        `GREATEST(1, ${inner})`,
        `NOT ${inner}`,
      ]);
    }
    return pick(chance(0.25) ? harmfulExpressions : plainExpressions);
  };
  const query = (depth: number): string => {
    const table = chance(0.2) ? pick(harmfulTables) : pick(plainTables);
    const join = chance(0.2)
      ? ` ${pick(['JOIN', 'LEFT JOIN', ',', 'NATURAL JOIN', 'STRAIGHT_JOIN'])} ${chance(0.3) ? pick(harmfulTables) : 'orders o'}${chance(0.4) ? ' ON 1' : ''}`
      : '';
    let text = `SELECT ${chance(0.2) ? '*' : expression(2)} FROM ${table}${join}`;
    if (chance(0.3)) {
      text += ` WHERE ${expression(1)}`;
    }
    if (chance(0.2)) {
      text += ` GROUP BY ${expression(1)}`;
    }
    if (chance(0.2)) {
      text += ` ORDER BY ${expression(1)}`;
    }
    if (chance(0.2)) {
      text += ' LIMIT 3';
    }
    if (chance(0.1)) {
      text += ` ${pick(tails)}`;
    }
    if (depth > 0 && chance(0.2)) {
      text = `WITH x AS (${query(depth - 1)}) ${query(depth - 1)}`;
    }
    if (depth > 0 && chance(0.2)) {
      text = `SELECT * FROM (${query(depth - 1)}) AS c`;
    }
    if (depth > 0 && chance(0.15)) {
      text = `${text} UNION ALL ${query(depth - 1)}`;
    }
    if (depth > 0 && chance(0.1)) {
      text = `WITH ${pick(['users', 'c', 'processlist', 'mysql', 'orders'])} AS (${query(0)}) ${text}`;
    }
    if (depth > 0 && chance(0.1)) {
      text = `WITH RECURSIVE r AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM r WHERE id < 3) ${text}`;
    }
    if (depth > 0 && chance(0.1)) {
      text = `(${text})`;
    }
    return text;
  };
  let sql = chance(0.12) ? pick(statements) : chance(0.08) ? `VALUES (${expression(2)})` : query(2);
  if (chance(0.1)) {
    sql = `${pick(['EXPLAIN', 'EXPLAIN EXTENDED', 'ANALYZE', 'DESCRIBE', 'EXPLAIN FORMAT=JSON', 'ANALYZE FORMAT=JSON', 'SHOW TABLES WHERE', 'EXPLAIN FOR', 'SET STATEMENT max_statement_time=0 FOR', 'PREPARE s FROM'])} ${sql}`;
  }
  if (chance(0.1)) {
    sql = `${sql} ${pick(tails)}`;
  }
  if (chance(0.3)) {
    sql = sql.replace(/ /g, (space) => (chance(0.2) ? pick(noise) : space));
  }
  if (chance(0.15)) {
    sql = sql.replace(/\(/g, (bracket) => (chance(0.3) ? `${pick(noise)}(` : bracket));
  }
  if (chance(0.2)) {
    sql = [...sql].map((letter) => (chance(0.3) ? letter.toUpperCase() : letter)).join('');
  }
  if (chance(0.1)) {
    sql = sql.replace(/\b([a-z_]{4,})\(/gi, (all, name) => (chance(0.5) ? `\`${name}\`(` : all));
  }
  if (chance(0.15)) {
    const at = random.below(sql.length + 1);
    sql = sql.slice(0, at) + pick(garbage) + sql.slice(at);
  }
  if (chance(0.05)) {
    const at = random.below(sql.length + 1);
    sql = sql.slice(0, at) + sql.slice(at + 1 + random.below(5));
  }
  return sql;
}
