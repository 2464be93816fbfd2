import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataTarget } from '../../../../src/config/database/data-files.ts';
import type { Database, Row } from '../../../../src/database/database.ts';
import { duckdb } from '../../../../src/database/duckdb/connect.ts';
import { folderOf } from '../../../support/data-files.ts';
import { runDuckdb } from '../../../support/duckdb-engine.ts';
import { query } from '../../../support/statements.ts';

const never = new AbortController().signal;

const script = [
  'CREATE TABLE people (id INTEGER, name VARCHAR, ssn VARCHAR, city VARCHAR)',
  "INSERT INTO people VALUES (1, 'Ada', '123-45', 'Rome'), (2, 'Bo', '987-65', 'Ulm')",
  'CREATE VIEW renamed AS SELECT id, ssn AS code FROM people',
  'CREATE VIEW safe AS SELECT id, name FROM people',
  'CREATE VIEW without AS SELECT * EXCLUDE (ssn) FROM people',
  'CREATE VIEW whole AS SELECT people AS p FROM people',
  'CREATE MACRO leak(a) AS (SELECT max(ssn) FROM people WHERE id = a)',
  'CREATE MACRO leaks() AS TABLE SELECT id, ssn AS s FROM people',
  'CREATE VIEW by_macro AS SELECT leak(1) AS s',
  'CREATE SCHEMA other',
  "CREATE TABLE other.people AS SELECT 9 AS id, '123-45' AS ssn",
  "CREATE TYPE number AS ENUM ('123-45', '987-65')",
  "CREATE TABLE typed AS SELECT 1 AS id, CAST('123-45' AS number) AS ssn",
];
const secret = /123-45|987-65/u;

/** `p` stands for the table, `s.` for the schema that its file has. */
const answered: readonly (readonly [string, readonly Row[]])[] = [
  [
    'SELECT id, name, city FROM s.p ORDER BY id',
    [
      [1, 'Ada', 'Rome'],
      [2, 'Bo', 'Ulm'],
    ],
  ],
  ['FROM s.p SELECT name ORDER BY ALL', [['Ada'], ['Bo']]],
  ['SELECT count(*) FROM s.p WHERE city LIKE $$R%$$', [[1]]],
  [
    "PIVOT (SELECT id, city FROM s.p) ON city IN ('Rome', 'Ulm') USING count(*) GROUP BY id ORDER BY id",
    [
      [1, 1, 0],
      [2, 0, 1],
    ],
  ],
  [
    'SELECT * FROM s.safe ORDER BY id',
    [
      [1, 'Ada'],
      [2, 'Bo'],
    ],
  ],
  [
    'SELECT * FROM s.without ORDER BY id',
    [
      [1, 'Ada', 'Rome'],
      [2, 'Bo', 'Ulm'],
    ],
  ],
  ['SELECT name, note FROM s.p JOIN notes USING (id)', [['Bo', 'here']]],
];

const attacks = [
  'SELECT ssn FROM s.p',
  'SELECT "SsN" FROM s.p',
  'SELECT t.ssn FROM s.p t',
  'SELECT x FROM s.p t(a, b, x, d)',
  'SELECT x FROM (SELECT * FROM s.p) t(a, b, x, d)',
  'WITH t(a, b, x, d) AS (SELECT * FROM s.p) SELECT d FROM t',
  'SELECT * EXCLUDE (id, name, city) FROM s.p',
  'SELECT * REPLACE (id AS ssn) FROM s.p',
  'SELECT * RENAME (ssn AS code) FROM s.p',
  "SELECT COLUMNS('s.n') FROM s.p",
  "SELECT COLUMNS(c -> c LIKE 's%') FROM s.p",
  'SELECT max(COLUMNS(*)) FROM s.p',
  'SELECT *, * FROM s.p',
  'SELECT t FROM s.p t',
  'SELECT (t).ssn FROM s.p t',
  "SELECT struct_extract(t, 'ssn') FROM s.p t",
  'SELECT to_json(t) FROM s.p t',
  'SELECT row_to_json(t) FROM s.p t',
  'SELECT list(t) FROM s.p t',
  'SELECT CAST(t AS VARCHAR) FROM s.p t',
  'SELECT unnest([t]) FROM s.p t',
  'SELECT struct_values(t) FROM s.p t',
  'SELECT arg_max(t, id) FROM s.p t',
  'SELECT first(p) OVER () FROM s.p',
  "SELECT id FROM s.p WHERE ssn LIKE '1%'",
  'SELECT id FROM s.p ORDER BY ssn',
  'SELECT id FROM s.p GROUP BY id, ssn',
  'SELECT DISTINCT ON (ssn) id FROM s.p',
  'SELECT id FROM s.p QUALIFY row_number() OVER (ORDER BY ssn) = 1',
  'SELECT id FROM s.p LIMIT (SELECT length(max(ssn)) FROM s.p)',
  'SELECT count(*) FROM s.p JOIN keys USING (ssn)',
  'SELECT count(*) FROM s.p NATURAL JOIN keys',
  'SELECT count(*) FROM s.p a JOIN s.p b ON a.ssn = b.ssn',
  'SELECT q FROM s.p, LATERAL (SELECT ssn AS q)',
  'SELECT id FROM s.p a WHERE EXISTS (SELECT 1 WHERE ssn > $$2$$)',
  'SELECT list_transform([1], x -> ssn) FROM s.p',
  'PIVOT s.p ON city IN ($$Rome$$) USING max(ssn)',
  'UNPIVOT s.p ON ssn, name INTO NAME k VALUE v',
  'SUMMARIZE s.p',
  'SELECT #3 FROM s.p',
  'SELECT * FROM s.p POSITIONAL JOIN notes',
  'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < (SELECT length(max(ssn)) FROM s.p)) SELECT max(n) FROM t',
  'SELECT leak(1)',
  'SELECT * FROM leaks()',
  'SELECT made_file.leak(1)',
  'SELECT * FROM made_file.leaks()',
  'SELECT * FROM s.renamed',
  'SELECT code FROM s.renamed',
  'SELECT * FROM s.whole',
  'SELECT p.ssn FROM s.whole',
  'SELECT * FROM s.by_macro',
  'SELECT ssn FROM made_file.main.people',
  'SELECT * FROM made_file.main.people',
  'SELECT ssn FROM made_file.people',
  'SELECT * FROM made_file.other.people',
  'SELECT code FROM made_file.renamed',
  'SELECT * FROM s.people_2',
  'SELECT * FROM other.people',
  'SELECT ssn FROM s.typed',
  'SELECT id FROM s.typed WHERE ssn IS NOT NULL',
  'SELECT enum_range(CAST(NULL AS number))',
  'SELECT enum_range(CAST(NULL AS made_file.number))',
  'SELECT json_transform(\'"x"\', \'"number"\')',
  'SELECT sql FROM duckdb_views()',
  'SELECT stats(ssn) FROM s.p',
  'EXPLAIN ANALYZE SELECT ssn FROM s.p',
];

