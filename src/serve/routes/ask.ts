import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type * as z from 'zod';
import type { CheckedStatement } from '../../ask/run.ts';
import { cellsOf } from '../../mcp/cells.ts';
import { callerOf } from '../access.ts';
import { type ApiAnswered, answeredSchema } from '../api/answer.ts';
import { askRequestSchema, chooseRequestSchema, rejectRequestSchema, sqlRequestSchema } from '../api/ask.ts';
import { type AnsweredWithRows, answeredWithRowsSchema, type Rows } from '../api/run.ts';
import { answerOrEvents } from '../http/answer-or-events.ts';
import { workOf } from '../http/work-of.ts';
import { HttpError } from '../http-error.ts';
import type { Parts } from '../parts.ts';
import { choose, reject } from '../question/ask-again.ts';
import { audited } from '../question/audited.ts';
import { conversationOf } from '../question/conversations.ts';
import { ownSql } from '../question/edit.ts';
import type { Kept } from '../question/kept.ts';
import { isAnswer, type KeptAnswer, previousOf } from '../question/kept-answer.ts';
import { profileFor } from '../question/profile.ts';
import { type Proposed, proposeFor } from '../question/propose.ts';
import { runAnswer } from '../question/run.ts';
import { sqlParameters } from '../question/sql-parameters.ts';
import { toldTo } from '../question/told-to.ts';
import { databaseOf, type Work } from '../question/work.ts';
import { maySee } from '../seen.ts';
import { rowLimitFor } from '../workspace.ts';
import { idSchema } from './id.ts';

/** Rows of an answer that comes with them, unless a number is asked for; as many bytes of them at most. */
const usualRows = 1000;
const mostBytes = 4 << 20;

/** Questions, and what follows on an answer by another one. */
export function askRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/ask',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['ask'],
          summary: 'Ask a question: SQL with its assumptions, doubts and plan, to be run by its id',
          body: askRequestSchema,
          response: { 200: answeredWithRowsSchema },
        },
      },
      async (request, reply) => {
        const { body } = request;
        if (body.run && !callerOf(request).roles.has('run')) {
          throw new HttpError('forbidden', 'To run SQL needs the role "run", which you do not have.');
        }
        return answerOrEvents(
          parts,
          request,
          reply,
          async (work, emit): Promise<AnsweredWithRows> => {
            const limit = rowLimitFor(parts.workspace, work.caller, body.limit ?? usualRows);
            const { kept, checked } = await askOnce(work, body, limit);
            if (!body.run || !isAnswer(kept) || kept.told.statement !== 'read') {
              return toldTo(work.caller, kept);
            }
            emit(kept.told.kind, kept.told);
            return { ...kept.told, rows: await rowsOf(work, kept, limit, checked) };
          },
          (told) => ('rows' in told ? { event: 'rows', data: told.rows } : { event: told.kind, data: told }),
        );
      },
    );

    app.post(
      '/v1/sql',
      {
        config: { role: 'run' },
        schema: {
          tags: ['ask'],
          summary: 'Have SQL of your own checked, planned and doubted, to be run by its id',
          body: sqlRequestSchema,
          response: { 200: answeredSchema },
        },
      },
      async (request, reply) => {
        const { sql, parameters = {}, database: named, conversation: id } = request.body;
        const work = workOf(parts, request, reply);
        const conversation = await conversationOf(parts.conversations, work.caller, id);
        const database = await databaseOf(work, named);
        const kept = await audited(work, 'sql', { database: database.name, sql }, () =>
          ownSql(work, {
            database,
            sql,
            parameters: sqlParameters(parameters),
            conversation: conversation.id,
          }),
        );
        return kept.told;
      },
    );

    app.post(
      '/v1/answers/:id/reject',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['answers'],
          summary: 'Ask for another answer: without an assumption that does not hold, or with a hint',
          params: idSchema,
          body: rejectRequestSchema,
          response: { 200: answeredSchema },
        },
      },
      async (request, reply) => {
        const kept = await parts.answers.find(callerOf(request), request.params.id);
        return answerOrEvents(parts, request, reply, (work) =>
          again(work, 'reject', kept.told, () => reject(work, kept, request.body)),
        );
      },
    );

    app.post(
      '/v1/answers/:id/choose',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['answers'],
          summary: 'Say what is meant, where the model has asked back',
          params: idSchema,
          body: chooseRequestSchema,
          response: { 200: answeredSchema },
        },
      },
      async (request, reply) => {
        const kept = await parts.answers.find(callerOf(request), request.params.id);
        return answerOrEvents(parts, request, reply, (work) =>
          again(work, 'choose', kept.told, () => choose(work, kept, request.body)),
        );
      },
    );
  };
}

/** Comes to SQL for a new question; it may build on the last answer of its conversation. */
async function askOnce(
  work: Work,
  body: z.output<typeof askRequestSchema>,
  limit: number | null,
): Promise<Proposed> {
  const { parts, caller } = work;
  const conversation = await conversationOf(parts.conversations, caller, body.conversation);
  const [profile, database] = await Promise.all([
    profileFor(work, body.profile),
    databaseOf(work, body.database),
  ]);
  const last = conversation.turns.at(-1);
  const before = last === undefined ? null : await parts.answers.find(caller, last).catch(() => null);
  const isSame =
    before !== null &&
    isAnswer(before) &&
    before.told.database === database.name &&
    // A model is told of what stood before.
    maySee(caller, { database: database.name, hide: before.hide });
  return audited(work, 'ask', { database: database.name, question: body.question }, async (note) => {
    const question = {
      text: body.question,
      meaning: body.question,
      database,
      conversation: conversation.id,
      profile,
      strict: body.strict === true,
      previous: isSame ? previousOf(before) : null,
      rejected: [],
      attempts: [],
    };
    const proposed = await proposeFor(work, question, body.run ? { limit } : null);
    const { told } = proposed.kept;
    if (told.kind === 'answer') {
      note({ sql: told.sql });
    }
    return proposed;
  });
}

async function again(
  work: Work,
  action: string,
  { database, question }: ApiAnswered,
  ask: () => Promise<Kept>,
): Promise<ApiAnswered> {
  return audited(work, action, { database, question }, async (note) => {
    const kept = await ask();
    if (kept.told.kind === 'answer') {
      note({ sql: kept.told.sql });
    }
    return toldTo(work.caller, kept);
  });
}

/** The rows of an answer that is wanted with them: some, for a reader that takes them at once. */
async function rowsOf(
  work: Work,
  answer: KeptAnswer,
  limit: number | null,
  checked: CheckedStatement | null,
): Promise<Rows> {
  const delivery = { collect: true, limit, mostBytes };
  // A model may have taken long.
  await work.parts.standing.require(work.caller);
  const { columns, kept, truncated, doubts, milliseconds } = await runAnswer(work, answer, delivery, checked);
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: kept.map((row) => [...cellsOf(row, columns)]),
    truncated,
    doubts: [...doubts],
    milliseconds,
  };
}
