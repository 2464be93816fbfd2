import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { SqlqError } from '../../errors.ts';
import { boundValues } from '../../memory/parameters.ts';
import { changesSince, type SavedQuestion } from '../../memory/saved.ts';
import { callerOf } from '../access.ts';
import { answeredSchema } from '../api/answer.ts';
import {
  askSavedRequestSchema,
  conversationSchema,
  conversationsSchema,
  historyQuerySchema,
  historySchema,
  savedSchema,
} from '../api/remembered.ts';
import { workOf } from '../http/work-of.ts';
import { HttpError, notFound } from '../http-error.ts';
import type { Parts } from '../parts.ts';
import { audited } from '../question/audited.ts';
import { conversationOf } from '../question/conversations.ts';
import { ownSql } from '../question/edit.ts';
import { savedFor } from '../question/saved.ts';
import { pastTo, toldTo } from '../question/told-to.ts';
import { databaseOf, type Work } from '../question/work.ts';
import { databasesFor } from '../workspace.ts';
import { idSchema } from './id.ts';

/** What is remembered: saved questions, one's own history and conversations. */
export function rememberedRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { workspace, conversations, answers } = parts;
  return async (app) => {
    app.get(
      '/v1/saved',
      {
        config: { role: 'ask' },
        schema: { tags: ['saved'], summary: 'The saved questions', response: { 200: savedSchema } },
      },
      async (request) => {
        const found = await savedFor(workspace, callerOf(request));
        return {
          saved: found.map(({ name, saved: { question, sql, parameters } }) => ({
            name,
            question,
            sql,
            parameters: parameters.map(({ name: parameter, type, default: usual }) => ({
              name: parameter,
              type,
              default: usual,
              choices: null,
              description: null,
            })),
          })),
        };
      },
    );

    app.post(
      '/v1/saved/:name/ask',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['saved'],
          summary: 'The SQL of a saved question with values for its parameters, to be run by its id',
          params: z.object({ name: z.string().min(1).max(200) }),
          body: askSavedRequestSchema,
          response: { 200: answeredSchema },
        },
      },
      async (request, reply) => {
        const { name } = request.params;
        const found = (await savedFor(workspace, callerOf(request))).find((one) => one.name === name);
        if (found === undefined) {
          throw notFound('saved question');
        }
        const work = workOf(parts, request, reply);
        return askSaved(work, found.saved, request.body);
      },
    );

    app.get(
      '/v1/history',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['history'],
          summary: 'Your own questions, the newest first',
          querystring: historyQuerySchema,
          response: { 200: historySchema },
        },
      },
      async (request) => {
        const { limit, before } = request.query;
        const caller = callerOf(request);
        const past = await workspace.history(caller, limit, before);
        const found = past.map((one) => pastTo(caller, one));
        return {
          history: found.map(({ id, at, question, sql, name, outcome, rows, conversation, verdict }) => ({
            id,
            time: at,
            question,
            sql,
            database: name ?? '',
            outcome,
            rows,
            conversation,
            verdict,
          })),
        };
      },
    );

    app.get(
      '/v1/conversations',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['history'],
          summary: 'Your conversations, the newest first',
          response: { 200: conversationsSchema },
        },
      },
      async (request) => ({ conversations: [...(await conversations.list(callerOf(request)))] }),
    );

    app.get(
      '/v1/conversations/:id',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['history'],
          summary: 'The answers of a conversation, in their order',
          params: idSchema,
          response: { 200: conversationSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        const caller = callerOf(request);
        const turns = (await conversations.turns(caller, id)).map((turn) =>
          answers.find(caller, turn).then(
            (kept) => [toldTo(caller, kept)],
            // It is older than answers are kept.
            (error: unknown) => {
              if (error instanceof HttpError) {
                return [];
              }
              throw error;
            },
          ),
        );
        return { id, turns: (await Promise.all(turns)).flat() };
      },
    );

    app.delete(
      '/v1/conversations/:id',
      {
        config: { role: 'ask' },
        schema: {
          tags: ['history'],
          summary: 'Forget a conversation',
          params: idSchema,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await conversations.forget(callerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}

/** A saved question with the values of a request. */
async function askSaved(
  work: Work,
  saved: SavedQuestion,
  { parameters, database: named }: z.output<typeof askSavedRequestSchema>,
) {
  const values = new Map(
    Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
  const known = saved.parameters.map(({ name }) => name);
  const unknown = [...values.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SqlqError('usage', `This question has no parameter "${unknown}".`, {
      hint: known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`,
    });
  }
  const bound = boundValues(saved.parameters, values);
  const database = await databaseFor(work, saved, named);
  const changes = changesSince(saved.reads, await database.readSchema(work.signal));
  if (changes.some(({ isGone }) => isGone)) {
    const texts = changes.map(({ text }) => text).join(', ');
    throw new SqlqError('usage', `The schema has changed since this was saved: ${texts}.`, {
      hint: 'Ask the question anew.',
    });
  }
  const { id } = await conversationOf(work.parts.conversations, work.caller, undefined);
  const { question, sql } = saved;
  const kept = await audited(work, 'saved', { database: database.name, question, sql }, () =>
    ownSql(work, { database, sql, parameters: bound, conversation: id, question }),
  );
  return toldTo(work.caller, kept);
}

/** The database that is named, or the first of the caller's that the question is for. */
async function databaseFor(work: Work, saved: SavedQuestion, named: string | undefined) {
  const names = named === undefined ? databasesFor(work.parts.workspace, work.caller) : [named];
  for (const name of names) {
    const database = await databaseOf(work, name);
    if (database.fits(saved)) {
      return database;
    }
  }
  throw new SqlqError('usage', `This question is for ${saved.engine}.`, {
    hint: 'Name a database of that kind.',
  });
}
