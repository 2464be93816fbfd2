/**
 * How many broken queries are doubted, how often the mended SQL is the right query again, and how often a right query is
 * doubted. Takes right queries, breaks each in one way at a time, and looks for doubts as the program does.
 *
 * usage: npm run bench:doubts -- --cases FILE.jsonl --databases DIR --engine sqlite|postgres|mysql
 *          [--server URL] [--json OUT] [--timeout MS]
 *        npm run bench:doubts -- --defog DIR --engine sqlite|postgres|mysql …
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Row } from '../src/database/database.ts';
import { dialectOf } from '../src/database/engines.ts';
import { type DatabaseClient, openDatabase } from '../src/database/process/client.ts';
import { findDoubts } from '../src/doubts/find-doubts.ts';
import { readSql } from '../src/doubts/read-sql.ts';
import type { Schema } from '../src/schema/schema.ts';
import { readCases } from './answers/cases.ts';
import { sameRows } from './answers/compare.ts';
import { readDefog } from './answers/defog.ts';
import { isOrdered } from './answers/run.ts';
import { startHost } from './answers/server.ts';
import { breaksOf, isByChance, tieOf } from './doubts/breaks.ts';
import { parseFlags, readFlags } from './needs.ts';

const values = parseFlags({
  cases: { type: 'string' },
  databases: { type: 'string' },
  defog: { type: 'string' },
  engine: { type: 'string', default: 'sqlite' },
  server: { type: 'string' },
  json: { type: 'string' },
  timeout: { type: 'string', default: '5000' },
  limit: { type: 'string' },
});
const options = readFlags(
  z
    .object({
      cases: z.string().default(''),
      databases: z.string().default(''),
      defog: z.string().optional(),
      engine: z.enum(['sqlite', 'postgres', 'mysql']),
      server: z.string().optional(),
      json: z.string().optional(),
      timeout: z.coerce.number(),
      limit: z.coerce.number().optional(),
    })
    .refine(
      ({ cases, databases, defog }) =>
        defog === undefined ? existsSync(cases) && existsSync(databases) : existsSync(defog),
      {
        message:
          'bench:doubts needs --cases FILE.jsonl and --databases DIR, or --defog DIR, of data that is there (bench/doubts/README.md)',
      },
    ),
  values,
);

/** One look at one query. */
interface Line {
  readonly id: string;
  /** How the query was broken; `right` where it was not. */
  readonly kind: string;
  readonly question: string;
  readonly sql: string;
  readonly found: boolean;
  readonly mended: boolean;
  readonly doubts: readonly string[];
  readonly mendedSql: readonly (string | null)[];
}

const never = new AbortController().signal;
const lines: Line[] = [];
let unread = 0;
/** The right queries whose LIMIT cuts between rows of the same place, so that chance decides what they return. */
const byChance = new Set<string>();

/** The right queries that are wrong themselves, as their data shows. */
const wrongThemselves = new Set<string>();

async function rowsOf(database: DatabaseClient, sql: string): Promise<readonly Row[] | null> {
  try {
    const { data } = await database.run(sql, {
      render: { format: 'csv', csvSafe: false, width: null, color: false },
      destination: { kind: 'rows' },
      limit: 100_000,
      signal: never,
    });
    return data;
  } catch {
    return null;
  }
}

async function look(
  database: DatabaseClient,
  schema: Schema,
  line: { readonly id: string; readonly kind: string; readonly sql: string; readonly question: string },
  right: readonly Row[],
  ordered: boolean,
): Promise<void> {
  const { doubts } = await findDoubts({
    sql: line.sql,
    question: line.question,
    isByModel: true,
    schema,
    database,
    now: new Date(),
    timeoutMs: options.timeout,
    signal: never,
  });
  let mended = false;
  for (const { kind, mendedSql } of doubts) {
    const rows = mendedSql === null ? null : await rowsOf(database, mendedSql);
    const isSame = rows !== null && sameRows(right, rows, { ordered });
    mended ||= isSame;
    // Numbers in the order of numbers give other rows than in the order of their letters.
    if (line.kind === 'right' && kind === 'text-as-number' && rows !== null && !isSame) {
      wrongThemselves.add(line.id);
    }
  }
  lines.push({
    ...line,
    found: doubts.length > 0,
    mended,
    doubts: doubts.map(({ kind, sentence }) => `${kind}: ${sentence}`),
    mendedSql: doubts.map(({ mendedSql }) => mendedSql),
  });
}

const { defog, engine } = options;
const cases =
  defog === undefined
    ? readCases(options.cases, engine)
    : readDefog(join(defog, 'questions', `questions_gen_${engine}.csv`));
