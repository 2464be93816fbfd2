import { buildMessages } from '../../src/ask/prompt/prompt.ts';
import type { Database } from '../../src/database/database.ts';
import { adapterOf, dialectOf } from '../../src/database/engines.ts';
import type { Target } from '../../src/database/target.ts';
import { messageOf } from '../../src/errors.ts';
import type { Message, Model, ValueIndex } from '../../src/model/model.ts';
import { describeSchema } from '../../src/schema/describe.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { planOf, query, verdictOf } from '../../test/support/statements.ts';
import type { Case } from './cases.ts';
import { sameRows } from './compare.ts';
import type { Host } from './server.ts';

/** How one case went. */
export interface Outcome {
  readonly id: string;
  readonly database: string;
  readonly question: string;
  readonly result: 'right' | 'wrong' | 'refused' | 'failed';
  readonly sql: string | null;
  readonly golds: readonly string[];
  /** Why it was refused or failed, or the interpretations offered. */
  readonly note: string | null;
  /** From the question to checked SQL. */
  readonly milliseconds: number;
}

/** One database, opened the way the program opens it, with what the model may know of it. */
export interface Opened {
  readonly database: Database;
  readonly schema: Schema;
  readonly values: ValueIndex;
}

const never = new AbortController().signal;
const cap = 10_000;

export async function openDatabase(target: Target): Promise<Opened> {
  const adapter = await adapterOf(target.engine);
  const database = await adapter.open(
    target,
    { access: 'read', timeoutMilliseconds: 30_000, hide: [] },
    never,
  );
  const schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
  const references = schema.tables.flatMap((table) =>
    table.columns.map((column) => ({ schema: table.schema, table: table.name, column: column.name })),
  );
  const stored = await database.distinctValues(references, cap, never);
  const byName = new Map(
    references.map((reference, index) => [
      `${reference.schema}\0${reference.table}\0${reference.column}`,
      stored[index] ?? null,
    ]),
  );
  return {
    database,
    schema,
    values: { valuesOf: (owner, table, column) => byName.get(`${owner}\0${table}\0${column}`) ?? null },
  };
}

/** Every row of a query that the guard admits. */
export async function rowsOf(database: Database, sql: string): Promise<unknown[][]> {
  const result = await query(database, sql, { signal: never });
  const rows: unknown[][] = [];
  for await (const batch of result.batches) {
    for (const row of batch) {
      rows.push([...row]);
    }
  }
  return rows;
}

/**
 * Asks one question through introspected schema, model, guard and check, then runs the SQL and the gold query. `now` is
 * when it is asked; where `more`, an answer may show more columns than the gold query.
 */
export async function runCase(
  opened: Opened,
  model: Model,
  entry: Case,
  { now = new Date(), more = false }: { readonly now?: Date; readonly more?: boolean } = {},
): Promise<Outcome> {
  const { database, schema, values } = opened;
  const base = { id: entry.id, database: entry.database, question: entry.question, golds: entry.golds };
  const started = performance.now();
  let sql: string | null = null;
  try {
    const { answer } = await model.answer(
      {
        question: entry.question,
        schema,
        // Only a served model reads it.
        get messages() {
          return messagesFor(entry.question, schema, now);
        },
        now,
        attempts: [],
        values: async () => values,
        onProgress: () => {},
      },
      never,
    );
    if (answer.kind !== 'sql') {
      const note =
        answer.kind === 'unanswerable'
          ? answer.reason
          : answer.choices.map((choice) => choice.sql ?? choice.interpretation).join('\n');
      return { ...base, result: 'refused', sql: null, note, milliseconds: performance.now() - started };
    }
    sql = answer.sql;
    const verdict = await verdictOf(database, sql, never);
    if (verdict.kind !== 'read') {
      throw new Error(`the guard says ${verdict.kind}: ${verdict.reason}`);
    }
    await planOf(database, sql, never);
    const milliseconds = performance.now() - started;
    const rows = await rowsOf(database, sql);
    for (const gold of entry.golds) {
      if (sameRows(await rowsOf(database, gold), rows, { ordered: isOrdered(gold), more })) {
        return { ...base, result: 'right', sql, note: null, milliseconds };
      }
    }
    return { ...base, result: 'wrong', sql, note: null, milliseconds };
  } catch (error) {
    return {
      ...base,
      result: 'failed',
      sql,
      note: messageOf(error),
      milliseconds: performance.now() - started,
    };
  }
}

function messagesFor(question: string, schema: Schema, now: Date): readonly Message[] {
  return buildMessages({
    question,
    schemaText: describeSchema(schema, dialectOf(schema.dialect.engine), { comments: true, defaults: false }),
    dialect: schema.dialect,
    attempts: [],
    now,
    salt: 'bench',
  });
}

/** Runs cases in turn; each database is opened once, as long as its cases stand together. */
export async function runCases(cases: readonly Case[], host: Host, model: Model): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let current: { readonly name: string; readonly opened: Opened } | undefined;
  for (const entry of cases) {
    if (current?.name !== entry.database) {
      await current?.opened.database.close();
      current = { name: entry.database, opened: await openDatabase(await host.targetOf(entry.database)) };
    }
    outcomes.push(await runCase(current.opened, model, entry));
  }
  await current?.opened.database.close();
  return outcomes;
}

/** Whether a query orders the rows that it returns, not merely those of a subquery. */
export function isOrdered(sql: string): boolean {
  let depth = 0;
  const outer = sql.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/[()]|[^()]+/g, (part) => {
    if (part === '(') {
      depth++;
    } else if (part === ')') {
      depth--;
    } else if (depth === 0) {
      return part;
    }
    return ' ';
  });
  return /\bORDER\s+BY\b/i.test(outer);
}
