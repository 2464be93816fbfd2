import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDuckdb } from './duckdb-engine.ts';

/** A database file among canaries: what a hostile statement could change can be compared before and after. */
export interface DuckdbWorld {
  readonly path: string;
  readonly folder: string;
  /** Files of the data folder, the working folder and those that statements name, by size and time; the environment. */
  snapshot(): unknown;
  /** The same, with the bytes of the data folder. */
  bytes(): unknown;
  destroy(): void;
}

/** Where hostile statements would write. */
const canaryFolder = '/tmp/sqlq-canary/gen';

/** The statements of a schema, each of which ends at a semicolon at the end of a line. */
export function statementsOf(schema: string): readonly string[] {
  return schema
    .split(/;\s*(?:\n|$)/u)
    .filter((statement) => statement.replace(/^--.*$/gmu, '').trim() !== '');
}

export async function createDuckdbWorld(schema: string): Promise<DuckdbWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-world-'));
  const path = join(folder, 'world.duckdb');
  await runDuckdb(path, statementsOf(schema));
  writeFileSync(join(folder, 'canary.txt'), 'canary');
  mkdirSync(canaryFolder, { recursive: true });
  const snapshot = (): unknown => ({
    data: filesOf(folder),
    working: readdirSync(process.cwd()).sort(),
    canaries: filesOf(canaryFolder),
    written: readdirSync('/tmp').filter((name) => name.startsWith('sqlq-hostile')),
    environment: { ...process.env },
  });
  return {
    path,
    folder,
    snapshot,
    bytes: () => ({
      ...Object(snapshot()),
      digests: readdirSync(folder)
        .sort()
        .map((name) =>
          createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex'),
        ),
    }),
    destroy: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { size, mtimeNs } = statSync(join(folder, name), { bigint: true });
      return `${name} ${size} ${mtimeNs}`;
    });
}
