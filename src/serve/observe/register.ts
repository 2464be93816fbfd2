import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import '../access.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';
import { noSpan, type Span, type Traces } from './span.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is done for it, as a trace tells it; null before it is begun. */
    span: Span | null;
  }
}

/** Where it is written what requests came and how they ended. */
export interface ObservedParts {
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly traces: Traces;
}

/** Logs, counts and traces each request: its route as it is defined, and never its address, which may hold anything. */
export function registerObserved(app: FastifyInstance, parts: ObservedParts): void {
  const { log, metrics, traces } = parts;
  app.decorateRequest('span', null);
  app.addHook('onRequest', async (request) => {
    const { method, headers } = request;
    const route = routeOf(request);
    const span = isProbe(request) ? noSpan : traces.begin(`${method} ${route}`, headers);
    request.span = span;
    span.set({
      'http.request.method': method,
      'http.route': route,
      'url.scheme': request.protocol,
      'sqlq.request.id': request.id,
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request);
    const { method, id } = request;
    const span = spanOf(request);
    // Nobody waits any more for what is not yet written to its end.
    const status = reply.raw.destroyed && !reply.raw.writableFinished ? 499 : reply.statusCode;
    span.set({ 'http.response.status_code': status });
    if (status >= 500) {
      span.fail(String(status));
    }
    span.end();
    metrics.request(route, method, status, reply.elapsedTime / 1_000);
    const facts = {
      requestId: id,
      caller: request.caller?.id ?? null,
      method,
      route,
      status,
      milliseconds: Math.round(reply.elapsedTime),
    };
    log[isProbe(request) ? 'debug' : 'info'](facts, 'request');
  });
}

/** The span of a request. */
export function spanOf({ span }: Pick<FastifyRequest, 'span'>): Span {
  return span ?? noSpan;
}

/** Adds `/health`, which says that the process is alive, and `/ready`, which says whether it should be sent requests. */
export function registerProbes(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  const config = { isPublic: true, isUnlimited: true, whileDraining: true };
  app.get('/health', { config }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
  app.get('/ready', { config }, async (_request, reply) => {
    const found = await readiness();
    const isUp = found.status === 'ready' || found.status === 'degraded';
    reply.code(isUp ? 200 : 503).header('cache-control', 'no-store');
    return found;
  });
}

/** Adds `/metrics`; `config` says who may read it. */
export function registerMetrics(
  app: FastifyInstance,
  text: () => Promise<string>,
  contentType: string,
  config: object,
): void {
  app.get(
    '/metrics',
    { config: { isUnlimited: true, whileDraining: true, ...config } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store').type(contentType);
      return text();
    },
  );
}

/** Whatever is asked for that is no route counts as one. */
function routeOf({ routeOptions, is404 }: FastifyRequest): string {
  return is404 ? 'none' : (routeOptions.url ?? 'none');
}

/** What asks all the time is of no interest while all is well. */
function isProbe(request: FastifyRequest): boolean {
  return ['/health', '/ready', '/metrics'].includes(routeOf(request));
}