/** What a statement gives, or the error's words. */
async function outcomeOf(database: Database, sql: string): Promise<readonly Row[] | string> {
  try {
    const { columns, batches } = await query(database, sql, { signal: never });
    const rows: Row[] = [];
    for await (const batch of batches) {
      rows.push(...batch);
    }
    // A column that was not there is no hidden one.
    return columns.some(({ name }) => name === 'ssn') && /\*/u.test(sql) ? 'shows ssn 123-45' : rows;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const folders: Awaited<ReturnType<typeof folderOf>>[] = [];
afterAll(async () => {
  for (const made of folders) {
    await made[Symbol.asyncDispose]();
  }
});

describe.each([
  ['alone', 'ssn'],
  ['beside other files', 'ssn'],
  ['beside other files', '*.ssn'],
  ['beside other files, by the name that people know it by', 'made.people*.ssn,made.typed.ssn,keys.ssn'],
] as const)('a hidden column of a DuckDB file %s (%s)', (where, hide) => {
  const isAlone = where === 'alone';
  const written = (sql: string): string =>
    sql
      .replaceAll(/\bs\.p\b/gu, 's.people')
      .replaceAll(/\bs\./gu, isAlone ? '' : 'made.')
      .replaceAll('made_file.', isAlone ? 'made.' : 'made_file.');
  let database: Database;

  beforeAll(async () => {
    const made = await folderOf({
      'notes.csv': 'id,note\n2,here\n3,there\n',
      'keys.csv': 'ssn,city\n123-45,Rome\n',
    });
    folders.push(made);
    const path = join(made.folder, 'made.duckdb');
    const tables = [
      "CREATE TABLE notes AS SELECT 2 AS id, 'here' AS note",
      'CREATE TABLE keys AS SELECT ssn, city FROM people',
    ];
    await runDuckdb(path, isAlone ? [...script, ...tables] : script);
    const files = await dataTarget('made.duckdb\nnotes.csv\nkeys.csv', {
      environment: {},
      workingDirectory: made.folder,
      homeFolder: made.folder,
    });
    const target = isAlone || files === null ? ({ engine: 'duckdb', path } as const) : files;
    database = await duckdb.open(
      target,
      { access: 'read', timeoutMilliseconds: 20_000, hide: hide.split(','), memoryLimit: 1 << 30 },
      never,
    );
  });
  afterAll(() => database.close());

  it.each(answered)('leaves the others to be read: %s', async (sql, rows) => {
    expect(await outcomeOf(database, written(sql))).toEqual(rows);
  });

  it.each([
    ['SELECT * EXCLUDE (ssn) FROM s.p ORDER BY id'],
    ['SELECT * EXCLUDE ssn FROM s.p ORDER BY id'],
    ['SELECT t.* EXCLUDE ("SSN") FROM s.p t ORDER BY id'],
    ['SELECT COLUMNS(* EXCLUDE (ssn)) FROM s.p ORDER BY id'],
  ])('may be left out by name where it is known: %s', async (sql) => {
    const outcome = await outcomeOf(database, written(sql));
    if (isAlone) {
      expect(outcome).toEqual([
        [1, 'Ada', 'Rome'],
        [2, 'Bo', 'Ulm'],
      ]);
    } else {
      expect(outcome).toMatch(/EXCLUDE list not found/u);
    }
  });

  it.each(attacks)('is not read by %s', async (sql) => {
    const outcome = await outcomeOf(database, written(sql));
    expect(JSON.stringify(outcome)).not.toMatch(secret);
    if (isAlone) {
      expect(typeof outcome, JSON.stringify(outcome)).toBe('string');
    }
  });

  it('is none of the schema', async () => {
    const { tables } = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
    const names = tables.map(({ schema, name }) => `${schema}.${name}`).sort();
    const from = isAlone ? 'main' : 'made';
    expect(names).toEqual(expect.arrayContaining([`${from}.people`, `${from}.safe`, `${from}.without`]));
    expect(names.join(' ')).not.toMatch(/renamed|whole|by_macro/u);
    expect(JSON.stringify(tables)).not.toMatch(/ssn|123-45/u);
  });
});
