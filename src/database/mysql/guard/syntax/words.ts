const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that begin a query. */
export const queryWords = set('SELECT WITH VALUES TABLE');

export const setOperators = set('UNION EXCEPT INTERSECT');

/** Words that end the list of tables. */
export const joinClauseEnds = set('WHERE GROUP HAVING ORDER LIMIT WINDOW OFFSET FETCH');

/** Words after a table that are no alias of it. */
export const noAlias = set(`
  JOIN INNER LEFT RIGHT CROSS STRAIGHT_JOIN NATURAL ON USING WHERE GROUP HAVING ORDER LIMIT UNION EXCEPT INTERSECT
  FOR WINDOW USE IGNORE FORCE PARTITION SET PROCEDURE LOCK FETCH OFFSET INTO VALUES VALUE SELECT TABLE WITH
  FULL OUTER RETURNING LATERAL DUAL FROM AND OR BY`);

/** Reserved words before a bracket that is no call; the server never takes them for the name of a function. */
export const plainWords = set(`
  AND OR NOT IN EXISTS BETWEEN LIKE REGEXP RLIKE DIV XOR CASE WHEN THEN ELSE DISTINCT DISTINCTROW ALL WHERE ON HAVING
  BY LIMIT AS INDEX KEY IS BINARY COLLATE VALUES ROW`);

/** Types that may have a length, in CAST, CONVERT and JSON_TABLE. */
export const types = set(`
  DECIMAL NUMERIC DEC FIXED FLOAT DOUBLE REAL CHAR CHARACTER VARCHAR VARYING NCHAR BINARY VARBINARY DATETIME TIME
  TIMESTAMP INT INTEGER BIGINT SMALLINT TINYINT MEDIUMINT BIT TEXT BLOB VECTOR`);

/** Reserved words that belong to other statements: without backticks they are never names. */
export const foreignWords: Readonly<Record<string, string>> = {
  INTO: 'INTO writes to a file or a variable',
  OUTFILE: 'OUTFILE writes a file',
  LOCK: 'LOCK locks rows or tables',
  UNLOCK: 'UNLOCK changes locks',
  PROCEDURE: 'PROCEDURE runs code in the server',
  CALL: 'CALL runs a stored procedure',
  UPDATE: 'UPDATE changes rows',
  DELETE: 'DELETE removes rows',
  INSERT: 'INSERT adds rows',
  REPLACE: 'REPLACE changes rows',
  RETURNING: 'RETURNING belongs to a write',
  CREATE: 'CREATE changes the schema',
  ALTER: 'ALTER changes the schema',
  DROP: 'DROP changes the schema',
  RENAME: 'RENAME changes the schema',
  TRIGGER: 'TRIGGER changes the schema',
  OPTIMIZE: 'OPTIMIZE rewrites a table',
  GRANT: 'GRANT changes rights',
  REVOKE: 'REVOKE changes rights',
  LOAD: 'LOAD reads a file',
  PURGE: 'PURGE removes logs',
  KILL: 'KILL ends sessions',
  SIGNAL: 'SIGNAL belongs to stored code',
  RESIGNAL: 'RESIGNAL belongs to stored code',
  DECLARE: 'DECLARE belongs to stored code',
  SHOW: 'SHOW is a statement of its own',
  DESCRIBE: 'DESCRIBE is a statement of its own',
  EXPLAIN: 'EXPLAIN is a statement of its own',
};

/** All of these: words that change what a statement means. */
export const keywords: ReadonlySet<string> = new Set([
  ...queryWords,
  ...setOperators,
  ...joinClauseEnds,
  ...noAlias,
  ...plainWords,
  ...Object.keys(foreignWords),
]);
