import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** The cases of one file of `test/hostile/`; never none, so that no test passes for want of them. */
export function hostileCases(
  name: 'sqlite' | 'postgres' | 'mysql' | 'runaway',
): readonly [HostileCase, ...HostileCase[]] {
  const [first, ...others] = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): HostileCase => JSON.parse(line));
  if (first === undefined) {
    throw new Error(`test/hostile/${name}.jsonl is empty`);
  }
  return [first, ...others];
}

/** The schema that the cases of an engine run on. */
export function hostileSchemaText(engine: 'sqlite' | 'postgres' | 'mysql'): string {
  return readFileSync(join(folder, `schema-${engine}.sql`), 'utf8');
}
