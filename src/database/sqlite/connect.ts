import { basename } from 'node:path';
import { SqlqError } from '../../errors.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { Access, Adapter, Database, OpenOptions, Parameter, Verdict } from '../database.ts';
import { asLiterals } from '../parameters.ts';
import { catalogOf } from './catalog.ts';
import { planOf } from './check.ts';
import { type Connection, connectorInMemory, connectorOf } from './connection.ts';
import { csvOf } from './csv.ts';
import { distinctValuesOf } from './distinct.ts';
import { failureOf } from './failure.ts';
import { fileIdentity, fileVersion } from './file.ts';
import { judgeText, refusalOfProgram } from './guard.ts';
import { tablesOf } from './introspect.ts';
import { asTheyCame, databaseOf } from './memory.ts';
import { mainSchema } from './pattern.ts';
import { resultOf, type Started, start, turn } from './query.ts';
import { veilKeeper } from './veil-keeper.ts';
import { beginWrite } from './write.ts';

/** What guard and access let through together. */
const admitted: Readonly<Record<Access, readonly Verdict['kind'][]>> = {
  read: ['read'],
  write: ['read', 'write'],
  ddl: ['read', 'write', 'ddl'],
};

/** SQLite, through better-sqlite3, which is synchronous: only the death of its process ends a statement that runs. */
export const sqlite: Adapter = {
  open: openDatabase,
  async cancelSession() {},
};

async function openDatabase(
  target: Parameters<Adapter['open']>[0],
  { access, hide, timeoutMilliseconds }: OpenOptions,
  signal: AbortSignal,
): Promise<Database> {
  signal.throwIfAborted();
  if (target.engine !== 'sqlite') throw new TypeError(`not a SQLite target: ${target.engine}`);
  const { path, content } = target;
  const connector =
    content === undefined
      ? await connectorOf(path, timeoutMilliseconds)
      : connectorInMemory(databaseOf(content));
  const open = new Set<() => void>();

  /** Uses a connection for texts of ours, or to prepare an admitted one, and discards it. */
  const using = <Result>(use: (connection: Connection) => Result): Result => {
    const connection = connector.reader();
    try {
      return use(connection);
    } catch (error) {
      throw failureOf(error, path);
    } finally {
      connection.close();
    }
  };
  const veils = veilKeeper(hide);
  open.add(() => veils.close());
  const judge = (sql: string): Verdict =>
    using((connection) => {
      const verdict = judgeText(sql, catalogOf(connection));
      if (verdict.kind === 'forbidden') return verdict;
      const called = verdict.kind === 'ddl' ? null : refusalOfProgram(connection, sql);
      const reason = called ?? veils.of(connection)?.refusal(connection, sql) ?? null;
      return reason === null ? verdict : { kind: 'forbidden', reason };
    });
  const admit = (sql: string, kinds: readonly Verdict['kind'][]): Verdict['kind'] => {
    const { kind, reason } = judge(sql);
    if (kinds.includes(kind)) return kind;
    throw new SqlqError('refused', reason ?? 'The statement only reads', { hint: hintOf(kind) });
  };
  const started = (sql: string, parameters: readonly Parameter[] = []): Started => {
    admit(asLiterals(sql, parameters, 'sqlite'), ['read']);
    const begun = start(connector.reader(), path, sql, parameters);
    const end = (): void => {
      open.delete(end);
      begun.end();
    };
    open.add(end);
    return { ...begun, end };
  };
  const dialect: Dialect = {
    engine: 'sqlite',
    product: 'SQLite',
    version: using(
      (connection) => connection.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '',
    ),
  };

  return {
    dialect,
    session: null,
    async facts() {
      return {
        dialect,
        database: basename(path),
        role: null,
        superuser: false,
        warnings: [],
        encryption: null,
        leastPrivilege: null,
      };
    },
    async fingerprint() {
      return using(
        (connection) => `${fileIdentity(path)} ${connection.pragma('schema_version', { simple: true })}`,
      );
    },
    async dataFingerprint() {
      return fileVersion(path);
    },
    async introspect(filter, signal) {
      signal.throwIfAborted();
      return {
        dialect,
        database: basename(path),
        searchPath: [mainSchema],
        tables: using((connection) => tablesOf(connection, filter, veils.of(connection))),
      };
    },
    async judge(sql) {
      return judge(sql);
    },
    async check(sql, signal) {
      signal.throwIfAborted();
      admit(sql, admitted[access]);
      return using((connection) => planOf(connection, sql));
    },
    async query(sql, { signal, parameters }) {
      signal.throwIfAborted();
      const begun = started(sql, parameters);
      const result = resultOf(begun, path, signal);
      return content === undefined ? result : asTheyCame(result, begun.columns, content);
    },
    async queryCsv(sql, { signal }) {
      signal.throwIfAborted();
      // The engine would write decimals without the zeros that they came with.
      if (content !== undefined) return null;
      return csvOf(started(sql), path, signal);
    },
    async beginWrite(sql, signal) {
      signal.throwIfAborted();
      const kind = admit(
        sql,
        admitted[access].filter((each) => each !== 'read'),
      );
      const writer = connector.writer();
      const end = (): void => {
        writer.close();
      };
      open.add(end);
      return beginWrite(writer, path, sql, kind === 'ddl' ? 'ddl' : 'write');
    },
    async distinctValues(columns, cap, signal) {
      const values: (readonly string[] | null)[] = [];
      for (const column of columns) {
        signal.throwIfAborted();
        values.push(using((connection) => distinctValuesOf(connection, column, cap, veils.of(connection))));
        await turn();
      }
      return values;
    },
    async close() {
      for (const end of open) end();
      connector.close();
    },
  };
}

function hintOf(kind: Verdict['kind']): string {
  if (kind === 'write') return 'To change rows on purpose, say --write.';
  if (kind === 'ddl') return 'To change the schema on purpose, say --write=ddl.';
  return 'Only one statement that reads is allowed.';
}
