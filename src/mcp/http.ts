import { createMcpHandler } from '@modelcontextprotocol/server';
import { createSeal, createServer } from './server.ts';
import type { Session } from './session.ts';

/** The protocol over HTTP, for sessions of several callers. */
export interface HttpEndpoint {
  /** Answers a request of the caller whose session that is; `body` is what was read of it already. */
  answer(session: Session, request: Request, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Serves sessions by streamable HTTP, in the protocol of 2026-07-28 and, without sessions of its own, in those before. Who
 * calls is known by then. What a person agrees to is sealed, so that any process with the same key knows it again.
 */
export function createHttpEndpoint(key: Uint8Array, warn: (text: string) => void): HttpEndpoint {
  const seal = createSeal(key);
  const handlers = new WeakMap<Session, ReturnType<typeof createMcpHandler>>();
  const open = new Set<ReturnType<typeof createMcpHandler>>();
  const handlerOf = (session: Session) => {
    const made =
      handlers.get(session) ??
      createMcpHandler(() => createServer(session, seal), {
        onerror: (error) => warn(error.message.slice(0, 300)),
      });
    handlers.set(session, made);
    open.add(made);
    return made;
  };
  return {
    answer: (session, request, body) =>
      handlerOf(session).fetch(request, body === undefined ? {} : { parsedBody: body }),
    async close() {
      await Promise.all([...open].map((handler) => handler.close()));
    },
  };
}
