import { admissionsOf } from '../../admissions.ts';
import {
  type Admission,
  type AdmittedStatement,
  admitted,
  type Parameter,
  type Verdict,
} from '../../admitted-statement.ts';
import type { HidePatterns } from '../../pattern.ts';
import { requireNumerals } from '../../placeholders.ts';
import { writeText } from '../names.ts';
import { type GuardContext, nameOf } from './context.ts';
import { guardStatement, type Judged } from './guard.ts';
import { readsOf } from './reads.ts';
import { LexError, lex } from './syntax/lex.ts';

/** The guard of one connection. */
export interface Guard {
  /** Judges a statement with `:name` for its values, and admits it where guard and access let it run. */
  admit(sql: string, parameters: readonly Parameter[], context: GuardContext): Promise<Admission>;
  /** What was read of a statement that this guard has admitted; throws an Error for any other. */
  judgedOf(statement: AdmittedStatement): Judged;
}

/** `kinds` are those that the connection's access allows. */
export function guardOf(kinds: readonly Verdict['kind'][], hide: HidePatterns): Guard {
  const admissions = admissionsOf<Judged>(kinds, admitted);
  return {
    async admit(sql, parameters, context) {
      requireNumerals(parameters);
      const text = withoutEnd(withLiterals(sql, parameters));
      const { verdict, judged } = await guardStatement(text, context, hide);
      const unseen = judged === null ? null : await unseenTable(text, judged, context, hide);
      return unseen === null
        ? admissions.admission(text, [], verdict, judged)
        : {
            verdict: { kind: 'forbidden', reason: `It reads ${unseen}, which may have hidden columns.` },
            statement: null,
          };
    },
    judgedOf: admissions.readingOf,
  };
}

/**
 * The text with a literal in the place of each value, so that what is judged is what runs: Trino takes the values of a
 * prepared statement as literals too, in a text of their own that would have to be judged apart.
 */
function withLiterals(sql: string, parameters: readonly Parameter[]): string {
  if (parameters.length === 0) {
    return sql;
  }
  let at = 0;
  let text = '';
  for (const { start, end, name } of placesOf(sql)) {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (parameter !== undefined) {
      // Between spaces, so that it runs into no quote, no name and no sign.
      text += `${sql.slice(at, start)} ${literalOf(parameter)} `;
      at = end;
    }
  }
  return text + sql.slice(at);
}

function literalOf({ type, value }: Parameter): string {
  if (type === 'text') {
    return writeText(value);
  }
  return value.startsWith('-') ? `(${value})` : value;
}

/** Where `:name` stands; a text that can't be cut into tokens is left to the judge, who refuses it. */
function placesOf(sql: string): readonly { start: number; end: number; name: string }[] {
  return tokensOf(sql).flatMap(({ kind, text, start, end }) =>
    kind === 'parameter' ? [{ start, end, name: text }] : [],
  );
}

function tokensOf(sql: string): ReturnType<typeof lex> {
  try {
    return lex(sql);
  } catch (error) {
    if (error instanceof LexError) {
      return [];
    }
    throw error;
  }
}

/** Without the semicolons at its ends, which the server does not take, and what stands beyond them. */
function withoutEnd(sql: string): string {
  const tokens = tokensOf(sql);
  const isSemicolon = ({ kind, text }: (typeof tokens)[number]): boolean => kind === 'sign' && text === ';';
  const first = tokens.find((token) => !isSemicolon(token));
  const last = tokens.findLast((token) => !isSemicolon(token));
  return first === undefined || last === undefined || !tokens.some(isSemicolon)
    ? sql
    : sql.slice(first.start, last.end);
}

/**
 * A table that Trino itself says a statement reads through a view, and that was not judged; null where there is none. The
 * names within a view mean what they meant where it was made, which the server does not tell.
 */
async function unseenTable(
  text: string,
  { form, hasViews, reached }: Judged,
  { rows }: GuardContext,
  hide: HidePatterns,
): Promise<string | null> {
  if (!hide.isActive || !hasViews || form !== 'query') {
    return null;
  }
  const [[plan] = []] = await rows(`EXPLAIN (TYPE IO, FORMAT JSON) ${text}`);
  const seen = new Set(reached.map(nameOf));
  const unseen = readsOf(String(plan)).tables.find((table) => !seen.has(nameOf(table)));
  return unseen === undefined ? null : nameOf(unseen);
}
