import { SqlqError } from '../../errors.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Change, PendingWrite } from '../database.ts';
import { statementFailure } from './errors.ts';
import type { Catalog } from './guard/catalog.ts';
import { sideEffects } from './guard/side-effects.ts';
import type { Analysis } from './guard/syntax/findings.ts';
import { interruptible, type Runner } from './query.ts';
import type { Session } from './session.ts';
import { rowDecoder } from './values.ts';
import { prepareBound } from './wire/bind.ts';
import { execute } from './wire/execute.ts';

/** Storage engines that can take a change back. */
const transactional = /^(InnoDB|RocksDB|NDB|ndbcluster|TokuDB)$/i;

/** Runs a write and holds its transaction open; DDL is committed by the server itself. */
export async function beginWrite(
  runner: Runner,
  statement: AdmittedStatement,
  analysis: Analysis,
  catalog: Catalog,
  signal: AbortSignal,
): Promise<PendingWrite> {
  const { session } = runner;
  const isDefinition = analysis.kind === 'ddl';
  if (!isDefinition) {
    await refuseLasting(analysis, catalog, session.database);
  }
  const notes = isDefinition ? [] : await sideEffects(session.rows, analysis, session.database);
  const sql = statement.values.length === 0 ? statement.text : await prepareBound(session, statement);
  const existing = isDefinition ? await existingTargets(analysis, catalog, session.database) : [];
  await session.rows('START TRANSACTION');
  const rows = await interruptible(runner, signal, async () => {
    try {
      return await run(runner, sql);
    } catch (error) {
      const taken = rollBack(session).then(async (notes) => [
        ...notes,
        ...(await partDone(existing, analysis, catalog, session.database)),
      ]);
      const lasting = await taken.catch(() => []);
      const failure = statementFailure(error);
      if (lasting.length === 0) {
        throw failure;
      }
      throw new SqlqError(failure.code, failure.message, { hint: lasting.join(' '), cause: failure.cause });
    }
  });
  const names = [
    ...new Set(analysis.targets.map(({ database, name }) => displayed(database, name, session.database))),
  ];
  // The server counts over all tables of a statement.
  const changes = names.map(
    (table): Change => ({ table, rows: isDefinition || names.length > 1 ? null : rows }),
  );
  return {
    changes,
    committed: isDefinition,
    notes,
    commit: async () => void (await session.rows('COMMIT')),
    rollback: () => rollBack(session),
  };
}

/** Which of the tables that a statement names are there. */
async function existingTargets(
  { targets }: Analysis,
  catalog: Catalog,
  current: string,
): Promise<readonly string[]> {
  catalog.forget();
  const names: string[] = [];
  for (const { database, name } of targets) {
    if ((await catalog.table(database ?? current, name)) !== null) {
      names.push(displayed(database, name, current));
    }
  }
  return names;
}

/** MariaDB drops the tables of a list one by one, and commits each: one that fails leaves the others dropped. */
async function partDone(
  before: readonly string[],
  analysis: Analysis,
  catalog: Catalog,
  current: string,
): Promise<readonly string[]> {
  if (analysis.verb !== 'DROP' || before.length === 0) {
    return [];
  }
  const left = new Set(await existingTargets(analysis, catalog, current));
  const gone = before.filter((name) => !left.has(name));
  return gone.length === 0
    ? []
    : [
        `${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} dropped all the same: the server commits each by itself.`,
      ];
}

/** ER_WARNING_NOT_COMPLETE_ROLLBACK */
const incompleteRollback = '1196';

/** Takes back what can be taken back, and says what could not. */
async function rollBack(session: Session): Promise<readonly string[]> {
  await session.rows('ROLLBACK');
  const warnings = await session.rows('SHOW WARNINGS');
  return warnings.some(([, code]) => code === incompleteRollback)
    ? [
        'What a trigger or a function wrote to tables without transactions, such as those of MyISAM, stays: the server can not take it back.',
      ]
    : [];
}

const displayed = (database: string | null, name: string, current: string): string =>
  database === null || database === current ? name : `${database}.${name}`;

/** The number of rows that a write changed; those that RETURNING gives are counted and left. */
async function run({ session }: Runner, sql: string): Promise<number> {
  const { batches } = await execute(session.connection, sql, rowDecoder);
  let returned = 0;
  for (;;) {
    const next = await batches.next();
    if (next.done) {
      return Math.max(returned, next.value.affectedRows);
    }
    returned += next.value.length;
  }
}

/** Refuses to change a table whose engine can't take it back: the user could only say yes. */
async function refuseLasting(analysis: Analysis, catalog: Catalog, current: string): Promise<void> {
  for (const { database, name } of analysis.targets) {
    const facts = await catalog.table(database ?? current, name);
    if (facts === null || facts.storageEngine === '' || transactional.test(facts.storageEngine)) {
      continue;
    }
    throw new SqlqError(
      'refused',
      `Table ${name} is of the engine ${facts.storageEngine}, which can't roll back`,
      {
        hint: `ALTER TABLE ${name} ENGINE=InnoDB makes it one that can.`,
      },
    );
  }
}
