import { basename } from 'node:path';
import type { Dialect } from '../../schema/schema.ts';
import type { Admission, AdmittedStatement, Parameter, Verdict } from '../admitted-statement.ts';
import type { Adapter, Database, OpenOptions } from '../database.ts';
import { hidePatterns } from '../pattern.ts';
import { allowedKinds } from '../refusals.ts';
import { isFile } from '../target.ts';
import { csvOf } from './csv.ts';
import { distinctValuesOf } from './distinct-values.ts';
import { failureOf } from './errors.ts';
import { fileIdentity, fileVersion } from './fingerprint.ts';
import { admit } from './guard/admit.ts';
import { type Library, libraryOf } from './guard/catalog.ts';
import { hiddenColumnsKeeper } from './guard/hidden-keeper.ts';
import { columnNames, mainSchema } from './guard/schema-copy.ts';
import { readTables } from './introspect.ts';
import { asTheyCame, databaseOf, numeralsOf } from './memory/memory.ts';
import { planOf } from './plan.ts';
import { resultOf, type Started, start, turn } from './query.ts';
import { type Connection, connectorInMemory, connectorOf } from './session.ts';
import { beginWrite } from './write.ts';

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
  if (!isFile(target)) {
    throw new TypeError(`not a file: ${target.engine}`);
  }
  const { path, content } = target;
  const connector =
    content === undefined
      ? await connectorOf(path, timeoutMilliseconds)
      : connectorInMemory(databaseOf(content), numeralsOf(content));
  const open = new Set<() => void>();

  /** The connection on which a statement that reads was admitted: nothing else was prepared on it. */
  let judged: { readonly statement: AdmittedStatement; readonly connection: Connection } | null = null;
  const discardJudged = (): void => {
    judged?.connection.close();
    judged = null;
  };
  open.add(discardJudged);
  /** A connection for an admitted statement, the one of its judgement where that was just now. */
  const connectionFor = (statement: AdmittedStatement): Connection => {
    if (judged?.statement === statement) {
      const { connection } = judged;
      judged = null;
      return connection;
    }
    return connector.reader();
  };
  /** Uses a connection for texts of ours, or to prepare an admitted one, and discards it. */
  const using = <Result>(
    use: (connection: Connection) => Result,
    connection: Connection = connector.reader(),
  ): Result => {
    try {
      return use(connection);
    } catch (error) {
      throw failureOf(error, path);
    } finally {
      connection.close();
    }
  };
  const hiddenColumns = hiddenColumnsKeeper(hide);
  open.add(() => hiddenColumns.close());
  let library: Library | null = null;
  const judge = (
    connection: Connection,
    sql: string,
    parameters: readonly Parameter[] = [],
    kinds: readonly Verdict['kind'][] = allowedKinds[access],
  ): Admission => {
    library ??= libraryOf(connection);
    return admit(connection, sql, parameters, kinds, library, hiddenColumns.of(connection));
  };
  const started = (statement: AdmittedStatement): Started => {
    const begun = start(connectionFor(statement), path, statement);
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
        connector.plain(),
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
        ...using((connection) => readTables(connection, filter, hiddenColumns.of(connection))),
      };
    },
    async unusedHidePatterns(signal) {
      signal.throwIfAborted();
      return hide.length === 0 ? [] : hidePatterns(hide).unused(using(columnNames));
    },
    async admit(sql, parameters, signal) {
      signal.throwIfAborted();
      discardJudged();
      const connection = connector.reader();
      try {
        const admission = judge(connection, sql, parameters);
        if (admission.statement?.kind === 'read') {
          judged = { statement: admission.statement, connection };
        }
        return admission;
      } catch (error) {
        throw failureOf(error, path);
      } finally {
        if (judged?.connection !== connection) {
          connection.close();
        }
      }
    },
    async plan(statement, signal) {
      signal.throwIfAborted();
      return using((connection) => planOf(connection, statement), connectionFor(statement));
    },
    async query(statement, { signal }) {
      signal.throwIfAborted();
      const begun = started(statement);
      const result = resultOf(begun, path, signal);
      return content === undefined ? result : asTheyCame(result, begun.columns, content);
    },
    async openSnapshot() {
      const connection = connector.reader();
      const end = (): void => {
        open.delete(end);
        connection.close();
      };
      open.add(end);
      return {
        async admit(sql, parameters, signal) {
          signal.throwIfAborted();
          return judge(connection, sql, parameters);
        },
        async query(statement, { signal }) {
          signal.throwIfAborted();
          const begun = start(connection, path, statement, () => {});
          const result = resultOf(begun, path, signal);
          return content === undefined ? result : asTheyCame(result, begun.columns, content);
        },
        async end() {
          end();
        },
      };
    },
    async queryCsv(statement, { signal }) {
      signal.throwIfAborted();
      // The engine would write decimals without the zeros that they came with.
      if (content !== undefined) {
        return null;
      }
      return csvOf(started(statement), path, signal);
    },
    async beginWrite(statement, signal) {
      signal.throwIfAborted();
      const writer = connector.writer();
      const end = (): void => {
        writer.close();
      };
      open.add(end);
      return beginWrite(writer, path, statement);
    },
    async distinctValues(columns, cap, signal) {
      const values: (readonly string[] | null)[] = [];
      for (const column of columns) {
        signal.throwIfAborted();
        values.push(
          using((connection) =>
            distinctValuesOf(
              connection,
              column,
              cap,
              (sql) => judge(connection, sql, [], ['read']).statement,
            ),
          ),
        );
        await turn();
      }
      return values;
    },
    async settle() {
      // A statement that nothing was done with must not keep anybody from writing.
      discardJudged();
    },
    async close() {
      for (const end of open) {
        end();
      }
      connector.close();
    },
  };
}
