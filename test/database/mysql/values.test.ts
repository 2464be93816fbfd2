import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Row } from '../../../src/database/database.ts';
import { mysql } from '../../../src/database/mysql/connect.ts';
import { createCsvRenderer } from '../../../src/render/csv.ts';
import { readCsv } from '../../support/csv-text.ts';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../../support/mysql-engine.ts';
import { query, queryCsv } from '../../support/statements.ts';

const never = new AbortController().signal;

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: values`, () => {
    const server = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const name = uniqueName('values');
    let database: Database;

    beforeAll(async () => {
      await runAsOwner(server, [
        `CREATE DATABASE ${name} CHARACTER SET utf8mb4`,
        `CREATE TABLE ${name}.all_types (
        id INT PRIMARY KEY, tiny TINYINT, big BIGINT, ubig BIGINT UNSIGNED, padded INT(6) ZEROFILL, exact DECIMAL(40,10),
        f FLOAT, d DOUBLE, bits BIT(64), flag BIT(1), y YEAR, dt DATE, t TIME(6), ts DATETIME(6), e ENUM('a,b', 'c''d'),
        s SET('x', 'y'), txt TEXT, vc VARCHAR(50), latin VARCHAR(50) CHARACTER SET latin1, bin VARBINARY(10),
        fixed BINARY(3), blob_value BLOB, j JSON, g GEOMETRY)`,
        `SET sql_mode = ''`,
        `INSERT INTO ${name}.all_types VALUES
        (1, -128, -9223372036854775808, 18446744073709551615, 42, '-99999999999999999999.0000000001', 1.5, 1e308,
         b'1111111111111111111111111111111111111111111111111111111111111111', b'1', 2024, '2024-02-29', '-838:59:59.000001',
         '9999-12-31 23:59:59.999999', 'a,b', 'x,y', 'comma, "quote"
line', '', 'Größe', x'00ff', x'000102', x'', '{"a": 9007199254740993}', POINT(1, 2)),
        (3, 0, 0, 0, 0, 0, -0.0, 0.1, b'0', b'0', 0, '0000-00-00', '00:00:00', '0000-00-00 00:00:00', 'c''d', '',
         '\\r', ' ', '', x'', x'000000', x'22', '[]', NULL)`,
        `INSERT INTO ${name}.all_types (id) VALUES (2)`,
      ]);
      database = await mysql.open(
        { ...server, database: name },
        { access: 'read', timeoutMilliseconds: 10_000, hide: [] },
        never,
      );
    });
    afterAll(async () => {
      await database?.close();
      await runAsOwner(server, [`DROP DATABASE ${name}`]);
    });

    const rowsOf = async (sql: string): Promise<Row[]> => {
      const rows: Row[] = [];
      for await (const batch of (await query(database, sql, { signal: never })).batches) {
        rows.push(...batch);
      }
      return rows;
    };
    const csvOf = async (sql: string): Promise<string> => {
      return (await readCsv(await queryCsv(database, sql, { signal: never }))).text;
    };
    const rendered = async (sql: string): Promise<string> => {
      const result = await query(database, sql, { signal: never });
      const renderer = createCsvRenderer({ csvSafe: false });
      renderer.begin(result.columns);
      let text = '';
      for await (const batch of result.batches) {
        text += renderer.rows(batch);
      }
      return text;
    };

    it('come out digit for digit', async () => {
      const [first, empty, zero] = await rowsOf('SELECT * FROM all_types ORDER BY id');
      expect(first?.slice(0, -1)).toEqual([
        1,
        -128,
        -9223372036854775808n,
        18446744073709551615n,
        '000042',
        '-99999999999999999999.0000000001',
        '1.5',
        '1e308',
        18446744073709551615n,
        1,
        2024,
        '2024-02-29',
        // MySQL's last TIME has no part of a second.
        product === 'MySQL' ? '-838:59:59.000000' : '-838:59:59.000001',
        '9999-12-31 23:59:59.999999',
        'a,b',
        'x,y',
        'comma, "quote"\nline',
        '',
        'Größe',
        Uint8Array.from([0, 255]),
        Uint8Array.from([0, 1, 2]),
        Uint8Array.from([]),
        '{"a": 9007199254740993}',
      ]);
      expect(first?.at(-1)).toBeInstanceOf(Uint8Array);
      expect(empty).toEqual([2, ...Array(23).fill(null)]);
      expect(zero?.slice(8, 14)).toEqual([
        0,
        0,
        0,
        '0000-00-00',
        '00:00:00.000000',
        '0000-00-00 00:00:00.000000',
      ]);
    });

    it('have a kind and the name of their type', async () => {
      const { columns, batches } = await query(database, 'SELECT * FROM all_types', { signal: never });
      for await (const batch of batches) {
        expect(batch.length).toBe(3);
      }
      expect(columns.map((column) => `${column.name} ${column.kind} ${column.type}`)).toEqual([
        'id number int',
        'tiny number tinyint',
        'big number bigint',
        'ubig number bigint unsigned',
        'padded text int unsigned',
        'exact number decimal',
        'f number float',
        'd number double',
        'bits number bit',
        'flag number bit',
        'y number year',
        'dt text date',
        't text time',
        'ts text datetime',
        'e text enum',
        's text set',
        'txt text text',
        'vc text varchar',
        'latin text varchar',
        'bin bytes varbinary',
        'fixed bytes binary',
        'blob_value bytes blob',
        'j json json',
        'g bytes geometry',
      ]);
    });

    it('are the same in the CSV that is copied from the network', async () => {
      for (const sql of [
        'SELECT * FROM all_types ORDER BY id',
        'SELECT id FROM all_types WHERE id < 0',
        "SELECT NULL, '', ',', '\"', '\\n', 'a\\rb', '€', x'22', 1.50",
        "SELECT REPEAT('\"', 300), REPEAT(',', 70000), REPEAT('€', 100000), REPEAT(x'ff', 70000)",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 900) SELECT a.n, CONCAT(a.n, ',\"', b.n) FROM t a, t b",
      ]) {
        expect(await csvOf(sql)).toBe(await rendered(sql));
      }
    });

    it('are the same in CSV whatever the text', async () => {
      const literal = (text: string | null): string =>
        text === null ? 'NULL' : `'${text.replace(/[\\']/g, '\\$&')}'`;
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.option(
              fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '€', '🎉', ' ', "'", '\\') }),
            ),
            {
              minLength: 1,
              maxLength: 5,
            },
          ),
          async (texts) => {
            const sql = `SELECT ${texts.map(literal).join(', ')}`;
            expect(await rowsOf(sql)).toEqual([texts]);
            expect(await csvOf(sql)).toBe(await rendered(sql));
          },
        ),
        { numRuns: 50 },
      );
    });
  });
}
