import type { SqlDialect } from '../../database/dialect.ts';
import type { Literal } from './tree.ts';

/** A truth as the engine compares a column of truths with it: some keep it as a number. */
export function truthLiteral(dialect: SqlDialect, value: boolean): Literal {
  const written = dialect.writeTruth(value);
  return typeof written === 'string' ? { kind: 'text', text: written } : { kind: 'number', number: written };
}
