import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from 'fastify';
import type { ApiAnswer, ApiDoubt } from '../../src/serve/api/answer.ts';
import type { Me } from '../../src/serve/api/me.ts';
import { servePage } from '../../src/serve/page.ts';

/** Answers one request of the page. */
export type PageRoute = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** A request as the server saw it. */
export interface SeenRequest {
  readonly route: string;
  readonly url: string;
  readonly headers: FastifyRequest['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of a request is the test's own affair
  readonly body: any;
}

/** A server that serves the built page and says what a test scripted: slow, hostile and broken replies among it. */
export interface PageServer {
  readonly origin: string;
  /** The address that signs in by itself. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Answers `POST /v1/ask` and the like; ids in the path are written `{id}`. */
  on(route: string, answer: PageRoute): void;
  close(): Promise<void>;
}

export const me: Me = {
  name: 'ada',
  roles: ['ask', 'run', 'write'],
  databases: ['shop', 'sales'],
  profiles: null,
  rowLimit: null,
  by: 'session',
  hasPassword: true,
  version: '1.0.0',
  writable: true,
};

/** An answer with nothing special, but for what is given. */
export function answerWith(parts: Partial<ApiAnswer>): ApiAnswer {
  const sql = parts.sql ?? 'SELECT COUNT(*) AS customers\nFROM customers';
  return {
    kind: 'answer',
    id: 'a1',
    question: 'How many customers are there?',
    database: 'shop',
    conversation: 'c1',
    time: '2026-11-28T09:00:00.000Z',
    sql,
    formatted: sql,
    statement: 'read',
    assumptions: [],
    doubts: [],
    notLooked: [],
    sources: [],
    warnings: [],
    plan: { columns: [{ name: 'customers', type: 'integer' }], rows: 1, cost: null, text: null },
    answeredBy: { profile: 'usual', provider: 'custom', model: 'qwen3' },
    tokens: { prompt: 812, completion: 64 },
    dollars: null,
    cached: false,
    seconds: 1.4,
    runs: [],
    verdict: null,
    ...parts,
  };
}

/** The events of a question's stream, one after the other. */
export function streamEvents(reply: FastifyReply, events: readonly (readonly [string, object])[]): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  for (const [event, data] of events) {
    raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

/** A whole reply to a question. */
export function streamAnswer(reply: FastifyReply, answer: object, steps: readonly string[] = []): void {
  const kind = 'kind' in answer ? String(answer.kind) : 'answer';
  streamEvents(reply, [
    ...steps.map((text, index): [string, object] => ['step', { text, seconds: index / 10 }]),
    [kind, answer],
  ]);
  reply.raw.end();
}

/** Rows as the service writes them, a row a line. */
export function rowsText(
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly (readonly unknown[])[],
  end: { readonly truncated?: boolean; readonly doubts?: readonly ApiDoubt[] } = {},
): string {
  const head = JSON.stringify({ columns: columns.map(([name, type]) => ({ name, type })) }).slice(0, -1);
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n');
  const tail = JSON.stringify({ truncated: false, doubts: [], milliseconds: 12, ...end }).slice(1);
  return `${head},"rows":[\n${lines}\n],${tail}\n`;
}

export const sendRows = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type('application/json').send(text);

/** The body of an error, as every route writes it. */
export const errorBody = (code: string, message: string, hint: string | null = null): object => ({
  error: { code, message, hint, requestId: 'req-1' },
});

const usual: Readonly<Record<string, PageRoute>> = {
  'GET /health': () => ({ status: 'ok' }),
  'GET /auth/methods': () => ({ password: true, token: true, oidc: null, registration: false }),
  'GET /v1/databases': () => ({
    databases: [
      { name: 'shop', engine: 'sqlite', place: 'shop.sqlite', usual: true },
      { name: 'sales', engine: 'postgres', place: 'db.example/sales', usual: false },
    ],
  }),
  'GET /v1/models': () => ({
    models: [
      { profile: 'usual', provider: 'custom', model: 'qwen3', local: true, usual: true },
      { profile: 'offline', provider: 'offline', model: null, local: true, usual: false },
    ],
  }),
  'GET /v1/saved': () => ({ saved: [] }),
  'GET /v1/history': () => ({ history: [] }),
  'GET /v1/conversations': () => ({ conversations: [] }),
  'GET /v1/schema': () => ({ database: 'shop', engine: 'sqlite', tables: [] }),
  'POST /v1/ask': (_, reply) => streamAnswer(reply, answerWith({}), ['Reading the schema', 'Asking qwen3']),
  'POST /v1/answers/{id}/run': (_, reply) => sendRows(reply, rowsText([['customers', 'integer']], [[60]])),
  'POST /v1/answers/{id}/feedback': () => ({ said: 'Noted.' }),
};

const cookie = 'sqlq-session=open';
const token = 'letmein';

/** Starts it; the page must be built. */
export async function startPageServer(): Promise<PageServer> {
  const app = fastify({ forceCloseConnections: true });
  const routes = new Map(Object.entries(usual));
  const requests: SeenRequest[] = [];
  await servePage(app, join(import.meta.dirname, '../../dist/page'));
  const isIn = (request: FastifyRequest): boolean => request.headers.cookie?.includes(cookie) === true;
  routes.set('GET /auth/session', (request, reply) =>
    isIn(request)
      ? { csrf: 'csrf-1', me }
      : reply.code(401).send(errorBody('unauthorized', 'Nobody is signed in.')),
  );
  routes.set('POST /auth/session', ({ body }, reply) => {
    const said = JSON.stringify(body);
    return said.includes(token) || said.includes('correct horse')
      ? reply
          .header('set-cookie', `${cookie}; HttpOnly; SameSite=Strict; Path=/`)
          .send({ csrf: 'csrf-1', me })
      : reply.code(401).send(errorBody('unauthorized', 'Wrong name or password.'));
  });
  routes.set('DELETE /auth/session', (_, reply) =>
    reply.header('set-cookie', 'sqlq-session=; Max-Age=0; Path=/').code(204).send(),
  );
  app.all('/*', async (request, reply) => {
    const path = (request.url.split('?')[0] ?? '').replace(
      /^(\/v1\/(?:answers|conversations|saved)\/)[^/]+/u,
      '$1{id}',
    );
    const route = `${request.method} ${path}`;
    requests.push({ route, url: request.url, headers: request.headers, body: request.body });
    const isOpen = path === '/health' || path.startsWith('/auth/');
    if (!isOpen && !isIn(request)) {
      return reply.code(401).send(errorBody('unauthorized', 'Sign in first.'));
    }
    if (request.method !== 'GET' && !isOpen && request.headers['x-csrf-token'] !== 'csrf-1') {
      return reply.code(403).send(errorBody('forbidden', 'The page must send its token along.'));
    }
    const answer = routes.get(route);
    return answer === undefined
      ? reply.code(404).send(errorBody('not-found', `There is no ${route}.`))
      : await answer(request, reply);
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    url: `${origin}/#token=${token}`,
    requests,
    on: (route, answer) => void routes.set(route, answer),
    close: () => app.close(),
  };
}
