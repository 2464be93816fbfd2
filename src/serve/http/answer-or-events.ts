import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Parts } from '../parts.ts';
import type { Work } from '../question/work.ts';
import { errorReply, toldOf } from './errors.ts';
import { createEvents, type Events } from './events.ts';
import { workOf } from './work-of.ts';

/** Does work that comes to one reply: as JSON, or with its steps as events where the caller wants to hear of them. */
export async function answerOrEvents<Told extends { readonly kind: string }>(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (work: Work, emit: Events['send']) => Promise<Told>,
  last: (told: Told) => { readonly event: string; readonly data: unknown } = (told) => ({
    event: told.kind,
    data: told,
  }),
): Promise<Told | FastifyReply> {
  if (!wantsEvents(request.headers.accept)) {
    return work(workOf(parts, request, reply), () => {});
  }
  const events = createEvents();
  const leave = parts.drain.enter();
  parts.observe.openStreams(1);
  const told = work(
    workOf(parts, request, reply, (text) => events.step(text)),
    events.send,
  )
    .then(
      (done) => {
        const { event, data } = last(done);
        events.send(event, data);
      },
      (error: unknown) => {
        const { isBug, ...failed } = toldOf(error);
        if (isBug) {
          request.log.error({ err: error }, 'bug');
          parts.workspace.warn(
            `This is a bug in sqlq: ${error instanceof Error ? error.stack : String(error)}`,
          );
        }
        events.send('error', errorReply(request, { ...failed, isBug }, parts.workspace.redact));
      },
    )
    .finally(() => {
      events.end();
      parts.observe.openStreams(-1);
      leave();
    });
  void told;
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(events.stream);
}

function wantsEvents(accept: string | undefined): boolean {
  return (
    accept?.split(',').some((type) => type.trim().toLowerCase().startsWith('text/event-stream')) === true
  );
}
