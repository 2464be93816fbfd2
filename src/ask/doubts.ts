import { dialectOf } from '../database/engines.ts';
import type { Doubt, Doubts } from '../doubts/doubt.ts';
import { SqlqError } from '../errors.ts';
import { withLiterals } from '../schema/literals.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { RunContext } from './context.ts';
import type { PlannedStatement } from './plan-statement.ts';

const none: Doubts = { doubts: [], notLooked: [] };

/** Looks in the data for reasons to doubt what checked SQL will return; for none where the SQL changes something. */
export async function lookForDoubts(context: RunContext, statement: PlannedStatement): Promise<Doubts> {
  const { doubts: search, database, report, signal, terminal } = context;
  if (search === null || statement.kind !== 'read') {
    return none;
  }
  terminal.progress.step('Looking for doubts');
  const [{ findDoubts }, schema] = await Promise.all([
    import('../doubts/find-doubts.ts'),
    search.readSchema(),
  ]);
  const found = await report.time('doubts', () =>
    findDoubts({
      sql: withLiterals(statement.sql, statement.parameters, dialectOf(database.engine)),
      schema,
      database,
      now: search.now(),
      timeoutMs: search.timeoutMs,
      signal,
    }),
  );
  terminal.progress.stop();
  report.data.doubts = found.doubts;
  return statement.parameters.length === 0 ? found : { ...found, doubts: found.doubts.map(withoutSql) };
}

/** SQL with its values in place is no longer the statement with its parameters. */
function withoutSql(doubt: Doubt): Doubt {
  return { ...doubt, mendedSql: null };
}

/** Says each doubt on stderr, before the rows. */
export function showDoubts(terminal: Terminal, { doubts, notLooked }: Doubts): void {
  for (const { sentence } of doubts) {
    terminal.warn(`${terminal.style('yellow', 'Doubt:')} ${terminal.escape(sentence)}`);
  }
  for (const sentence of notLooked) {
    terminal.note(terminal.style('dim', terminal.escape(sentence)));
  }
}

/** Ends a strict run that has a doubt. Throws a SqlqError `unanswerable`. */
export function requireNoDoubt({ doubts: search }: RunContext, doubts: readonly Doubt[]): void {
  const [first] = doubts;
  if (search?.strict !== true || first === undefined) {
    return;
  }
  throw new SqlqError('unanswerable', 'With --strict nothing runs that there is a doubt about.', {
    hint:
      first.mendedSql === null
        ? 'Ask more exactly, or leave --strict out to see the rows with the doubt.'
        : `SQL without this doubt:\n${first.mendedSql}`,
  });
}
