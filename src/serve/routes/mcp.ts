import { AsyncLocalStorage } from 'node:async_hooks';
import { addAbortSignal, Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createBudget } from '../../mcp/budget.ts';
import { createHttpEndpoint } from '../../mcp/http.ts';
import { createSession, type Session } from '../../mcp/session.ts';
import { callerOf } from '../access.ts';
import type { Caller } from '../caller.ts';
import { signalOf } from '../http/signal.ts';
import { HttpError } from '../http-error.ts';
import { spanOf } from '../observe/register.ts';
import type { Parts } from '../parts.ts';
import { type AgentRequest, agentOf } from '../question/agent.ts';

/** So many callers' sessions are kept, those that were used last. */
const mostSessions = 500;

/** So many calls one request may hold: the limits on requests count it once. */
const mostCalls = 10;

/** `/mcp`: the tools of `sqlq mcp`, for agents of callers who have signed in. */
export function mcpRoutes(parts: Parts, key: Uint8Array): (app: FastifyInstance) => Promise<void> {
  const { workspace } = parts;
  const asking = new AsyncLocalStorage<AgentRequest>();
  const endpoint = createHttpEndpoint(key, workspace.warn);
  const sessions = new Map<string, Session>();
  const held = new Set<Request>();
  const sessionOf = (caller: Caller): Session => {
    // Whoever may something else from now on works with nothing of before.
    const key = JSON.stringify({ ...caller, roles: [...caller.roles], signIn: null });
    const found =
      sessions.get(key) ??
      createSession(agentOf(parts, caller, asking), createBudget({ rows: null, milliseconds: null }));
    sessions.delete(key);
    sessions.set(key, found);
    const [oldest] = sessions.keys();
    if (sessions.size > mostSessions && oldest !== undefined) {
      sessions.delete(oldest);
    }
    return found;
  };
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { method, body: sent } = request;
    if (Array.isArray(sent) && sent.length > mostCalls) {
      throw new HttpError('too-large', `A request holds at most ${mostCalls} calls.`);
    }
    const signal = signalOf(parts, request, reply);
    const asked = new Request(`${request.protocol}://${request.host}/mcp`, {
      method,
      headers: headersOf(request),
      signal,
    });
    // A request that nobody holds is collected, and its signal hears nothing any more of who goes away.
    if (!reply.raw.destroyed) {
      held.add(asked);
      reply.raw.once('close', () => held.delete(asked));
    }
    const leave = parts.drain.enter();
    const response = await asking
      .run({ id: request.id, address: request.ip, span: spanOf(request) }, () =>
        endpoint.answer(sessionOf(callerOf(request)), asked, sent ?? undefined),
      )
      .finally(leave);
    reply.code(response.status);
    for (const [name, value] of response.headers) {
      reply.header(name, value);
    }
    if (response.body === null) {
      return reply.send(null);
    }
    const body = Readable.fromWeb(response.body);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    return reply.send(isStream ? addAbortSignal(signal, body) : body);
  };
  return async (app) => {
    app.addHook('onClose', () => endpoint.close());
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      app.route({
        method,
        url: '/mcp',
        config: { role: 'ask' },
        schema: { tags: ['mcp'], summary: 'The Model Context Protocol over streamable HTTP' },
        handler: answer,
      });
    }
  };
}

function headersOf({ headers }: FastifyRequest): Headers {
  const made = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // What was read already has no length any more.
    if (typeof value === 'string' && !/^(?:content-length|transfer-encoding|connection|host)$/u.test(name)) {
      made.set(name, value);
    }
  }
  return made;
}
