import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createReport } from '../../src/ask/report.ts';
import { createRedactor } from '../../src/config/redact.ts';
import { tracesUrl } from '../../src/config/telemetry.ts';
import { SqlqError } from '../../src/errors.ts';
import type { Model, ModelReply, ModelRequest } from '../../src/model/model.ts';
import type { Caller } from '../../src/serve/caller.ts';
import { createLog } from '../../src/serve/observe/log.ts';
import { createMetrics, type Metrics, metricsText, metricsType } from '../../src/serve/observe/metrics.ts';
import { tracesTo } from '../../src/serve/observe/open-traces.ts';
import { createReadiness, type ReadinessParts } from '../../src/serve/observe/readiness.ts';
import {
  registerMetrics,
  registerObserved,
  registerProbes,
  spanOf,
} from '../../src/serve/observe/register.ts';
import { noTraces, type Traces } from '../../src/serve/observe/span.ts';
import { watchedModel, watchedReport } from '../../src/serve/observe/watch.ts';
import { debianProgram } from '../support/debian-program.ts';
import { type OtlpCollector, startOtlpCollector } from '../support/otlp-collector.ts';
import { until } from '../support/until.ts';

const promtool = await debianProgram('promtool', 'prometheus');
const parts = {
  version: '1.2.3',
  state: { kind: 'redis', healthy: true },
  drain: { draining: false },
  endpoints: () => [
    { host: 'models.example', model: 'm', open: true },
    { host: 'other.example', model: 'm', open: false },
  ],
};

/** The value of a series, by its line in the text. */
function seriesOf(text: string, series: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length));
}

function fill({ observe, request }: Metrics): void {
  const labels = { database: 'shop', profile: 'local' };
  observe.question('answered', 0.4, labels);
  observe.question('refused', 0.1, labels);
  observe.doubt('joined-twice');
  observe.step('model', 0.3);
  observe.tokens('prompt', 120);
  observe.tokens('completion', 7);
  observe.dollars(0.25);
  observe.cache(true);
  observe.cache(false);
  observe.guardRefusal('sqlite');
  observe.queue('shop', 3, 2);
  observe.openStreams(1);
  observe.login('failed');
  request('/v1/ask', 'POST', 200, 0.5);
}

describe('metrics', () => {
  it('say what was counted', async () => {
    const metrics = createMetrics(parts);
    fill(metrics);
    metrics.turnedAway('user');
    const text = await metricsText([await metrics.measure()]);
    expect(text.match(/^sqlq_.*/gmu)).toEqual(
      expect.arrayContaining([
        'sqlq_questions_total{outcome="answered",database="shop",profile="local"} 1',
        'sqlq_questions_total{outcome="refused",database="shop",profile="local"} 1',
        'sqlq_question_seconds_bucket{le="0.5",outcome="answered"} 1',
        'sqlq_doubts_total{kind="joined-twice"} 1',
        'sqlq_step_seconds_sum{step="model"} 0.3',
        'sqlq_tokens_total{kind="prompt"} 120',
        'sqlq_tokens_total{kind="completion"} 7',
        'sqlq_dollars_total 0.25',
        'sqlq_cache_lookups_total{result="hit"} 1',
        'sqlq_cache_lookups_total{result="miss"} 1',
        'sqlq_guard_refusals_total{engine="sqlite"} 1',
        'sqlq_queue_waiting{queue="shop"} 3',
        'sqlq_queue_running{queue="shop"} 2',
        'sqlq_open_streams 1',
        'sqlq_logins_total{outcome="failed"} 1',
        'sqlq_http_requests_total{route="/v1/ask",method="POST",status="200"} 1',
        'sqlq_turned_away_total{limit="user"} 1',
        'sqlq_state_up{kind="redis"} 1',
        'sqlq_draining 0',
        'sqlq_breaker_open{host="models.example",model="m"} 1',
        'sqlq_breaker_open{host="other.example",model="m"} 0',
        expect.stringMatching(/^sqlq_build_info\{version="1\.2\.3",node="[\d.]+"\} 1$/u),
      ]),
    );
  });

  it('add up over workers; what is a state is not added', async () => {
    const workers = [
      createMetrics(parts),
      createMetrics({ ...parts, state: { kind: 'redis', healthy: false } }),
    ];
    for (const worker of workers) {
      fill(worker);
    }
    const text = await metricsText(await Promise.all(workers.map((worker) => worker.measure())));
    expect(seriesOf(text, 'sqlq_tokens_total{kind="prompt"}')).toBe(240);
    expect(seriesOf(text, 'sqlq_question_seconds_count{outcome="answered"}')).toBe(2);
    expect(seriesOf(text, 'sqlq_open_streams')).toBe(2);
    expect(seriesOf(text, 'sqlq_state_up{kind="redis"}')).toBe(0);
    expect(seriesOf(text, 'sqlq_breaker_open{host="models.example",model="m"}')).toBe(1);
    expect(text).toMatch(/^sqlq_build_info\{.*\} 1$/mu);
  });

  it('have no more series than there are bounds, whatever they are told', async () => {
    const metrics = createMetrics(parts);
    for (let index = 0; index < 1_000; index++) {
      metrics.observe.question('answered', 1, { database: `d${index}`, profile: 'p' });
      metrics.observe.doubt(`k${index}`);
      metrics.request(`/r${index}`, 'GET', 200, 1);
    }
    const text = await metricsText([await metrics.measure()]);
    expect(text.match(/^sqlq_questions_total/gmu)).toHaveLength(51);
    expect(seriesOf(text, 'sqlq_doubts_total{kind="other"}')).toBe(950);
    expect(text.match(/^sqlq_http_requests_total/gmu)).toHaveLength(201);
  });

  it.skipIf(promtool === null)('are as Prometheus wants them', async () => {
    const metrics = createMetrics(parts);
    fill(metrics);
    const child = execFile(promtool ?? '', ['check', 'metrics']);
    const said: string[] = [];
    child.stderr?.on('data', (text) => said.push(String(text)));
    child.stdin?.end(await metricsText([await metrics.measure()]));
    const [code] = await once(child, 'close');
    // What the library itself measures of Node.js has names of its own.
    const ours = said
      .join('')
      .split('\n')
      .filter((line) => line.includes('sqlq_'));
    expect(ours).toEqual([]);
    expect([0, 3]).toContain(code);
  });
});

