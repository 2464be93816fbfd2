import { SqlqError } from '../errors.ts';
import type { Attempt } from '../model/model.ts';
import { clarify } from './clarify.ts';
import type { AskContext, Outcome } from './context.ts';
import { enforceCost } from './cost.ts';
import { type Delivered, deliver } from './deliver.ts';
import { propose } from './propose.ts';
import { type Candidate, editCandidate, review, showCandidate } from './review.ts';
import { verifyOrThrow } from './verify.ts';

/** What a question was answered with. */
export interface Answered extends Candidate, Delivered {}

/**
 * One question, all the way: schema → model → SQL that is judged and checked → the user's word → rows. Two loops go
 * back: `propose` lets the model mend what is refused, and here the user edits the SQL or asks for another.
 */
export async function ask(context: AskContext, question: string): Promise<Answered> {
  const { report } = context;
  requireConsent(context);
  report.data.question = question;
  report.data.provider = context.model.provider;
  report.data.model = context.model.name;
  try {
    const answered = await answerQuestion(context, question);
    await remember(context, question, context.dryRun ? 'dry-run' : 'answered');
    return answered;
  } catch (error) {
    await remember(context, question, error instanceof SqlqError ? error.code : 'failed');
    throw error;
  }
}

/** Hands on what became of a question, if it came as far as SQL. */
async function remember(context: AskContext, question: string, outcome: Outcome['outcome']): Promise<void> {
  const { sql, assumptions, rows } = context.report.data;
  if (sql === null) return;
  const { previous = null } = context;
  const { provider, name: model } = context.model;
  await context.remember?.({ question, sql, assumptions, provider, model, outcome, rows, previous });
}

async function answerQuestion(asked: AskContext, question: string): Promise<Answered> {
  const { report, terminal } = asked;

  terminal.progress.step('Reading the schema');
  const schema = await report.time('schema', asked.readSchema);
  if (schema.tables.length === 0) throw nothingToRead(schema.database);

  const recalled = (await asked.recall?.(question, schema)) ?? null;
  const context: AskContext = { ...asked, ...recalled };
  const attempts: Attempt[] = [...(recalled?.attempts ?? []), ...(asked.attempts ?? [])];
  let meaning = question;
  for (;;) {
    const proposal = await propose(context, schema, meaning, attempts);
    terminal.progress.stop();
    if (proposal.kind === 'unanswerable') throw unanswerable(proposal.reason);
    let candidate: Candidate;
    if (proposal.kind === 'clarification') {
      const choice = await clarify(context, proposal);
      if (choice.sql === null) {
        meaning = `${meaning}\n${proposal.question}\n${choice.reading}`;
        continue;
      }
      const checked = await verifyOrThrow(context.database, choice.sql, context.access, context.signal);
      candidate = { checked, assumptions: [choice.reading] };
    } else {
      candidate = proposal;
    }
    const before =
      attempts.slice(recalled?.attempts.length ?? 0).findLast(({ source }) => source === 'user')?.sql ??
      context.previous?.sql ??
      null;
    const settled = await settle(context, candidate, before);
    if ('hint' in settled) {
      attempts.push({ sql: settled.sql, source: 'user', problem: settled.hint });
      continue;
    }
    report.data.sql = settled.checked.sql;
    report.data.assumptions = settled.assumptions;
    await enforceCost(context, settled.checked.plan);
    return { ...settled, ...(await deliver(context, settled.checked)) };
  }
}

/** Shows a candidate until the user runs it or wants another. */
async function settle(
  context: AskContext,
  proposed: Candidate,
  before: string | null,
): Promise<Candidate | { readonly sql: string; readonly hint: string }> {
  let candidate = proposed;
  for (;;) {
    await showCandidate(context, candidate, before);
    if (context.yes || context.dryRun) return candidate;
    const decision = await review(context);
    if (decision.kind === 'run') return candidate;
    if (decision.kind === 'another') return { sql: candidate.checked.sql, hint: decision.hint };
    candidate = await editCandidate(context, candidate);
  }
}

/** Where nobody can be asked, consent must come with the command, before anything is spent on a model. */
function requireConsent(context: AskContext): void {
  if (context.yes || context.dryRun || context.terminal.interactive) return;
  throw new SqlqError('usage', 'The query needs your consent, and there is no terminal to ask on.', {
    hint: 'Add --yes to run it without asking, or --dry-run to print the SQL alone.',
  });
}

function unanswerable(reason: string): SqlqError {
  return new SqlqError('unanswerable', `This can't be answered from the schema: ${reason}`, {
    hint: 'See what the database holds with: sqlq schema',
  });
}

function nothingToRead(database: string): SqlqError {
  return new SqlqError('unanswerable', `The database "${database}" has no tables that this role may read.`, {
    hint: 'Check --db, --schema, --include and --exclude, or what the role was granted: sqlq doctor',
  });
}
