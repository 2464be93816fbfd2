import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { callerOf } from '../access.ts';
import { jobRequestSchema, jobSchema, jobsSchema } from '../api/jobs.ts';
import { rowHeaders } from '../http/row-format.ts';
import { signalOf } from '../http/signal.ts';
import { HttpError } from '../http-error.ts';
import { spanOf } from '../observe/register.ts';
import type { Parts } from '../parts.ts';
import { answerIn } from '../question/kept-answer.ts';
import { rowLimitFor } from '../workspace.ts';
import type { Jobs } from './jobs.ts';

const tags = ['jobs'];
const config = { role: 'run' as const };
const params = z.object({ id: z.string().min(1).max(200) });

/** Runs that are longer than a request lasts: begun, looked at, fetched and thrown away by their ids. */
export function jobRoutes(parts: Parts, jobs: Jobs): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/jobs',
      {
        config,
        schema: {
          tags,
          summary: 'Run the SQL of an answer in the background, and keep its rows as a file for a while',
          body: jobRequestSchema,
          response: { 202: jobSchema },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request);
        const { answer: id, format, limit } = request.body;
        const answer = answerIn(await parts.answers.find(caller, id));
        if (answer.told.statement !== 'read') {
          throw new HttpError('conflict', 'This changes something, and has no rows to fetch later.');
        }
        const work = { parts, caller, requestId: request.id, address: request.ip, span: spanOf(request) };
        const job = await jobs.start(work, answer, {
          format,
          limit: rowLimitFor(parts.workspace, caller, limit),
        });
        return reply.code(202).header('location', `/v1/jobs/${job.id}`).send(job);
      },
    );

    app.get(
      '/v1/jobs',
      { config, schema: { tags, summary: 'Your own jobs, the newest first', response: { 200: jobsSchema } } },
      async (request) => ({ jobs: [...(await jobs.list(callerOf(request)))] }),
    );

    app.get(
      '/v1/jobs/:id',
      { config, schema: { tags, summary: 'How far a job is', params, response: { 200: jobSchema } } },
      async (request) => jobs.find(callerOf(request), request.params.id),
    );

    app.get(
      '/v1/jobs/:id/result',
      { config, schema: { tags, summary: 'The rows of a job that is done', params } },
      async (request, reply) => {
        const { path, format } = await jobs.resultOf(callerOf(request), request.params.id);
        const found = await stat(path).catch(() => null);
        if (found === null) {
          throw new HttpError('conflict', 'The result lies on another machine, or was thrown away.', {
            hint: 'Begin the job again, or have its instances share a folder with --job-folder.',
          });
        }
        return reply
          .headers({ ...rowHeaders(format), 'content-length': String(found.size) })
          .send(createReadStream(path, { signal: signalOf(parts, request, reply) }));
      },
    );

    app.delete(
      '/v1/jobs/:id',
      {
        config,
        schema: {
          tags,
          summary: 'End a job that runs, at the database too, or throw one away that is over',
          params,
          response: { 200: jobSchema },
        },
      },
      async (request) => jobs.end(callerOf(request), request.params.id),
    );
  };
}