/** Planted where it must never be told. */
const secret = 'hunter2-planted';

interface Served {
  readonly app: FastifyInstance;
  readonly lines: () => Record<string, unknown>[];
  readonly text: () => string;
}

function served(traces: Traces, model: Model): Served {
  const written: string[] = [];
  const log = createLog(
    { write: (line: string) => void written.push(line) },
    { level: 'debug', redact: createRedactor([secret]), now: () => new Date('2026-01-02T03:04:05Z') },
  );
  const metrics = createMetrics(parts);
  const logController = new LogController({ disableRequestLogging: true });
  const app: FastifyInstance = fastify({ loggerInstance: log, logController });
  registerObserved(app, { log, metrics, traces });
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = { id: 'u1', name: 'Ann' } as Caller;
  });
  app.setErrorHandler((err, request, reply) => {
    request.log.error({ err }, (err as Error).message);
    return reply.code(err instanceof SqlqError ? 422 : 500).send({});
  });
  app.post('/v1/ask/:id', async (request) => {
    const watching = { observe: metrics.observe, span: spanOf(request) };
    const report = watchedReport(createReport(), watching);
    const asked = { question: `what is ${secret}?` } as ModelRequest;
    await report.time('model', () =>
      watchedModel(model, watching.span).answer(asked, new AbortController().signal),
    );
    await report.time('check', async () => {
      throw new SqlqError('refused', `No such column in SELECT '${secret}'`, { engineCode: '42703' });
    });
  });
  app.get('/bug', async () => {
    throw new TypeError(`can't read row ["${secret}"]`);
  });
  registerProbes(app, async () => ({
    status: 'draining',
    databases: { answering: 1, of: 1 },
    model: 'up',
    state: 'up',
  }));
  registerMetrics(app, async () => metricsText([await metrics.measure()]), metricsType, {});
  const lines = (): Record<string, unknown>[] => written.map((line) => JSON.parse(line));
  return { app, lines, text: () => written.join('') };
}

const reply = {
  answer: { kind: 'sql', sql: `SELECT '${secret}'` },
  usage: { promptTokens: 100, completionTokens: 20, cachedTokens: 50, reasoningTokens: null },
  answeredBy: { provider: 'p', model: 'm-2', host: '127.0.0.1:8080', instead: null },
  dollars: 0.5,
} as unknown as ModelReply;
const model: Model = { provider: 'p', name: 'm', answer: async () => reply };

describe('the log', () => {
  it('says of each request who, which route, how it ended and how long it took, and of errors what they are', async () => {
    const { app, lines, text } = served(noTraces, model);
    const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}` };
    await app.inject({
      method: 'POST',
      url: `/v1/ask/${secret}?q=${secret}`,
      headers,
      payload: { q: secret },
    });
    await app.inject({ url: '/bug', headers });
    await app.inject({ url: `/${secret}` });
    app.log.warn({ where: `postgres://u:${secret}@h/d` }, `reading ${secret}`);
    await until(() => lines().length >= 6);
    const requests = lines().filter(({ msg }) => msg === 'request');
    expect(requests).toEqual([
      expect.objectContaining({
        level: 'info',
        time: '2026-01-02T03:04:05.000Z',
        requestId: expect.any(String),
        caller: 'u1',
        method: 'POST',
        route: '/v1/ask/:id',
        status: 422,
        milliseconds: expect.any(Number),
      }),
      expect.objectContaining({ route: '/bug', status: 500 }),
      expect.objectContaining({ route: 'none', status: 404 }),
    ]);
    const errors = lines().filter(({ level }) => level === 'error');
    expect(errors[0]).toMatchObject({
      err: { type: 'SqlqError', code: 'refused', engineCode: '42703' },
      msg: 'failed',
    });
    expect(errors[1]).toMatchObject({
      err: { type: 'TypeError', stack: expect.stringContaining('observe.test.ts') },
    });
    expect(text()).not.toContain('hunter2');
    expect(text()).not.toContain('Ann');
  });

  it('says nothing of probes but where it is asked for all', async () => {
    const { app, lines } = served(noTraces, model);
    await app.inject('/health');
    await app.inject('/ready');
    await app.inject('/metrics');
    await until(() => lines().length >= 3);
    expect(lines().map(({ level }) => level)).toEqual(['debug', 'debug', 'debug']);
  });
});

