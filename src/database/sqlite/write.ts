import type { AdmittedStatement } from '../admitted-statement.ts';
import type { Change, PendingWrite } from '../database.ts';
import { failureOf } from './errors.ts';
import { tablesWritten } from './guard/program.ts';
import { statementOf } from './guard/statement.ts';
import type { Connection } from './session.ts';
import { boundValues } from './values.ts';

/** Runs one admitted statement in a transaction and holds that open; the connection is discarded at its end. */
export function beginWrite(connection: Connection, path: string, statement: AdmittedStatement): PendingWrite {
  const settle = (word: 'COMMIT' | 'ROLLBACK'): void => {
    if (!connection.open) {
      return;
    }
    try {
      connection.exec(word);
    } catch (error) {
      throw failureOf(error, path);
    } finally {
      connection.close();
    }
  };
  try {
    connection.exec('BEGIN IMMEDIATE');
    const { kind } = statement;
    const changes = kind === 'ddl' ? define(connection, statement) : change(connection, statement);
    return {
      changes,
      committed: false,
      commit: async () => settle('COMMIT'),
      async rollback() {
        settle('ROLLBACK');
        return [];
      },
    };
  } catch (error) {
    connection.close();
    throw failureOf(error, path);
  }
}

/** The tables that it names come first; rows that triggers and cascades changed are told apart where one table has them. */
function change(connection: Connection, statement: AdmittedStatement): Change[] {
  const { direct, indirect } = tablesWritten(connection, statementOf(statement.text).text);
  const count = (name: 'changes' | 'total_changes'): number =>
    connection.prepare<[], number>(`SELECT ${name}()`).pluck().get() ?? 0;
  const before = count('total_changes');
  execute(connection, statement);
  const rows = count('changes');
  const others = count('total_changes') - before - rows;
  const changed: Change[] = direct.map((table) => ({ table, rows }));
  const touched = indirect.map((table) => ({ table, rows: indirect.length === 1 ? others : null }));
  return others > 0 ? [...changed, ...touched] : changed;
}

/** The tables whose definition or indexes are not as before. */
function define(connection: Connection, statement: AdmittedStatement): Change[] {
  const definitions = (): string[] =>
    connection
      .prepare<[], string>('SELECT json_array(tbl_name, type, name, sql, rootpage) FROM main.sqlite_master')
      .pluck()
      .all();
  const before = new Set(definitions());
  execute(connection, statement);
  const after = new Set(definitions());
  const changed = [...before, ...after].filter((text) => !(before.has(text) && after.has(text)));
  const names = changed.map((text) => String(JSON.parse(text)[0]));
  return [...new Set(names)].map((table) => ({ table, rows: null }));
}

/** A statement with RETURNING must be read to its end. */
function execute(connection: Connection, { text, values }: AdmittedStatement): void {
  const statement = connection.prepare<unknown[]>(text);
  const bound = boundValues(values);
  if (statement.reader) {
    statement.all(...bound);
  } else {
    statement.run(...bound);
  }
}
