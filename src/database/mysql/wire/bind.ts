import type { AdmittedStatement, Parameter } from '../../admitted-statement.ts';
import { statementFailure } from '../errors.ts';
import type { Session } from '../session.ts';

/**
 * Prepares a statement at the server and binds its values there; returns the text that executes it. The driver sends
 * each value apart from any text, in the binary protocol, and rows still come as text, which this program reads exactly.
 * Source: MySQL's "PREPARE Statement" and "EXECUTE Statement", which MariaDB shares.
 */
export async function prepareBound(
  session: Session,
  { text, values }: AdmittedStatement,
  explain: '' | 'EXPLAIN EXTENDED ' | 'EXPLAIN FORMAT=TRADITIONAL ' = '',
): Promise<string> {
  await bind(session, 'SET @sqlq_text = ?', explain + text);
  for (const [index, { value, type }] of values.entries()) {
    await bind(session, `SET @sqlq_${index} = ${marks[type](value)}`, value);
  }
  await session.rows('PREPARE sqlq_bound FROM @sqlq_text');
  const names = values.map((_value, index) => `@sqlq_${index}`);
  return names.length === 0 ? 'EXECUTE sqlq_bound' : `EXECUTE sqlq_bound USING ${names.join(', ')}`;
}

/** The driver sends numbers as texts or floating-point values: the server makes them exact. */
const marks: Readonly<Record<Parameter['type'], (value: string) => string>> = {
  text: () => '?',
  integer: () => 'CAST(? AS SIGNED)',
  number: (value) => `CAST(? AS DECIMAL(65, ${Math.min(30, value.split('.')[1]?.length ?? 0)}))`,
};

function bind({ connection }: Session, sql: string, value: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.execute(sql, [value], (error) => {
      connection.unprepare(sql);
      if (error) {
        reject(statementFailure(error));
      } else {
        resolve();
      }
    });
  });
}
