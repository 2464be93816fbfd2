import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { planStatementOrThrow } from '../../ask/plan-statement.ts';
import { callerOf } from '../access.ts';
import { answeredSchema } from '../api/answer.ts';
import { editRequestSchema, feedbackReplySchema, feedbackRequestSchema } from '../api/ask.ts';
import {
  changesSchema,
  commitReplySchema,
  commitRequestSchema,
  rowsSchema,
  runRequestSchema,
} from '../api/run.ts';
import { formatFor, rowsReply } from '../http/row-format.ts';
import { sendRows } from '../http/row-reply.ts';
import { workOf } from '../http/work-of.ts';
import { HttpError } from '../http-error.ts';
import type { Parts } from '../parts.ts';
import { audited } from '../question/audited.ts';
import { change } from '../question/change.ts';
import { edit } from '../question/edit.ts';
import { answerIn } from '../question/kept-answer.ts';
import { toldTo } from '../question/told-to.ts';
import { databaseOf } from '../question/work.ts';
import { rowLimitFor } from '../workspace.ts';
import { idSchema } from './id.ts';

const tags = ['answers'];

/** What is done with an answer of one's own. */
export function answerRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/answers/:id',
      {
        config: { role: 'ask' },
        schema: {
          tags,
          summary: 'An answer, with the runs of it so far',
          params: idSchema,
          response: { 200: answeredSchema },
        },
      },
      async (request) => {
        const caller = callerOf(request);
        return toldTo(caller, await parts.answers.find(caller, request.params.id));
      },
    );

    app.post(
      '/v1/answers/:id/run',
      {
        config: { role: 'run' },
        schema: {
          tags,
          summary: 'Run the SQL of an answer; a change is tried, shown and taken back',
          params: idSchema,
          body: runRequestSchema.nullish(),
          response: { 200: rowsReply(z.union([rowsSchema, changesSchema])) },
        },
      },
      async (request, reply) => {
        const answer = answerIn(await parts.answers.find(callerOf(request), request.params.id));
        const work = workOf(parts, request, reply);
        if (answer.told.statement !== 'read') {
          const tried = await change(work, answer, null);
          if (tried.kind === 'committed') {
            throw new Error('a change was kept that nobody has agreed to');
          }
          const { kind: _kind, ...shown } = tried;
          return shown;
        }
        return sendRows(work, reply, answer, {
          format: request.body?.format ?? formatFor(request.headers.accept),
          limit: rowLimitFor(parts.workspace, work.caller, request.body?.limit),
        });
      },
    );

    app.post(
      '/v1/answers/:id/commit',
      {
        config: { role: 'write' },
        schema: {
          tags,
          summary: 'Make a change that was shown, and keep it where it changes the same',
          params: idSchema,
          body: commitRequestSchema,
          response: { 200: commitReplySchema },
        },
      },
      async (request, reply) => {
        const answer = answerIn(await parts.answers.find(callerOf(request), request.params.id));
        if (answer.told.statement === 'read') {
          throw new HttpError('conflict', 'This only reads: there is nothing to keep.');
        }
        const tried = await change(workOf(parts, request, reply), answer, request.body.digest);
        if (tried.kind === 'shown') {
          throw new Error('a change was agreed to and not kept');
        }
        return { committed: true as const, rows: tried.rows };
      },
    );

    app.post(
      '/v1/answers/:id/edit',
      {
        config: { role: 'run' },
        schema: {
          tags,
          summary: 'Another answer of this one: other SQL, that of a doubt, or a spelling as it was asked',
          params: idSchema,
          body: editRequestSchema,
          response: { 200: answeredSchema },
        },
      },
      async (request, reply) => {
        const kept = await parts.answers.find(callerOf(request), request.params.id);
        const work = workOf(parts, request, reply);
        const { database, question } = kept.told;
        return audited(work, 'edit', { database, question }, async (note) => {
          const { told } = await edit(work, kept, request.body);
          note(told.kind === 'answer' ? { sql: told.sql } : {});
          return told;
        });
      },
    );

    app.post(
      '/v1/answers/:id/feedback',
      {
        config: { role: 'ask' },
        schema: {
          tags,
          summary: 'Say whether an answer is good or bad, and what it should have been',
          params: idSchema,
          body: feedbackRequestSchema,
          response: { 200: feedbackReplySchema },
        },
      },
      async (request, reply) => {
        const { verdict, sql } = request.body;
        const caller = callerOf(request);
        const { told, made } = answerIn(await parts.answers.find(caller, request.params.id));
        const { question } = told;
        if (question === null) {
          throw new HttpError('conflict', 'This SQL was written by hand and answers no question.');
        }
        const work = workOf(parts, request, reply);
        const database = await databaseOf(work, told.database);
        if (sql !== undefined) {
          await planStatementOrThrow(database.client, sql, 'read', work.signal);
        }
        const answer = {
          question,
          sql: told.sql,
          assumptions: told.assumptions.map(({ text }) => text),
          rows: told.runs.at(-1)?.rows ?? null,
          holdsStoredValues: made.holdsStoredValues,
        };
        const said = await audited(
          work,
          'feedback',
          { database: told.database, question, sql: told.sql },
          () => database.keepFeedback(answer, verdict, sql ?? null),
        );
        await parts.answers.change(caller, told.id, (before) =>
          before.kind === 'answer' ? { ...before, verdict } : before,
        );
        return { said };
      },
    );
  };
}
