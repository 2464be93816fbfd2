import type { Row } from '../database/database.ts';
import { dialectOf } from '../database/engines.ts';
import type { DatabaseClient } from '../database/process/client.ts';
import { SqlqError } from '../errors.ts';
import type { Schema } from '../schema/schema.ts';
import type { Doubt, Doubts } from './doubt.ts';
import { lookForIdleConditions, lookForLostNulls } from './kinds/conditions.ts';
import { lookForFanOut } from './kinds/fan-out.ts';
import { lookForNoRows } from './kinds/no-rows.ts';
import {
  lookForEmptyColumns,
  lookForIntegerQuotients,
  lookForMeansOfRatios,
  lookForNumeralsAsText,
} from './kinds/numbers.ts';
import { lookForOpenPeriods } from './kinds/period.ts';
import { lookForRepeatedRows } from './kinds/repeated-rows.ts';
import { lookForTies } from './kinds/tie.ts';
import { lookForUnknownValues } from './kinds/unknown-value.ts';
import type { Look, LookContext } from './look.ts';
import { scopesOf } from './scope.ts';
import { readSql } from './sql-tree.ts';

/** The looks in the order of what they are worth, each with what it looks for, in words. */
const looks: readonly (readonly [name: string, look: Look])[] = [
  ['values that are not there', lookForUnknownValues],
  ['joins that repeat rows', lookForFanOut],
  ['conditions that leave no row', lookForNoRows],
  ['rows that a negation leaves out', lookForLostNulls],
  ['ties', lookForTies],
  ['quotients of integers', lookForIntegerQuotients],
  ['means of quotients', lookForMeansOfRatios],
  ['periods that are not over', lookForOpenPeriods],
  ['numbers as text', lookForNumeralsAsText],
  ['conditions that leave nothing out', lookForIdleConditions],
  ['columns that hold nothing', lookForEmptyColumns],
  ['rows that a join shows again', lookForRepeatedRows],
];

/** What doubts are looked for in. */
export interface DoubtRequest {
  /** SQL that the guard has admitted, its values in place. */
  readonly sql: string;
  readonly schema: Schema;
  readonly database: Pick<DatabaseClient, 'engine' | 'run' | 'plan'>;
  readonly now: Date;
  /** How long all looks together may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Looks in the data for reasons to doubt what a statement will return. Each look goes through the guard like any query,
 * hidden columns included, and all together end after a time. Rejects with the signal's reason alone.
 */
export async function findDoubts({
  sql,
  schema,
  database,
  now,
  timeoutMs,
  signal,
}: DoubtRequest): Promise<Doubts> {
  const dialect = dialectOf(database.engine);
  const tree = await readSql(sql, dialect);
  if (tree === null) {
    return { doubts: [], notLooked: ['Doubts were not looked for: this SQL could not be read for it.'] };
  }
  const deadline = performance.now() + timeoutMs;
  const known = new Map<string, readonly Row[] | null>();
  let isLate = false;
  const context: LookContext = {
    tree,
    scopes: scopesOf(tree.root, schema),
    schema,
    dialect,
    now,
    async probe(query, limit = 1) {
      const key = `${limit} ${query}`;
      const before = known.get(key);
      if (before !== undefined) {
        return before;
      }
      const left = deadline - performance.now();
      if (left <= 0) {
        isLate = true;
        return null;
      }
      const rows = await run(
        database,
        query,
        limit,
        AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]),
      );
      signal.throwIfAborted();
      if (performance.now() >= deadline) {
        isLate = true;
      }
      known.set(key, rows);
      return rows;
    },
  };
  const doubts: Doubt[] = [];
  const late: string[] = [];
  for (const [name, look] of looks) {
    if (isLate) {
      late.push(name);
    } else {
      doubts.push(...(await look(context)));
    }
  }
  const mended = await Promise.all(doubts.map((doubt) => checked(doubt, database, signal)));
  return {
    doubts: withoutRepeats(mended),
    notLooked: late.length === 0 ? [] : [`There was no time to look for ${late.join(', ')}.`],
  };
}

async function run(
  database: DoubtRequest['database'],
  sql: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Row[] | null> {
  try {
    const { data } = await database.run(sql, {
      render: { format: 'csv', csvSafe: false, width: null, color: false },
      destination: { kind: 'rows' },
      limit,
      signal,
    });
    return data;
  } catch (error) {
    if (error instanceof SqlqError || signal.aborted) {
      return null;
    }
    throw error;
  }
}

/** A doubt whose mended SQL the database has planned; without it where it does not. */
async function checked(
  doubt: Doubt,
  database: DoubtRequest['database'],
  signal: AbortSignal,
): Promise<Doubt> {
  if (doubt.mendedSql === null) {
    return doubt;
  }
  try {
    await database.plan({ sql: doubt.mendedSql }, signal);
    return doubt;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SqlqError) {
      return { ...doubt, mendedSql: null };
    }
    throw error;
  }
}

/** The rows that no condition leaves are explained by the literal that is not there, where one is not. */
function withoutRepeats(doubts: readonly Doubt[]): readonly Doubt[] {
  const isExplained = doubts.some(({ kind }) => kind === 'unknown-value');
  const sentences = new Set<string>();
  return doubts.filter(({ kind, sentence }) => {
    if ((kind === 'no-rows' && isExplained) || sentences.has(sentence)) {
      return false;
    }
    sentences.add(sentence);
    return true;
  });
}
