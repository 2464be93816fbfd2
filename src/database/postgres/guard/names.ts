import type { Names } from './catalog.ts';
import type { Findings } from './walk/findings.ts';

/** Operators that the server uses where none is written: USING, ORDER BY, CASE x WHEN y, NULLIF. */
const unwritten = ['=', '<>', '<', '>', '<=', '>='].map((name) => ({ name, untyped: 1 }));

/** What the database is asked about for what a statement holds. */
export function namesIn({
  calls,
  relations,
  operators,
  types,
  operatorClasses,
}: Findings): Pick<Names, 'calls' | 'relations' | 'operators' | 'types' | 'operatorClasses'> {
  // `jsonb_populate_record(t, …)` and its like fill row types, with the checks of their columns.
  const filled = calls.some(({ name }) => name.includes('populate_record')) ? relations : [];
  return {
    calls,
    relations,
    operators: [...operators, ...unwritten],
    types: [...types, ...filled],
    operatorClasses,
  };
}
