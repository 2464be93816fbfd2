import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyEnvironment } from '../support/program.ts';

const root = join(import.meta.dirname, '../..');

describe('where the driver of DuckDB could not be installed', () => {
  let folder: string;
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [join(folder, 'bin/sqlq.js'), 'run', ...argv], {
      cwd: folder,
      env: emptyEnvironment(folder),
      encoding: 'utf8',
    });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlq-driver-'));
    for (const part of ['bin', 'dist', 'package.json', 'fixtures/shop']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    mkdirSync(join(folder, 'node_modules'));
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name !== '@duckdb' && !name.startsWith('.')) {
        const link = join(folder, 'node_modules', name);
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(join(root, 'node_modules', name), link);
      }
    }
    writeFileSync(join(folder, 'rows.csv'), 'id\n1\n');
  });

  it('a file is no database, and one line says which package is missing and how it comes', () => {
    const { status, stdout, stderr } = run('--db', 'rows.csv', 'SELECT id FROM rows');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      "sqlq: DuckDB's driver, the package @duckdb/node-bindings, is not installed here.\n" +
        'Install it where sqlq is: npm install --global @duckdb/node-bindings (without --global where sqlq is installed in a project)\n',
    );
  });

  it('all else works, Parquet that is written too', () => {
    const { status, stderr } = run('--db', 'sample', '--output', 'rows.parquet', 'SELECT 1 AS n');
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 row in rows.parquet')]);
  });
});
