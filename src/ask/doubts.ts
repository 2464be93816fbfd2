import { dialectOf } from '../database/engines.ts';
import type { Doubt, Doubts } from '../doubts/doubt.ts';
import { SqlqError } from '../errors.ts';
import { isBuiltIn } from '../model/providers.ts';
import { escapeLine } from '../render/escape.ts';
import { withLiterals } from '../schema/literals.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Language, languageOf } from '../words/language.ts';
import type { RunContext } from './context.ts';
import { doubtLabel, doubtsInLanguage, inLanguage } from './in-language.ts';
import type { PlannedStatement } from './plan-statement.ts';
import type { SecondReader } from './second-reader.ts';
import { shareOfSpellings } from './spellings.ts';

/** Of a doubt that rows alone have shown. */
const ranAlready = 'With --strict these rows do not count: there is a doubt about them.';
const none: Doubts = { language: null, doubts: [], notLooked: [], queries: 0, unanswered: 0, lookOn: null };
/** Of a query's time, so much goes on looking after it has run, where the time before it was not enough. */
const shareOfQuery = 1 / 5;

/** Who has written SQL, and who else may say what it should be. */
interface Author {
  /** The user has written it by hand. */
  readonly isOwn?: boolean;
  /** The question's language, where it is known better than by its small words. */
  readonly language?: Language | undefined;
  readonly reader?: SecondReader | null;
}

/**
 * Looks in the data for reasons to doubt what checked SQL will return; for none where the SQL changes something. What the
 * database itself warns of is one.
 */
export async function lookForDoubts(
  context: RunContext,
  statement: PlannedStatement,
  { isOwn = false, reader = null, language = undefined }: Author = {},
): Promise<Doubts> {
  const { doubts: search, database, delivery, report, signal, terminal } = context;
  if (search === null || statement.kind !== 'read') {
    return none;
  }
  terminal.progress.step('Looking for doubts');
  const [{ findDoubts }, schema] = await Promise.all([
    import('../doubts/find-doubts.ts'),
    search.readSchema(),
  ]);
  const isByModel = !isOwn && report.data.provider !== null && !isBuiltIn(report.data.provider);
  const again = isByModel ? await readyReader(context, reader) : null;
  const isSpelt = report.data.steps.some(({ name }) => name === 'spellings');
  const found = await report.time('doubts', async () => {
    const looked = await findDoubts({
      sql: withLiterals(statement.sql, statement.parameters, dialectOf(database.engine)),
      question: report.data.question,
      isByModel,
      readAgain: again?.read ?? null,
      limit: delivery.limit,
      isStrict: search.strict,
      schema,
      database,
      now: search.now(),
      timeoutMs: search.timeoutMs * (isSpelt ? 1 - shareOfSpellings : 1),
      signal,
    });
    return doubtsInLanguage(language ?? languageOf(report.data.question ?? ''), looked);
  });
  terminal.progress.stop();
  const doubts = [...(statement.plan.warnings ?? []).map(serverWarning), ...found.doubts];
  report.data.doubts = doubts;
  report.data.notLooked = found.notLooked;
  terminal.detail(lookedText(found));
  return { ...found, doubts: statement.parameters.length === 0 ? doubts : doubts.map(withoutSql) };
}

/** What has loaded what it takes to read a question, before the time for looks begins; null where there is nothing. */
async function readyReader(
  { signal }: RunContext,
  reader: SecondReader | null,
): Promise<SecondReader | null> {
  try {
    await reader?.prepare();
    return reader;
  } catch {
    signal.throwIfAborted();
    // Without its opinion the answer is as good as it was.
    return null;
  }
}

/** What the database says of a statement or of its rows, as a doubt. */
export function serverWarning(sentence: string): Doubt {
  return { kind: 'server-warning', sentence, evidence: {}, mendedSql: null };
}

/**
 * What is doubted once rows are there: what they show, and what there was no time to look for before a query that took
 * long. Throws a SqlqError `unanswerable` where the run is strict.
 */
export async function doubtAfterRun(
  context: RunContext,
  { language, lookOn }: Doubts,
  shown: readonly Doubt[],
): Promise<void> {
  const { doubts: search, report, terminal } = context;
  if (search === null) {
    return;
  }
  report.data.doubts = [...report.data.doubts, ...shown];
  await requireNoDoubt(context, { language, doubts: shown }, ranAlready);
  const took = report.data.steps.findLast(({ name }) => name === 'run')?.milliseconds ?? 0;
  const left = took * shareOfQuery - search.timeoutMs;
  if (lookOn === null || left <= 0) {
    return;
  }
  terminal.progress.step('Looking for doubts');
  const found = await report.time('doubts', () => lookOn(left));
  terminal.progress.stop();
  report.data.doubts = [...report.data.doubts, ...found.doubts];
  report.data.notLooked = found.notLooked;
  terminal.detail(lookedText(found));
  showDoubts(terminal, found);
  await requireNoDoubt(context, found, ranAlready);
}

/** Loads what looks for doubts in SQL of an engine, while the database or a model is waited for anyway. */
export function prepareDoubts(engine: string): void {
  const load = async (): Promise<void> => {
    await import('../doubts/find-doubts.ts');
    const { readSql } = await import('../doubts/read-sql.ts');
    await readSql('SELECT 1', dialectOf(engine));
  };
  // Whoever looks for doubts loads it again, and hears of a failure.
  load().catch(() => {});
}

/** How many queries of our own looked at the data, and how many of them the database did not answer. */
function lookedText({ queries, unanswered }: Doubts): string {
  const failed = unanswered === 0 ? '' : `, of which the database did not answer ${unanswered}`;
  return `Looked for doubts by ${queries === 1 ? '1 query' : `${queries} queries`}${failed}.`;
}

/** SQL with its values in place is no longer the statement with its parameters. */
function withoutSql(doubt: Doubt): Doubt {
  return { ...doubt, mendedSql: null };
}

/** Says each doubt on stderr. */
export function showDoubts(
  terminal: Terminal,
  { doubts, notLooked, language }: Pick<Doubts, 'doubts' | 'notLooked' | 'language'>,
): void {
  for (const { sentence } of doubts) {
    showDoubt(terminal, sentence, language);
  }
  for (const sentence of notLooked) {
    terminal.note(terminal.style('dim', terminal.escape(sentence)));
  }
}

/** Says one doubt on stderr. */
export function showDoubt(terminal: Terminal, sentence: string, language: Language | null): void {
  terminal.warn(`${terminal.style('yellow', doubtLabel(language))} ${escapeLine(sentence)}`);
}

/** Ends a strict run that has a doubt. Throws a SqlqError `unanswerable`. */
export async function requireNoDoubt(
  { doubts: search }: RunContext,
  { language, doubts }: Pick<Doubts, 'language' | 'doubts'>,
  said = 'With --strict nothing runs that there is a doubt about.',
): Promise<void> {
  const [first] = doubts;
  if (search?.strict !== true || first === undefined) {
    return;
  }
  const hint =
    first.mendedSql === null
      ? 'Ask more exactly, or leave --strict out to see the rows with the doubt.'
      : `SQL without this doubt:\n${first.mendedSql}`;
  throw new SqlqError('unanswerable', await inLanguage(language, said), {
    hint: await inLanguage(language, hint),
  });
}
