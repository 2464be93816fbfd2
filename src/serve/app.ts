import { randomBytes, randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions as TlsServerOptions } from 'node:https';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { requireLogin } from './access.ts';
import { documented } from './http/document.ts';
import { sendError, toldOf } from './http/errors.ts';
import { requireOwnOrigin } from './http/same-origin.ts';
import { HttpError } from './http-error.ts';
import { proxyHops } from './limits/proxy-hops.ts';
import type { Parts } from './parts.ts';
import { aboutRoutes } from './routes/about.ts';
import { answerRoutes } from './routes/answers.ts';
import { askRoutes } from './routes/ask.ts';
import { mcpRoutes } from './routes/mcp.ts';
import { rememberedRoutes } from './routes/remembered.ts';
import type { SharedState } from './state/state.ts';

/** The HTTP server of the service. */
export type App = FastifyInstance;

/** How the app stands towards the network. */
export interface AppOptions {
  /** Null where it speaks plain HTTP. */
  readonly tls: Pick<TlsServerOptions, 'cert' | 'key'> | null;
  /** The hosts that it answers for, as a URL has them; null for all. */
  readonly names: ReadonlySet<string> | null;
  /** How many proxies stand before it, whose word on the caller's address is taken. */
  readonly proxies: number;
  /** Where Fastify itself writes; nothing where it is left out. */
  readonly log?: FastifyBaseLogger;
  /** Hooks that come before anybody is known, such as those that measure and limit. */
  readonly before: readonly ((app: FastifyInstance) => void | Promise<void>)[];
  /** Routes besides those of the questions. */
  readonly after: readonly ((app: FastifyInstance) => void | Promise<void>)[];
}

/** A request is small; rows go the other way. */
const bodyLimit = 1 << 20;
/** Who takes longer to say what they want is not waited for: headers, and the whole request. */
const headersTimeout = 15_000;
const requestTimeout = 30_000;
const checkingInterval = 5_000;
/** Longer than the usual minute of proxies, so that none sends a request into a connection that is being closed. */
const keepAliveTimeout = 75_000;

/** Makes the HTTP server of the service: who may call what, what goes in and out, and how errors are told. */
export async function createApp(parts: Parts, options: AppOptions): Promise<FastifyInstance> {
  const { workspace, login, drain } = parts;
  const server = {
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval: checkingInterval,
    keepAliveTimeout,
    // What two servers could read as two different requests is read by neither.
    insecureHTTPParser: false,
    ...(options.tls ?? {}),
  };
  const app: FastifyInstance = fastify({
    serverFactory: (handler) =>
      options.tls === null ? createHttpServer(server, handler) : createHttpsServer(server, handler),
    ...(options.log === undefined ? { logger: false } : { loggerInstance: options.log }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    trustProxy: options.proxies === 0 ? false : proxyHops(options.proxies),
    genReqId: () => randomUUID(),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // What no route is looked up for is answered as everything else.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      return sendError(request, reply, toldOf(error), workspace.redact);
    },
    routerOptions: { maxParamLength: 200 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const told = toldOf(error);
    if (told.isBug) {
      request.log.error({ err: error }, 'bug');
    }
    return sendError(request, reply, told, workspace.redact);
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(request, reply, toldOf(new HttpError('not-found', 'There is nothing here.')), workspace.redact),
  );

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    requireOwnOrigin(request, options.names);
  });
  for (const add of options.before) {
    await add(app);
  }
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.whileDraining === true) {
      return;
    }
    // It takes no more connections by now; what comes on one that was open is answered, and it is the last on it.
    if (drain.draining) {
      reply.header('connection', 'close');
    }
    reply.raw.once('close', drain.enter());
  });
  requireLogin(app, login);

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: options.tls === null && options.proxies === 0 ? false : { maxAge: 31_536_000 },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'sqlq',
        version: workspace.version,
        description: 'Ask databases in plain words, by SQL that is checked before it runs.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: documented,
  });
  await login.register(app);
  await app.register(askRoutes(parts));
  await app.register(answerRoutes(parts));
  await app.register(aboutRoutes(parts));
  await app.register(rememberedRoutes(parts));
  await app.register(mcpRoutes(parts, await sealKey(parts.state)));
  for (const add of options.after) {
    await add(app);
  }
  app.get('/openapi.json', { config: { isPublic: true }, schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}

/** A server that has been asked for a key has one for so long; one is made anew before anybody could miss it. */
const keyMilliseconds = 365 * 24 * 60 * 60_000;

/** The key that all instances seal with what a user is asked: any of them may hear the answer. */
async function sealKey(state: SharedState): Promise<Uint8Array> {
  const name = 'mcp-seal';
  await state.claim(name, randomBytes(32).toString('hex'), keyMilliseconds);
  return Buffer.from((await state.get(name)) ?? '', 'hex');
}
