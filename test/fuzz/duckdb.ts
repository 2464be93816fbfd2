import type { Access, Database } from '../../src/database/database.ts';
import { duckdb } from '../../src/database/duckdb/connect.ts';
import { messageOf } from '../../src/errors.ts';
import { createDuckdbWorld, type DuckdbWorld } from '../support/duckdb-world.ts';
import { redTeamSchemaText } from '../support/hostile.ts';
import { beginWrite, planOf, query, verdictOf } from '../support/statements.ts';
import { duckdbGrammar } from './duckdb-grammar.ts';
import { type FuzzReport, type FuzzTarget, fuzz } from './generate.ts';

const never = new AbortController().signal;
const mostBatches = 3;
const hide = ['main.people.ssn', 'people.pin', 'badges.kind'];

/** What the engine says where it alone has stopped a statement. */
const stoppedByEngine =
  /read-only mode|disabled by configuration|configuration has been locked|would do more than read|Cannot (?:open|access) (?:file|directory)|extension .* (?:not found|is not)/;

/** The same rows but for the hidden columns: what is told of one is told of the other. */
function withOtherSecrets(schema: string): string {
  return schema
    .replace("'078-secret-1', 778231", "'995-secret-7', 778111")
    .replace("'219-secret-2', 778232", 'NULL, 778999')
    .replace('NULL, 778233', "'100-secret-3', 778555")
    .replace(
      "(1, 'secret-gold', 'ok'), (2, 'secret-tin', 'sad')",
      "(1, 'secret-tin', 'ok'), (2, NULL, 'sad')",
    )
    .replace("ENUM ('secret-gold', 'secret-tin')", "ENUM ('secret-tin', 'secret-lead', 'secret-iron')");
}

/**
 * Tries generated statements on a real file among canaries, and, with columns hidden, on two files that differ in those
 * alone: a statement that does not give the same on both tells something of them.
 */
export async function fuzzDuckdb(count: number, seed: number): Promise<FuzzReport> {
  const schema = redTeamSchemaText('duckdb');
  const worlds = [
    await createDuckdbWorld(schema),
    await createDuckdbWorld(withOtherSecrets(schema)),
  ] as const;
  const opened: Database[] = [];
  const open = async (world: DuckdbWorld, access: Access, hidden: readonly string[]): Promise<Database> => {
    const database = await duckdb.open(
      { engine: 'duckdb', path: world.path },
      { access, timeoutMilliseconds: 1000, hide: hidden },
      never,
    );
    opened.push(database);
    return database;
  };
  const plain = await open(worlds[0], 'read', []);
  const [one, other] = [await open(worlds[0], 'write', hide), await open(worlds[1], 'write', hide)];
  const harm: string[] = [];
  const target: FuzzTarget = {
    grammar: duckdbGrammar,
    async admits(sql) {
      const { kind } = await verdictOf(one, sql, never);
      if (kind === 'read' || kind === 'write') {
        const [here, there] = [await outcomeOf(one, sql), await outcomeOf(other, sql)];
        if (here !== there) {
          harm.push(`it tells of a hidden column: ${sql}\n${here.slice(0, 300)}\n${there.slice(0, 300)}`);
        }
      }
      return (await verdictOf(plain, sql, never)).kind === 'read';
    },
    async run(sql) {
      const outcome = await outcomeOf(plain, sql);
      if (stoppedByEngine.test(outcome)) {
        harm.push(`only the engine stopped it: ${sql}\n${outcome}`);
      }
      if (outcome.startsWith(failed)) {
        throw new Error(outcome);
      }
    },
    snapshot: async () => JSON.stringify(worlds[0].snapshot()),
  };
  try {
    const report = await fuzz(target, count, seed);
    return { ...report, harm: [...report.harm, ...harm] };
  } finally {
    await Promise.all(opened.map((database) => database.close()));
    for (const world of worlds) {
      world.destroy();
    }
  }
}

const failed = 'failed: ';

/** What comes of a statement, as text; of a change what it would change, which is taken back. */
async function outcomeOf(database: Database, sql: string): Promise<string> {
  try {
    const { kind } = await verdictOf(database, sql, never);
    if (kind !== 'read') {
      const write = await beginWrite(database, sql, never);
      await write.rollback();
      return JSON.stringify(write.changes, exact);
    }
    const isTimed = /EXPLAIN/i.test(sql);
    const { columns } = await planOf(database, sql, never);
    let text = JSON.stringify(columns);
    const { batches } = await query(database, sql, { signal: never });
    let seen = 0;
    for await (const batch of batches) {
      text += isTimed ? '' : JSON.stringify(batch, exact);
      if (++seen >= mostBatches) {
        break;
      }
    }
    return text;
  } catch (error) {
    return failed + messageOf(error);
  }
}

function exact(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('latin1');
  }
  return typeof value === 'bigint' ? String(value) : value;
}
