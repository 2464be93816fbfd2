import { dialectOf } from '../database/engines.ts';
import type { UnknownSpelling } from '../doubts/values/find-spellings.ts';
import { escapeLine } from '../render/escape.ts';
import { literalsOf } from '../schema/literals.ts';
import { assumptionOf, type Spelling, withAsked, withStored } from '../schema/spelling.ts';
import type { AskContext } from './context.ts';
import { planStatement } from './plan-statement.ts';
import { withoutStoredValues } from './prompt/privacy.ts';
import type { Candidate } from './review.ts';

/** Of the time for all looks, so much may go on spellings; the doubts have the rest. */
export const shareOfSpellings = 1 / 3;

/**
 * SQL in which each text that no row has, and that can only mean one stored value, is written as the data spells it: each an
 * assumption that can be rejected. Where several can be meant, the user is asked in a terminal; elsewhere a doubt says so.
 * It is looked up on this machine after the model has answered, and what comes out is admitted and planned like any SQL.
 */
export async function setSpellings(
  context: AskContext,
  question: string,
  candidate: Candidate,
): Promise<Candidate> {
  const { doubts: search, database, generation, report, signal, terminal, turn } = context;
  const { statement } = candidate;
  // Under `strict` nothing is taken for granted: the doubt says what is stored.
  if (search === null || search.strict || generation.readsValues || statement.kind !== 'read') {
    return candidate;
  }
  const places = literalsOf(statement.sql, dialectOf(database.engine)) ?? [];
  if (!places.some(({ kind, role }) => kind === 'text' && (role === 'compared' || role === 'pattern'))) {
    return candidate;
  }
  terminal.progress.step('Looking up spellings');
  const [{ findSpellings }, schema] = await Promise.all([
    import('../doubts/values/find-spellings.ts'),
    search.readSchema(),
  ]);
  const unknown = await report.time('spellings', () =>
    findSpellings({
      sql: statement.sql,
      question,
      schema,
      database,
      now: search.now(),
      timeoutMs: search.timeoutMs * shareOfSpellings,
      signal,
    }),
  );
  terminal.progress.stop();
  const spellings: Spelling[] = [];
  for (const one of unknown) {
    const spelling = await spellingOf(context, one);
    if (spelling !== null && !turn.rejected.includes(spelling.assumption)) {
      spellings.push(spelling);
    }
  }
  return respelled(context, candidate, spellings);
}

/** What an unknown text is put as: what alone it can mean, or what the user says; null where it stays. */
async function spellingOf(
  { terminal, prompts, yes, dryRun }: AskContext,
  { asked, place, columns, meant }: UnknownSpelling,
): Promise<Spelling | null> {
  const of = ({ text, stored }: UnknownSpelling['meant'][number]): Spelling => ({
    asked,
    stored: text,
    columns,
    assumption: assumptionOf(asked, stored, place),
  });
  const [only] = meant;
  if (meant.length === 1 && only !== undefined) {
    return of(only);
  }
  if (!terminal.interactive || yes || dryRun) {
    return null;
  }
  const chosen = await prompts.select<number>(
    escapeLine(`No row has ${place} = '${asked}'. What is meant?`),
    [
      ...meant.map(({ stored }, index) => ({ label: escapeLine(stored), value: index })),
      { label: `None of these: leave '${escapeLine(asked)}'`, value: -1, leaves: true },
    ],
  );
  const found = meant[chosen];
  return found === undefined ? null : of(found);
}

/**
 * The candidate with spellings put in, in place of those that it has; as its model wrote it where there are none, or where the
 * database does not take it so.
 */
export async function respelled(
  { access, database, signal }: Pick<AskContext, 'access' | 'database' | 'signal'>,
  candidate: Candidate,
  spellings: readonly Spelling[],
): Promise<Candidate> {
  const before = candidate.spelt ?? {
    statement: candidate.statement,
    assumptions: candidate.assumptions,
    spellings: [],
  };
  const own = { ...candidate, statement: before.statement, assumptions: before.assumptions };
  const sql = withStored(before.statement.sql, spellings, dialectOf(database.engine));
  const planned = spellings.length === 0 ? null : await planStatement(database, sql, access, signal);
  if (planned === null || 'error' in planned || planned.kind !== 'read') {
    const { spelt: _spelt, ...plain } = own;
    return plain;
  }
  return {
    ...own,
    statement: planned,
    assumptions: [...before.assumptions, ...spellings.map(({ assumption }) => assumption)],
    spelt: { ...before, spellings },
  };
}

/** A candidate's SQL as a server may be told of it: without stored values that were found in the data. */
export function tellableSql(
  { database, generation, report }: Pick<AskContext, 'database' | 'generation' | 'report'>,
  { statement, spelt, written }: Candidate,
): string {
  if (generation.sendValues) {
    return statement.sql;
  }
  const sql = withAsked(statement.sql, spelt?.spellings ?? [], dialectOf(database.engine));
  return written === undefined ? sql : withoutStoredValues(sql, `${report.data.question ?? ''}\n${written}`);
}
