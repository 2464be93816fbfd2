import { basename } from 'node:path';
import type { Dialect, Table } from '../../schema/schema.ts';
import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Adapter, Database, OpenOptions, SchemaFilter } from '../database.ts';
import { hidePatterns } from '../pattern.ts';
import { allowedKinds } from '../refusals.ts';
import { isFile } from '../target.ts';
import { csvOf } from './csv.ts';
import { distinctValues } from './distinct-values.ts';
import { failureOf, withoutHidden } from './errors.ts';
import { fileConnector } from './file-connector.ts';
import { filesConnector } from './files/connector.ts';
import { readingVersion } from './files/version.ts';
import { fileVersion, fingerprint } from './fingerprint.ts';
import { guardOf } from './guard/admit.ts';
import { columnNames, mainSchema, readTables } from './introspect.ts';
import { planOf } from './plan.ts';
import { interruptible, resultOf, type Started, start } from './query.ts';
import type { Connection } from './session.ts';
import { beginWrite } from './write.ts';

/** DuckDB, within the process that runs queries. */
export const duckdb: Adapter = {
  open: openDatabase,
  async cancelSession() {},
};

async function openDatabase(
  target: Parameters<Adapter['open']>[0],
  { access, hide, memoryLimit }: OpenOptions,
  signal: AbortSignal,
): Promise<Database> {
  signal.throwIfAborted();
  if (!isFile(target)) {
    throw new TypeError(`not a file: ${target.engine}`);
  }
  const { path, reading } = target;
  const hidden = hidePatterns(hide);
  const files = reading === undefined ? null : await filesConnector(reading, hidden, memoryLimit);
  const connector = files ?? fileConnector(path, memoryLimit);
  const guard = guardOf(hidden, files?.paths, files?.shownAs);
  const open = new Set<() => void>();
  const tablesOf = new WeakMap<AdmittedStatement, readonly string[]>();

  const on = async <Done>(
    connection: Connection,
    abort: AbortSignal,
    use: (connection: Connection) => Promise<Done>,
  ): Promise<Done> => {
    try {
      return await interruptible(connection, abort, () => use(connection));
    } catch (error) {
      throw abort.aborted ? abort.reason : withoutHidden(failureOf(error, path), hidden);
    } finally {
      connection.close();
    }
  };
  /** Uses a connection for texts of ours, or to prepare an admitted one, and discards it. */
  const using = async <Done>(
    abort: AbortSignal,
    use: (connection: Connection) => Promise<Done>,
  ): Promise<Done> => {
    abort.throwIfAborted();
    return on(await connector.reader(), abort, use);
  };
  const started = async (statement: AdmittedStatement, abort: AbortSignal): Promise<Started> => {
    abort.throwIfAborted();
    const begun = await start(await connector.reader(), path, statement, abort).catch((error: unknown) => {
      throw withoutHidden(error, hidden);
    });
    const end = (): void => {
      if (open.delete(end)) {
        begun.end();
      }
    };
    open.add(end);
    return { ...begun, end };
  };
  const tablesOn = async (connection: Connection, filter: SchemaFilter): Promise<readonly Table[]> => {
    const tables = await readTables(connection, filter, hidden, await guard.visibility(connection));
    // Our own views over files are their rows, and no queries of hours.
    return files === null ? tables : tables.map((table) => ({ ...table, kind: 'table' }));
  };
  const version = await using(signal, async ({ driver }) => driver.library_version());
  const dialect: Dialect = { engine: 'duckdb', product: 'DuckDB', version: version.replace(/^v/u, '') };

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
    fingerprint: (abort) => using(abort, ({ rows }) => fingerprint(rows)),
    async dataFingerprint() {
      return reading === undefined ? fileVersion(path) : readingVersion(reading);
    },
    introspect: (filter, abort) =>
      using(abort, async (connection) => ({
        dialect,
        database: basename(path),
        searchPath: [mainSchema],
        tables: await tablesOn(connection, filter),
        ...(files === null ? {} : { warnings: files.warnings() }),
      })),
    async unusedHidePatterns(abort) {
      return hide.length === 0 ? [] : hidden.unused(await using(abort, columnNames));
    },
    admit: (sql, parameters, abort) =>
      using(abort, async (connection) => {
        const admission = await guard.admit(connection, sql, parameters, allowedKinds[access]);
        if (admission.statement !== null) {
          tablesOf.set(admission.statement, admission.tables);
        }
        return admission;
      }),
    async plan(statement, abort) {
      abort.throwIfAborted();
      // DuckDB explains a change only where it could be made.
      const connection = await (statement.kind === 'read' ? connector.reader() : connector.writer());
      return on(connection, abort, () => planOf(connection, statement, tablesOf.get(statement) ?? []));
    },
    async query(statement, options) {
      return resultOf(await started(statement, options.signal), path, options);
    },
    async queryCsv(statement, { signal: abort }) {
      return csvOf(await started(statement, abort), path, abort);
    },
    async beginWrite(statement, abort) {
      abort.throwIfAborted();
      const writer = await connector.writer();
      open.add(() => writer.close());
      return beginWrite(writer, path, statement, tablesOf.get(statement) ?? []);
    },
    distinctValues: (columns, cap, abort) =>
      distinctValues(
        {
          using,
          admit: async (connection, sql) => (await guard.admit(connection, sql, [], ['read'])).statement,
        },
        columns,
        cap,
        abort,
      ),
    async close() {
      for (const end of open) {
        end();
      }
      connector.close();
      guard.close();
    },
  };
}
