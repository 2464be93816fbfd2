import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { type OtlpCollector, startOtlpCollector } from '../support/otlp-collector.ts';
import { sampleFile } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';
import { until } from '../support/until.ts';

let collector: OtlpCollector;
let model: ModelServerFake;
let server: ServeRun;

beforeAll(async () => {
  collector = await startOtlpCollector();
  model = await startModelServer();
  model.scriptAll(
    says(
      JSON.stringify({
        kind: 'sql',
        sql: "SELECT name FROM customers WHERE city = 'Planted'",
        assumptions: [],
      }),
      {
        usage: { prompt_tokens: 321, completion_tokens: 45 },
      },
    ),
  );
  server = await startServe(['--db', sampleFile, '--base-url', model.baseUrl, '--model', 'scripted'], {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=team',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  });
});
afterAll(async () => {
  await server?.stop();
  await model?.close();
  await collector?.close();
});

it('tell of a question what took how long and what the model used, and not what it was', async () => {
  const { id } = await server.ask('who lives in Planted City?');
  const rows = await server.json(`/v1/answers/${id}/run`, {});
  expect(rows.status).toBe(200);
  await until(() => collector.spans.some(({ name }) => name === 'POST /v1/answers/:id/run'));
  const { spans } = collector;
  const asked = spans.find(({ name }) => name === 'POST /v1/ask');
  const parts = spans.filter(({ parentSpanId }) => parentSpanId === asked?.spanId);
  expect(asked).toMatchObject({
    kind: 'server',
    attributes: { 'http.response.status_code': 200, 'http.route': '/v1/ask' },
    resource: { 'service.name': 'sqlq', 'deployment.environment.name': 'test' },
  });
  expect(parts.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['schema', 'model', 'chat scripted', 'check', 'doubts']),
  );
  expect(parts.find(({ name }) => name === 'chat scripted')).toMatchObject({
    kind: 'client',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'scripted',
      'gen_ai.usage.input_tokens': 321,
      'gen_ai.usage.output_tokens': 45,
    },
  });
  const ran = spans.find(({ name }) => name === 'POST /v1/answers/:id/run');
  const steps = spans.filter(({ parentSpanId }) => parentSpanId === ran?.spanId).map(({ name }) => name);
  expect(steps).toEqual(expect.arrayContaining(['check', 'run']));
  expect(collector.headers[0]).toMatchObject({ 'x-tenant': 'team' });
  const told = collector.texts.join('');
  expect(told).not.toMatch(/Planted|SELECT|customers/u);
  expect(told).not.toContain(server.token);
});

it('are counted and logged besides', async () => {
  const metrics = await (await server.fetch('/metrics')).text();
  expect(metrics).toMatch(/^sqlq_questions_total\{outcome="answered",[^}]*\} 1$/mu);
  expect(metrics).toContain('sqlq_tokens_total{kind="prompt"} 321');
  expect(metrics).toMatch(/^sqlq_step_seconds_count\{step="run"\} 1$/mu);
  expect(metrics).toMatch(/^sqlq_breaker_open\{host="127\.0\.0\.1:\d+",model="scripted"\} 0$/mu);
  const ready = await (await server.fetch('/ready')).json();
  expect(ready).toEqual({
    status: 'ready',
    databases: { answering: 1, of: 1 },
    model: 'up',
    state: 'up',
  });
  expect(server.stdout()).toContain('"route":"/v1/ask"');
  expect(server.stdout()).not.toMatch(/Planted|SELECT/u);
});

it('tell of an agent’s calls as of what people ask', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${server.token}` } },
    }),
  );
  await client.callTool({ name: 'ask', arguments: { question: 'who lives in Planted Town?' } });
  await client.callTool({ name: 'query', arguments: { sql: 'SELECT nosuch FROM customers' } });
  await client.close();
  const callOf = (tool: string) => collector.spans.find(({ name }) => name === `tools/call ${tool}`);
  await until(() => callOf('ask') !== undefined && callOf('query') !== undefined);
  const { spans } = collector;
  const request = spans.find(({ spanId }) => spanId === callOf('ask')?.parentSpanId);
  expect(request).toMatchObject({ name: 'POST /mcp', kind: 'server' });
  expect(callOf('ask')).toMatchObject({
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'ask' },
  });
  const parts = spans.filter(({ parentSpanId }) => parentSpanId === callOf('ask')?.spanId);
  expect(parts.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['schema', 'model', 'chat scripted', 'check', 'run']),
  );
  expect(callOf('query')?.attributes).toHaveProperty('error.type');
  expect(JSON.stringify(spans)).not.toMatch(/Planted|nosuch/u);
});
