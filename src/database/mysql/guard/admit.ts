import { admissionsOf } from '../../admissions.ts';
import {
  type Admission,
  type AdmittedStatement,
  admitted,
  type Parameter,
  type Verdict,
} from '../../admitted-statement.ts';
import { type NamedPlace, withPlaceholders } from '../../placeholders.ts';
import type { GuardContext } from './context.ts';
import { guardStatement } from './guard.ts';
import type { HiddenColumns } from './hidden-columns.ts';
import type { Analysis } from './syntax/findings.ts';
import { LexError, lex } from './syntax/lex.ts';
import type { SqlMode } from './syntax/sql-mode.ts';

/** The guard of one connection. */
export interface Guard {
  /** Judges a statement with `:name` for its values, and admits it where guard and access let it run. */
  admit(sql: string, parameters: readonly Parameter[], context: GuardContext): Promise<Admission>;
  /** What was read of a statement that this guard has admitted; throws an Error for any other. */
  analysisOf(statement: AdmittedStatement): Analysis;
}

/** `kinds` are those that the connection's access allows. */
export function guardOf(kinds: readonly Verdict['kind'][], hidden: HiddenColumns): Guard {
  const admissions = admissionsOf<Analysis>(kinds, admitted);
  return {
    async admit(sql, parameters, context) {
      const { text, values } = withPlaceholders(
        sql,
        parameters.length === 0 ? [] : placesOf(sql, context.mode),
        parameters,
        {
          write: () => '?',
          repeats: true,
        },
      );
      context.catalog.forget();
      hidden.forget();
      const { verdict, analysis } = await guardStatement(text, values.length, context, hidden);
      return admissions.admission(text, values, verdict, analysis);
    },
    analysisOf: admissions.readingOf,
  };
}

/** Where `:name` stands; a text that can't be cut into tokens is left to the judge, who refuses it. */
function placesOf(sql: string, mode: SqlMode): readonly NamedPlace[] {
  try {
    return lex(sql, mode).flatMap(({ kind, text, start, end }) =>
      kind === 'placeholder' && text !== '' ? [{ start, end, name: text }] : [],
    );
  } catch (error) {
    if (error instanceof LexError) {
      return [];
    }
    throw error;
  }
}
