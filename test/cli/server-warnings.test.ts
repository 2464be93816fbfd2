import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mysqlServers, mysqlTarget, runAsOwner, uniqueName } from '../support/mysql-engine.ts';
import { runProgram } from '../support/program.ts';

for (const { product, url } of mysqlServers()) {
  describe.skipIf(url === null)(`${product}: what the server warns of, on stderr and in the report`, () => {
    const server = mysqlTarget(url ?? 'mysql://u:p@localhost:1');
    const database = uniqueName('warned');
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-warned-'));
    let report: string;
    beforeEach(() => {
      report = join(mkdtempSync(join(folder, 'run-')), 'report.json');
    });
    beforeAll(() =>
      runAsOwner(server, [
        `CREATE DATABASE ${database}`,
        `CREATE TABLE ${database}.person (id INT, name VARCHAR(20))`,
        `INSERT INTO ${database}.person VALUES (1, 'Ada'), (2, 'Zoe'), (3, 'Bob')`,
      ]),
    );
    afterAll(async () => {
      rmSync(folder, { recursive: true });
      await runAsOwner(server, [`DROP DATABASE ${database}`]);
    });

    it.each([
      ["SELECT 'a' || 'b' AS joined", [], 'joined\n0\n', 'a'],
      ['SELECT id FROM person WHERE name = 0', [], 'id\n1\n2\n3\n', 'Ada'],
      ['SELECT id FROM person WHERE name = 0', ['--limit', '2'], 'id\n1\n2\n', 'Ada'],
      ['SELECT id FROM person WHERE name = 0', ['--limit', '1', '--format', 'json'], '[{"id":1}]', 'Ada'],
    ])('%s %j', async (sql, options, stdout, value) => {
      const ended = await runProgram([
        ...['run', '--db', `${url}/${database}`, '--format', 'csv', '--no-doubts', '--report', report],
        ...options,
        sql,
      ]);
      expect(ended.code).toBe(0);
      expect(ended.stdout.replace(/\s(?=[[{}\]"]|\d})/g, '').replace(/\s+$/, '')).toBe(stdout.trim());
      const warning = expect.stringMatching(
        new RegExp(
          `^The server warns: Truncated incorrect (?:DOUBLE|DECIMAL|INTEGER) value: '${value}' \\(1292\\)`,
        ),
      );
      expect(ended.stderr.split('\n')).toContainEqual(warning);
      expect(JSON.parse(readFileSync(report, 'utf8')).warnings).toContainEqual(warning);
    });

    it('is a doubt, and under --strict the end', async () => {
      const sql = 'SELECT CAST(name AS SIGNED) AS n FROM person LIMIT 1';
      const argv = ['run', '--db', `${url}/${database}`, '--strict', '--report', report, sql];
      const ended = await runProgram(argv, { environment: { SQLQ_DOUBT_TIMEOUT: '20s' } });
      expect(ended).toMatchObject({ code: 4, stderr: expect.stringContaining('Doubt: The server warns: ') });
      expect(JSON.parse(readFileSync(report, 'utf8')).doubts).toContainEqual(
        expect.objectContaining({ kind: 'server-warning' }),
      );
    });
  });
}
