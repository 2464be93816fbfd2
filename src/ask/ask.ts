import { SqlqError } from '../errors.ts';
import type { Answer } from '../model/answer.ts';
import type { Attempt, ModelRequest } from '../model/model.ts';
import { languageOf } from '../words/language.ts';
import type { Cacheable } from './cache/answer-cache.ts';
import { clarify } from './clarify.ts';
import { type Confirmed, confirm } from './confirm.ts';
import type { AskContext, Outcome } from './context.ts';
import { attemptAfterRun, isStatementFailure } from './correct-run.ts';
import { enforceCost } from './cost.ts';
import { doubtAfterRun } from './doubts.ts';
import { type Executed, execute } from './execute.ts';
import { type Generated, generateSql, mostReplies } from './generate-sql.ts';
import { inLanguage } from './in-language.ts';
import { planStatementOrThrow } from './plan-statement.ts';
import type { Candidate } from './review.ts';
import { secondReader } from './second-reader.ts';
import { noteSources, noteSourcesUsed } from './sources.ts';
import { setSpellings } from './spellings.ts';
import { storedValuesFor } from './stored-values.ts';

/** What a question was answered with. */
export interface Answered extends Confirmed, Executed {
  /** What the answer cache may keep once its rows have come; null where it may keep nothing. */
  readonly cacheable: Cacheable | null;
}

/**
 * One question, all the way: schema → model → SQL that is admitted and planned → the user's word → rows. Two loops go
 * back: the model corrects what is refused or fails, and the user edits the SQL or asks for another.
 */
export async function ask(context: AskContext, question: string): Promise<Answered> {
  const { report, generation } = context;
  requireConsent(context);
  report.data.question = question;
  report.data.provider = generation.model.provider;
  report.data.model = generation.model.name;
  try {
    const answered = await answerQuestion(context, question);
    await remember(context, question, context.dryRun ? 'dry-run' : 'answered');
    return answered;
  } catch (error) {
    await remember(context, question, error instanceof SqlqError ? error.code : 'failed');
    throw error;
  }
}

async function answerQuestion(context: AskContext, question: string): Promise<Answered> {
  const { report, terminal, generation, knowledge, turn } = context;

  terminal.progress.step('Reading the schema');
  const schema = await report.time('schema', knowledge.readSchema);
  if (schema.tables.length === 0) {
    throw nothingToRead(schema.database);
  }

  const recalled = await knowledge.recall(question, schema);
  noteSources(context, recalled);
  const values = await storedValuesFor(context, question, schema);
  const attempts: Attempt[] = [...recalled.attempts, ...turn.attempts];
  const reader = secondReader(context, { question, schema, recalled });
  let meaning = question;
  let replies = { left: mostReplies(generation) };
  /** How often SQL has failed while it ran. */
  let runs = 0;
  /** The request before SQL failed while it ran: what is corrected answers that one. */
  let failedRequest: ModelRequest | null = null;
  for (;;) {
    const generated = await generateSql(context, {
      schema,
      question: meaning,
      recalled,
      ...values,
      attempts,
      replies,
      onSent: () => void reader?.prepare().catch(() => {}),
    });
    terminal.progress.stop();
    if (generated.kind === 'unanswerable') {
      throw await unanswerable(question, generated);
    }
    let candidate: Candidate;
    if (generated.kind === 'clarification') {
      const choice = await clarify(context, generated);
      if (choice.sql === null) {
        failedRequest = null;
        replies = { left: mostReplies(generation) };
        meaning = `${meaning}\n${generated.question}\n${choice.interpretation}`;
        continue;
      }
      const statement = await planStatementOrThrow(
        context.database,
        choice.sql,
        context.access,
        context.signal,
      );
      candidate = { statement, assumptions: [choice.interpretation] };
    } else {
      candidate = await setSpellings(context, meaning, generated);
    }
    const before =
      attempts.slice(recalled.attempts.length).findLast(({ source }) => source === 'user')?.sql ??
      turn.previous?.sql ??
      null;
    const isAsAsked = meaning === question && attempts.every(({ source }) => source !== 'user');
    const confirmed = await confirm(context, candidate, before, isAsAsked ? reader : null);
    if ('hint' in confirmed) {
      const held = generated.kind === 'sql' && generated.holdsStoredValues ? { holdsStoredValues: true } : {};
      attempts.push({ sql: confirmed.sql, source: 'user', problem: confirmed.hint, ...held });
      failedRequest = null;
      replies = { left: mostReplies(generation) };
      continue;
    }
    report.data.sql = confirmed.statement.sql;
    report.data.assumptions = confirmed.assumptions;
    noteSourcesUsed(context, recalled, confirmed.assumptions);
    await enforceCost(context, confirmed.statement.plan);
    const isAsGenerated = generated.kind === 'sql' && candidate.statement.sql === confirmed.statement.sql;
    try {
      const executed = await execute(context, confirmed.statement);
      const cacheable = isAsGenerated ? cacheableOf(context, generated, failedRequest) : null;
      if (cacheable !== null && !context.dryRun) {
        await generation.answers?.keep(cacheable);
      }
      await doubtAfterRun(context, confirmed.found, executed.doubts ?? []);
      return { ...confirmed, ...executed, cacheable };
    } catch (error) {
      if (isAsGenerated && generated.isCached && isStatementFailure(error)) {
        await generation.answers?.forget(generated.request);
      }
      const failed =
        runs < generation.repairs && replies.left > 0
          ? await attemptAfterRun(context, schema, confirmed, error)
          : null;
      if (failed === null) {
        throw error;
      }
      attempts.push(failed);
      failedRequest ??= generated.kind === 'sql' ? generated.request : null;
      runs += 1;
    }
  }
}

