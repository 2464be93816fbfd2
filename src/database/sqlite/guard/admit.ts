import { type Admission, admitted, type Parameter, type Verdict } from '../../admitted-statement.ts';
import { requireNumerals } from '../../placeholders.ts';
import type { Connection } from '../session.ts';
import { catalogOf, type Library } from './catalog.ts';
import { judgeText, refusalOfProgram } from './guard.ts';
import type { HiddenColumns } from './hidden.ts';

/**
 * Judges a statement, and admits it where its kind is one of `kinds`. SQLite knows `:name` itself, so that the text which
 * is judged and runs is the one that was written. Throws a SqlqError `usage` for a value that is no number.
 */
export function admit(
  connection: Connection,
  sql: string,
  parameters: readonly Parameter[],
  kinds: readonly Verdict['kind'][],
  library: Library,
  hidden: HiddenColumns | null,
): Admission {
  requireNumerals(parameters);
  const values = new Set(parameters.map(({ name }) => name));
  const verdict = judge(connection, sql, values, library, hidden);
  const { kind } = verdict;
  if (kind === 'forbidden' || kind === 'syntax' || !kinds.includes(kind)) {
    return { verdict, statement: null };
  }
  return { verdict, statement: admitted(sql, parameters, kind) };
}

function judge(
  connection: Connection,
  sql: string,
  values: ReadonlySet<string>,
  library: Library,
  hidden: HiddenColumns | null,
): Verdict {
  const verdict = judgeText(sql, catalogOf(connection, library), values);
  if (verdict.kind === 'forbidden' || verdict.kind === 'syntax') {
    return verdict;
  }
  const called = verdict.kind === 'ddl' ? null : refusalOfProgram(connection, sql);
  const reason = called ?? hidden?.refusal(connection, sql) ?? null;
  return reason === null ? verdict : { kind: 'forbidden', reason };
}
