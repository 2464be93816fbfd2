import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../../src/database/database.ts';

const folder = join(import.meta.dirname, '../hostile');

/** A statement of the hostile corpus; `test/hostile/README.md` says what each field means. */
export interface HostileCase {
  readonly id: string;
  readonly sql: string;
  /** `limit` in `runaway.jsonl` alone. */
  readonly expect: 'block' | 'allow' | 'limit';
  readonly why: string;
  /** Which engine it is for, in `runaway.jsonl` alone. */
  readonly engine?: string;
}

/** A statement of those that were written with the guard's code read. */
export interface RedTeamCase {
  readonly id: string;
  readonly sql: string;
  /** `error`: it is admitted, the engine fails over it, and the model hears nothing of the data that its words hold. */
  readonly expect: 'block' | 'allow' | 'error';
  readonly why: string;
  /** Columns are hidden. */
  readonly hide?: boolean;
  /** `read` where there is none. */
  readonly access?: Access;
  /** Values of a saved question; texts, unless `numbers` says otherwise. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly numbers?: boolean;
  /** It is the syntax of one product. */
  readonly only?: 'MariaDB' | 'MySQL';
}

/** The cases of one file of `test/hostile/`; never none, so that no test passes for want of them. */
export function hostileCases(
  name: 'sqlite' | 'postgres' | 'mysql' | 'duckdb' | 'trino' | 'runaway',
): readonly [HostileCase, ...HostileCase[]] {
  return casesOf(name, (line): HostileCase => JSON.parse(line));
}

/** The cases of a `red-team-*.jsonl`. */
export function redTeamCases(name: 'sqlite' | 'mysql' | 'duckdb'): readonly [RedTeamCase, ...RedTeamCase[]] {
  return casesOf(`red-team-${name}`, (line): RedTeamCase => JSON.parse(line));
}

function casesOf<Case>(name: string, read: (line: string) => Case): readonly [Case, ...Case[]] {
  const [first, ...others] = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(read);
  if (first === undefined) {
    throw new Error(`test/hostile/${name}.jsonl is empty`);
  }
  return [first, ...others];
}

/** The schema that the cases of an engine run on. */
export function hostileSchemaText(engine: 'sqlite' | 'postgres' | 'mysql' | 'duckdb' | 'trino'): string {
  return readFileSync(join(folder, `schema-${engine}.sql`), 'utf8');
}

/** The schema that the cases of a `red-team-*.jsonl` run on. */
export function redTeamSchemaText(engine: 'sqlite' | 'mysql' | 'duckdb'): string {
  return readFileSync(join(folder, `schema-red-team-${engine}.sql`), 'utf8');
}