// One database after another, each opened once.
cases.sort((a, b) => a.database.localeCompare(b.database));
const folder = defog === undefined ? options.databases : join(defog, engine);
const host = await startHost(engine, folder, options.server);
interface Opened {
  readonly name: string;
  readonly database: DatabaseClient;
  readonly schema: Schema;
}
const opened: Opened[] = [];
const seen = new Set<string>();
try {
  for (const { id, database: name, question, golds } of cases.slice(0, options.limit)) {
    const [gold = ''] = golds;
    if (seen.has(`${name} ${gold}`)) {
      continue;
    }
    seen.add(`${name} ${gold}`);
    let current = opened.at(-1);
    if (current?.name !== name) {
      await current?.database.close();
      const database = openDatabase(await host.targetOf(name), {
        access: 'read',
        timeoutMilliseconds: 30_000,
        hide: [],
        memoryLimit: 2 ** 30,
        environment: process.env,
      });
      current = {
        name,
        database,
        schema: await database.introspect({ schemas: [], include: [], exclude: [] }, never),
      };
      opened.push(current);
    }
    const { database, schema } = current;
    const tree = await readSql(gold, dialectOf(options.engine));
    const right = await rowsOf(database, gold);
    if (right === null) {
      continue;
    }
    if (tree === null || tree.write() === null) {
      unread += 1;
      continue;
    }
    const ordered = isOrdered(gold);
    if (await isByChance(tree, schema, (sql) => rowsOf(database, sql))) {
      byChance.add(id);
    }
    await look(database, schema, { id, question, kind: 'right', sql: gold }, right, ordered);
    for (const broken of breaksOf(tree, schema, dialectOf(options.engine))) {
      const wanted = broken.right === null ? right : await rowsOf(database, broken.right);
      const got = await rowsOf(database, broken.sql);
      // What gives the same rows is not broken: an engine that folds case, a column without NULL, a tie.
      if (wanted === null || got === null || sameRows(wanted, got, { ordered: false })) {
        continue;
      }
      await look(database, schema, { id, question, kind: broken.kind, sql: broken.sql }, wanted, ordered);
    }
    const tie = await tieOf(tree, schema, (sql) => rowsOf(database, sql));
    if (tie !== null) {
      await look(database, schema, { id, question, kind: 'LIMIT with a tie', sql: tie.sql }, tie.rows, false);
    }
  }
} finally {
  await opened.at(-1)?.database.close();
  await host.stop();
}

const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;
const broken = lines.filter(({ kind }) => kind !== 'right');
const right = lines.filter(({ kind }) => kind === 'right');
for (const kind of [...new Set(broken.map((line) => line.kind))].sort()) {
  const some = broken.filter((line) => line.kind === kind);
  const found = some.filter((line) => line.found).length;
  const mended = some.filter((line) => line.mended).length;
  console.log(
    `${kind.padEnd(18)} ${String(some.length).padStart(5)} broken   found ${percent(found, some.length)}   mended ${percent(mended, some.length)}`,
  );
}
const byKind = new Map<string, number>();
for (const { doubts } of right) {
  for (const kind of new Set(doubts.map((doubt) => doubt.split(':')[0] ?? ''))) {
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  }
}
for (const [kind, count] of byKind) {
  console.log(`right, but doubted for ${kind}: ${count} of ${right.length}`);
}
const chance = right.filter(({ id }) => byChance.has(id));
const sure = right.filter(({ id }) => !byChance.has(id));
console.log(
  `right, but what a LIMIT cuts is chance: ${chance.length} of ${right.length}, doubted ${chance.filter(({ found }) => found).length}; of the others doubted ${percent(sure.filter(({ found }) => found).length, sure.length)}`,
);
const wrong = right.filter(({ id }) => wrongThemselves.has(id));
if (wrong.length > 0) {
  const others = right.filter(({ id }) => !wrongThemselves.has(id));
  console.log(
    `right, but ordering numbers by their letters, so that other rows come out than by their size: ${wrong.length} (${wrong.map(({ id }) => id).join(', ')}); of the others doubted ${percent(others.filter(({ found }) => found).length, others.length)}`,
  );
}
console.log(`${unread} queries could not be read for doubts, of ${right.length + unread}`);
if (options.json !== undefined) {
  writeFileSync(options.json, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
const share = (some: readonly Line[], test: (line: Line) => boolean): string =>
  percent(some.filter(test).length, some.length);
console.log(
  `found ${share(broken, (line) => line.found)}  mended ${share(broken, (line) => line.mended)}  doubted ${share(right, (line) => line.found)}`,
);