/** What the answer cache may keep of a model's answer: it answers the request before SQL of it failed, where some did. */
function cacheableOf(
  { generation: { answers } }: AskContext,
  generated: Generated,
  failedRequest: ModelRequest | null,
): Cacheable | null {
  if (answers === null || generated.kind !== 'sql' || !generated.mayKeep) {
    return null;
  }
  const { statement, assumptions, request } = generated;
  return { key: answers.keyOf(failedRequest ?? request), sql: statement.sql, assumptions };
}

/** Hands on what became of a question, if it came as far as SQL. */
async function remember(context: AskContext, question: string, outcome: Outcome['outcome']): Promise<void> {
  const { sql, assumptions, rows, provider, model } = context.report.data;
  if (sql === null) {
    return;
  }
  const { previous } = context.turn;
  await context.knowledge.remember?.({
    question,
    sql,
    assumptions,
    // Who answered at last; where nothing came so far, who was asked.
    provider: provider ?? context.generation.model.provider,
    model: model ?? context.generation.model.name,
    outcome,
    rows,
    previous,
  });
}

/** Where nobody can be asked, consent must come with the command, before anything is spent on a model. */
function requireConsent(context: AskContext): void {
  if (context.yes || context.dryRun || context.terminal.interactive) {
    return;
  }
  throw new SqlqError('usage', 'The query needs your consent, and there is no terminal to ask on.', {
    hint: 'Add --yes to run it without asking, or --dry-run to print the SQL alone.',
  });
}

async function unanswerable(
  question: string,
  {
    reason,
    ofReader,
    language = languageOf(question) ?? undefined,
  }: Extract<Answer, { kind: 'unanswerable' }>,
): Promise<SqlqError> {
  const said = (text: string): Promise<string> => inLanguage(language ?? null, text);
  return new SqlqError(
    'unanswerable',
    ofReader === true ? reason : await said(`This can't be answered from the schema: ${reason}`),
    { hint: await said('See what the database holds with: sqlq schema') },
  );
}

function nothingToRead(database: string): SqlqError {
  return new SqlqError('unanswerable', `The database "${database}" has no tables that this role may read.`, {
    hint: 'Check --db, --schema, --include and --exclude, or what the role was granted: sqlq doctor',
  });
}