describe('traces', () => {
  let collector: OtlpCollector | null = null;
  afterEach(async () => {
    await collector?.close();
    collector = null;
  });

  it('tell a collector of the request, the model and the steps, and nothing that was asked or answered', async () => {
    collector = await startOtlpCollector();
    const url = tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });
    const traces = await tracesTo(url, { version: '1.2.3', instance: 'one' });
    const { app } = served(traces, model);
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await app.inject({
      method: 'POST',
      url: `/v1/ask/${secret}?q=${secret}`,
      headers: { traceparent, authorization: secret },
    });
    await app.inject('/health');
    await traces.close();
    const byName = Object.fromEntries(collector.spans.map((span) => [span.name, span]));
    expect(Object.keys(byName).sort()).toEqual(['POST /v1/ask/:id', 'chat m', 'check', 'model']);
    const { 'POST /v1/ask/:id': request, 'chat m': chat, check, model: step } = byName;
    expect(request).toMatchObject({
      kind: 'server',
      traceId: 'a'.repeat(32),
      parentSpanId: 'b'.repeat(16),
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/ask/:id',
        'http.response.status_code': 422,
      },
      resource: { 'service.name': 'sqlq', 'service.version': '1.2.3', 'service.instance.id': 'one' },
    });
    expect(chat).toMatchObject({
      kind: 'client',
      traceId: 'a'.repeat(32),
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'p',
        'gen_ai.request.model': 'm',
        'gen_ai.response.model': 'm-2',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'server.address': '127.0.0.1',
        'server.port': 8080,
      },
    });
    expect(check).toMatchObject({
      kind: 'internal',
      hasFailed: true,
      attributes: { 'error.type': 'refused' },
    });
    for (const part of [chat, check, step]) {
      expect(part?.parentSpanId).toBe(request?.spanId);
      expect(part?.milliseconds).toBeLessThanOrEqual((request?.milliseconds ?? 0) + 5);
    }
    expect(collector.texts.join('')).not.toContain('hunter2');
  });

  it('cost no request anything where the collector is gone', async () => {
    const traces = await tracesTo('http://127.0.0.1:9/v1/traces', { version: '1', instance: 'one' });
    const { app } = served(traces, model);
    expect((await app.inject('/bug')).statusCode).toBe(500);
    await traces.close();
  });

  it('go where the variables say', () => {
    expect(tracesUrl({})).toBeNull();
    expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:4318' })).toBe('http://h:4318/v1/traces');
    expect(tracesUrl({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://h/x' })).toBe('https://h/x');
    expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_SDK_DISABLED: 'true' })).toBeNull();
    expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_TRACES_EXPORTER: 'none' })).toBeNull();
    expect(() => tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'h:4317' })).toThrow(
      /OTEL_EXPORTER_OTLP_ENDPOINT/u,
    );
  });
});

describe('readiness', () => {
  const up = { name: 'a', check: async () => {} };
  const down = { name: 'b', check: async () => Promise.reject(new Error('gone')) };
  const well: ReadinessParts = {
    databases: [up],
    model: () => true,
    state: { healthy: true },
    drain: { draining: false },
  };

  it.each([
    ['ready', well],
    ['ready', { ...well, model: () => null }],
    ['degraded', { ...well, databases: [up, down] }],
    ['degraded', { ...well, model: () => false }],
    ['degraded', { ...well, state: { healthy: false } }],
    ['unavailable', { ...well, databases: [down] }],
    ['draining', { ...well, drain: { draining: true } }],
  ] satisfies [string, ReadinessParts][])('is %s', async (status, given) => {
    expect(await createReadiness(given)()).toMatchObject({ status });
  });

  it('asks a database once, however many ask', async () => {
    let asked = 0;
    const check = async (): Promise<void> => {
      asked += 1;
    };
    const ready = createReadiness({ ...well, databases: [{ name: 'a', check }] });
    await Promise.all(Array.from({ length: 50 }, () => ready()));
    await ready();
    expect(asked).toBe(1);
    await until(async () => {
      await ready();
      return asked > 1;
    });
  });

  it('is told by the status of /ready', async () => {
    const app = fastify();
    let healthy = true;
    registerProbes(
      app,
      createReadiness({
        ...well,
        databases: [{ name: 'a', check: async () => (healthy ? 1 : Promise.reject()) }],
      }),
    );
    expect((await app.inject('/ready')).statusCode).toBe(200);
    healthy = false;
    await until(async () => (await app.inject('/ready')).statusCode === 503);
    expect((await app.inject('/health')).statusCode).toBe(200);
  });
});
