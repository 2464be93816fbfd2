import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataTarget } from '../../../../src/config/database/data-files.ts';
import { admitted } from '../../../../src/database/admitted-statement.ts';
import { duckdb } from '../../../../src/database/duckdb/connect.ts';
import { filesConnector } from '../../../../src/database/duckdb/files/connector.ts';
import { literal } from '../../../../src/database/duckdb/files/sql.ts';
import { guardOf } from '../../../../src/database/duckdb/guard/admit.ts';
import { start } from '../../../../src/database/duckdb/query.ts';
import { openInstance } from '../../../../src/database/duckdb/session.ts';
import { hidePatterns } from '../../../../src/database/pattern.ts';
import { folderOf } from '../../../support/data-files.ts';
import { query, verdictOf } from '../../../support/statements.ts';

const never = new AbortController().signal;

describe('a view over files', () => {
  it('may read exactly the files that were asked about', async () => {
    await using made = await folderOf({ 'mine.csv': 'n\n1\n', 'other.csv': 'n\n2\n' });
    const mine = join(made.folder, 'mine.csv');
    const other = join(made.folder, 'other.csv');
    const reader = (...paths: readonly string[]): string => `read_csv([${paths.map(literal).join(', ')}])`;
    const views: Readonly<Record<string, string>> = {
      own: reader(mine),
      own_twice: reader(mine, mine),
      own_alone: `read_csv(${literal(mine)})`,
      with_another: reader(mine, other),
      another_first: reader(other, mine),
      another_alone: reader(other),
      pattern: reader(join(made.folder, '*.csv')),
      computed: `read_csv([${literal(mine)}, ${literal(made.folder)} || '/other.csv'])`,
      raw: `read_text([${literal(other)}])`,
      beneath: `(SELECT n FROM ${reader(mine)} UNION ALL SELECT n FROM ${reader(other)})`,
      inside: `(SELECT (SELECT max(n) FROM ${reader(other)}) AS n FROM ${reader(mine)})`,
    };
    const instance = await openInstance({
      path: ':memory:',
      access: 'READ_WRITE',
      async fill({ rows }) {
        for (const [name, relation] of Object.entries(views)) {
          await rows(`CREATE VIEW ${name} AS FROM ${relation}`);
        }
        return [mine, other];
      },
    });
    const connection = await instance.connect();
    const guard = guardOf(hidePatterns([]), new Set([mine]));
    const kindOf = async (sql: string): Promise<string> =>
      (await guard.admit(connection, sql, [], ['read'])).verdict.kind;
    try {
      const kinds: Record<string, string> = {};
      for (const name of Object.keys(views)) {
        kinds[name] = await kindOf(`SELECT n FROM ${name}`);
      }
      const admittedViews = Object.keys(kinds).filter((name) => kinds[name] === 'read');
      expect(admittedViews).toEqual(['own', 'own_twice', 'own_alone']);
      // A statement of somebody else's calls no reader, of whatever file.
      expect(await kindOf(`SELECT n FROM ${reader(mine)}`)).toBe('forbidden');
      expect(await kindOf(`SELECT n FROM own, ${reader(mine)}`)).toBe('forbidden');
      expect(await kindOf(`SELECT n FROM own JOIN with_another USING (n)`)).toBe('forbidden');
    } finally {
      guard.close();
      connection.close();
      instance.close();
    }
  });
});

describe('a file that is read by each statement', () => {
  const large = Array.from({ length: 30_000 }, (_, id) => `{"id":${id},"text":"${'x'.repeat(290)}"}\n`).join(
    '',
  );
  const targetOf = async (folder: string) => {
    const target = await dataTarget('large.ndjson', {
      environment: {},
      workingDirectory: folder,
      homeFolder: folder,
    });
    if (target?.reading === undefined) {
      throw new Error('no data file');
    }
    return { ...target, reading: target.reading };
  };
  const changes = (path: string): readonly string[] => [
    `COPY (SELECT 1 AS id) TO ${literal(path)}`,
    `COPY large TO ${literal(path)} (FORMAT json)`,
    `EXPLAIN ANALYZE COPY large TO ${literal(path)}`,
    'CREATE TABLE t AS FROM large',
    'DROP VIEW large',
    `ATTACH ${literal(path)} AS other`,
    'SET threads = 1',
  ];

  it('is never written, whatever is asked: the guard admits no such statement', async () => {
    await using made = await folderOf({ 'large.ndjson': large });
    // So much memory holds no file of that size beside what a statement needs.
    const options = {
      access: 'read',
      timeoutMilliseconds: 10_000,
      hide: [],
      memoryLimit: 128 << 20,
    } as const;
    const database = await duckdb.open(await targetOf(made.folder), options, never);
    try {
      const views = await query(database, 'SELECT view_name FROM duckdb_views() WHERE NOT internal', {
        signal: never,
      });
      const names: unknown[] = [];
      for await (const batch of views.batches) {
        names.push(...batch);
      }
      expect(names).toEqual([['large']]);
      for (const sql of changes(join(made.folder, 'large.ndjson'))) {
        expect((await verdictOf(database, sql, never)).kind, sql).not.toBe('read');
        await expect(query(database, sql, { signal: never }), sql).rejects.toMatchObject({ code: 'refused' });
      }
    } finally {
      await database.close();
    }
    expect(readFileSync(join(made.folder, 'large.ndjson'), 'utf8')).toBe(large);
  });

  it('is never written either where a guard has let such a statement through', async () => {
    await using made = await folderOf({ 'large.ndjson': large });
    const connector = await filesConnector(
      (await targetOf(made.folder)).reading,
      hidePatterns([]),
      undefined,
      0,
    );
    try {
      for (const sql of changes(join(made.folder, 'large.ndjson'))) {
        const begun = connector
          .reader()
          .then((reader) => start(reader, ':memory:', admitted(sql, [], 'read'), never));
        await expect(begun, sql).rejects.toMatchObject({
          code: expect.stringMatching(/^(?:refused|failed)$/u),
        });
      }
      const reader = await connector.reader();
      expect(await reader.rows('SELECT count(*)::VARCHAR FROM large')).toEqual([['30000']]);
      reader.close();
    } finally {
      connector.close();
    }
    expect(readFileSync(join(made.folder, 'large.ndjson'), 'utf8')).toBe(large);
  });
});
