import { afterAll, beforeAll, describe } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/database/process/client.ts';
import type { Doubt, Doubts } from '../../src/doubts/doubt.ts';
import { findDoubts } from '../../src/doubts/find-doubts.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { said } from './said-doubts.ts';
import { type ScriptedDatabase, type ScriptedEngine, scriptedEngines } from './scripted-databases.ts';

const never = new AbortController().signal;

/** How a query is looked at. */
interface Looking {
  readonly now?: string;
  readonly question?: string;
  readonly isByModel?: boolean;
  readonly limit?: number;
  readonly timeoutMs?: number;
}

/** A database of a test in which doubts are looked for. */
export interface DoubtedDatabase {
  readonly name: ScriptedEngine['name'];
  look(sql: string, looking?: Looking): Promise<Doubts>;
  doubtsOf(sql: string, looking?: Looking): Promise<readonly Doubt[]>;
  /** The rows of a query, as text. */
  rowsOf(sql: string | null | undefined): Promise<readonly (readonly string[])[]>;
}

/** Runs tests on each engine that is there, over a database that the same statements make. */
export function describeDoubts(
  part: string,
  script: readonly string[],
  body: (database: DoubtedDatabase) => void,
  hide: readonly string[] = [],
): void {
  for (const { name, isAvailable, create } of scriptedEngines(part)) {
    if (!isAvailable) {
      continue;
    }
    describe(`${part} on ${name}`, () => {
      let opened: ScriptedDatabase;
      let database: DatabaseClient;
      let schema: Schema;

      beforeAll(async () => {
        opened = await create(script);
        database = openDatabase(opened.target, {
          access: 'read',
          timeoutMilliseconds: 20_000,
          hide,
          memoryLimit: 2 ** 30,
          environment: process.env,
        });
        schema = await database.introspect({ schemas: [], include: [], exclude: [] }, never);
      });
      afterAll(async () => {
        await database?.close();
        await opened?.drop();
      });

      const look: DoubtedDatabase['look'] = async (
        sql,
        { now = '2026-01-01', timeoutMs = 20_000, ...asked } = {},
      ) => {
        await database.plan({ sql }, never);
        return said(
          await findDoubts({ sql, schema, database, now: new Date(now), timeoutMs, signal: never, ...asked }),
        );
      };
      body({
        name,
        look,
        doubtsOf: async (sql, looking) => (await look(sql, looking)).doubts,
        async rowsOf(sql) {
          const { data } = await database.run(sql ?? 'SELECT', {
            render: { format: 'csv', csvSafe: false, width: null, color: false },
            destination: { kind: 'rows' },
            limit: null,
            signal: never,
          });
          return data.map((row) => row.map(String));
        },
      });
    });
  }
}
