import type { Admission, AdmittedStatement, admitted, Parameter, Verdict } from './admitted-statement.ts';

/** What a guard has read of the statements that it admitted. */
export interface Admissions<Reading> {
  /** Admits a judged text where its verdict is one of the kinds that access allows; `reading` is null where there is none. */
  admission(text: string, values: readonly Parameter[], verdict: Verdict, reading: Reading | null): Admission;
  /** What was read of a statement that was admitted here; throws an Error for any other. */
  readingOf(statement: AdmittedStatement): Reading;
}

/** `kinds` are those that the connection's access allows; `make` is what a guard alone may import. */
export function admissionsOf<Reading>(
  kinds: readonly Verdict['kind'][],
  make: typeof admitted,
): Admissions<Reading> {
  const readings = new WeakMap<AdmittedStatement, { readonly reading: Reading }>();
  return {
    admission(text, values, verdict, reading) {
      const { kind } = verdict;
      if (reading === null || kind === 'forbidden' || kind === 'syntax' || !kinds.includes(kind)) {
        return { verdict, statement: null };
      }
      const statement = make(text, values, kind);
      readings.set(statement, { reading });
      return { verdict, statement };
    },
    readingOf(statement) {
      const found = readings.get(statement);
      if (found === undefined) {
        throw new Error('the statement was not admitted by this connection');
      }
      return found.reading;
    },
  };
}
