import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../../src/database/database.ts';
import { mysql } from '../../src/database/mysql/connect.ts';
import { messageOf } from '../../src/errors.ts';
import { runAsOwner } from '../support/mysql-engine.ts';
import { createWorld, type World } from '../support/mysql-world.ts';
import { query, verdictOf } from '../support/statements.ts';
import { randomFrom } from './generate.ts';
import { generate } from './mysql-constructs.ts';

/** What a run of the fuzzer saw. */
export interface FuzzReport {
  readonly seed: number;
  readonly statements: number;
  readonly admitted: number;
  /** Admitted statements that the server ran to the end. */
  readonly ran: number;
  /** Admitted statements that did harm, and what. */
  readonly harm: readonly { readonly sql: string; readonly what: string }[];
}

const secret = 'ARY-7c1f';
const never = new AbortController().signal;

const script = `
CREATE DATABASE fuzzed CHARACTER SET utf8mb4; USE fuzzed;
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(100), \`drop\` VARCHAR(100), \`update\` INT);
CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, customer_id INT, total DECIMAL(12,2));
CREATE TABLE audit_log (what TEXT);
CREATE TABLE legacy (a INT) ENGINE=MyISAM;
CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(50), ssn VARCHAR(20), tail VARCHAR(20) AS (RIGHT(ssn, 8)) VIRTUAL);
CREATE SEQUENCE seq;
INSERT INTO users (id, name, ssn) VALUES (1, 'Ada', 'HIDDEN-CANARY-7c1f');
CREATE VIEW ssn_view AS SELECT id, ssn AS harmless FROM users;
INSERT INTO customers VALUES (1, 'Ada', 'x', 1), (2, 'Bob', NULL, 2);
INSERT INTO orders(customer_id, total) VALUES (1, 10.5), (2, 20);
INSERT INTO legacy VALUES (1);
CREATE VIEW active_customers AS SELECT id, name, \`drop\`, \`update\` FROM customers;
DELIMITER //
CREATE FUNCTION add_audit(msg TEXT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO audit_log VALUES (msg); RETURN 1; END //
CREATE FUNCTION liar() RETURNS INT DETERMINISTIC NO SQL BEGIN DO GET_LOCK('sqlq', 0); INSERT INTO audit_log VALUES ('liar'); RETURN 1; END //
CREATE FUNCTION net(x DECIMAL(20,4)) RETURNS DECIMAL(20,4) DETERMINISTIC NO SQL RETURN x * 0.8 //
CREATE FUNCTION \`now\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`count\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`datetime\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`over\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`any\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`against\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`columns\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE FUNCTION \`of\`(x TEXT) RETURNS INT RETURN GET_LOCK('sqlq', 0) //
CREATE PROCEDURE do_write() MODIFIES SQL DATA BEGIN INSERT INTO audit_log VALUES ('proc'); END //
CREATE PROCEDURE do_commit_write() MODIFIES SQL DATA BEGIN COMMIT; INSERT INTO audit_log VALUES ('proc-commit'); END //
CREATE VIEW writing_view AS SELECT add_audit('view') AS a //
CREATE VIEW secret_view AS SELECT User, Priv FROM mysql.global_priv //
DELIMITER ;`;

/** Runs what the guard admits of generated statements on a real server, as its superuser, and looks for harm. */
export async function fuzz(url: string, count: number, seed: number): Promise<FuzzReport> {
  const world = await createWorld(url, script, 'fuzzed');
  const other = `${world.database}_other`;
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-fuzz-'));
  const file = join(folder, 'file');
  await writeFile(file, `CAN${secret}`, { mode: 0o644 });
  const { superuser } = world.roles;
  await runAsOwner(superuser, [
    `CREATE DATABASE ${other}`,
    `CREATE TABLE ${other}.vault (secret TEXT)`,
    `INSERT INTO ${other}.vault VALUES ('CAN${secret}')`,
  ]);
  const fill = (sql: string): string =>
    sql
      .replaceAll('@file@', file)
      .replaceAll('@out@', join(tmpdir(), `sqlq-fuzz-out-${seed}`))
      .replaceAll('@other@', other)
      .replaceAll('@db@', world.database);
  const database = await open(world);
  const before = await world.snapshot();
  const random = randomFrom(seed);
  const harm: { sql: string; what: string }[] = [];
  let admitted = 0;
  let ran = 0;
  try {
    for (let index = 0; index < count; index += 1) {
      const sql = fill(generate(random));
      if ((await verdictOf(database, sql, never)).kind !== 'read') {
        continue;
      }
      admitted += 1;
      const begun = performance.now();
      const outcome = await run(database, sql);
      if (/connection to the server was lost/.test(outcome.text)) {
        harm.push({ sql, what: 'the server is gone' });
        break;
      }
      if (outcome.ok) {
        ran += 1;
      }
      if (outcome.text.includes(secret) || /\*[0-9A-F]{40}/.test(outcome.text)) {
        harm.push({ sql, what: 'it shows a secret' });
      }
      if (!outcome.ok && /READ ONLY transaction/.test(outcome.text)) {
        harm.push({ sql, what: `only the server stopped it: ${outcome.text}` });
      }
      if (performance.now() - begun > 1500) {
        harm.push({ sql, what: 'it waits' });
      }
      const after = await world.snapshot();
      if (!isDeepStrictEqual(after, before)) {
        harm.push({ sql, what: `the state changed: ${changed(before, after).join(', ')}` });
        break;
      }
    }
  } finally {
    await database.close();
    // Where the server has gone there is nothing to tidy.
    const tidy = harm.every(({ what }) => what !== 'the server is gone');
    if (tidy) {
      await runAsOwner(superuser, [`DROP DATABASE ${other}`]);
    }
    if (tidy) {
      await world.destroy();
    }
    await rm(folder, { recursive: true, force: true });
  }
  return { seed, statements: count, admitted, ran, harm };
}

/** What differs between two states of the world. */
function changed(before: object, after: object): readonly string[] {
  return Object.keys(after).filter(
    (key) => !isDeepStrictEqual(Reflect.get(before, key), Reflect.get(after, key)),
  );
}

function open(world: World): Promise<Database> {
  return mysql.open(
    world.roles.superuser,
    { access: 'read', timeoutMilliseconds: 5000, hide: ['*.ssn'] },
    never,
  );
}

async function run(
  database: Database,
  sql: string,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  let text = '';
  try {
    const result = await query(database, sql, { signal: never });
    for await (const batch of result.batches) {
      text += JSON.stringify(batch, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    }
    return { ok: true, text };
  } catch (error) {
    return { ok: false, text: messageOf(error) };
  }
}
