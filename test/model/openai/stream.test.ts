import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answers, type ModelServerFake, sends, startModelServer } from '../../support/model-server.ts';
import { askServed, serverAt } from '../../support/served-model.ts';

let fake: ModelServerFake;
beforeEach(async () => {
  fake = await startModelServer();
});
afterEach(() => fake.close());

const count = { reasoning: 'Count.', sql: 'SELECT 1', assumptions: [] };
const text = JSON.stringify(count);
const sse = 'text/event-stream';
const chunk = (content: string, more: object = {}) => ({
  choices: [{ index: 0, delta: { content }, ...more }],
});
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const whole = data(chunk(text)) + data(chunk('', { finish_reason: 'stop' }));
const completion = JSON.stringify({ choices: [{ message: { content: text }, finish_reason: 'stop' }] });

/** A whole completion of one choice. */
function body(choice: object): string {
  return JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', ...choice }] });
}

describe('what gateways send is read', () => {
  test.each([
    ['an event without data', sse, `data:\n\n${whole}data: \n\ndata: [DONE]\n\n`],
    [
      'a ping that is no JSON',
      sse,
      `data: ping\n\nevent: ping\ndata: keep-alive\n\n${whole}data: [DONE]\n\n`,
    ],
    ['blanks around the end', sse, `${whole}data: [DONE] \n\n`],
    ['something after the end', sse, `${whole}data: [DONE]\n\ndata: {"error": "late"}\n\n`],
    ['a type in capitals', 'Text/Event-Stream; Charset=UTF-8', `${whole}data: [DONE]\n\n`],
    ['events as plain text', 'text/plain', `${whole}data: [DONE]\n\n`],
    ['events as JSON', 'application/json', `${whole}data: [DONE]\n\n`],
    ['events of no type', null, `${whole}data: [DONE]\n\n`],
    ['a whole body as events', sse, completion],
    ['a whole body as plain text', 'text/plain', `\n\n  ${completion}`],
    ['a whole body of no type', null, completion],
    [
      'a chunk a line',
      'application/x-ndjson',
      `${JSON.stringify(chunk(text))}\n${JSON.stringify(chunk('', { finish_reason: 'stop' }))}\n`,
    ],
    ['a message that is the object', 'application/json', body({ message: { content: JSON.parse(text) } })],
    [
      'an object beside no message',
      'application/json',
      body({ message: { content: null, parsed: JSON.parse(text) } }),
    ],
    [
      'a call of before there were several',
      'application/json',
      body({ message: { content: null, function_call: { name: 'answer', arguments: text } } }),
    ],
    ['a completion of before there were messages', 'application/json', body({ text })],
    ['carriage returns alone', sse, `${whole}data: [DONE]\n\n`.replaceAll('\n', '\r')],
    ['a byte order mark', sse, `\ufeff${whole}data: [DONE]\n\n`],
    ['no end at all, after an answer that is whole', sse, data(chunk(text))],
    [
      'another choice before the first',
      sse,
      data({ choices: [{ index: 1, delta: { content: '{"sql": "SELECT 2"}' }, finish_reason: 'stop' }] }) +
        whole,
    ],
    [
      'choices side by side',
      sse,
      data({
        choices: [
          { index: 1, delta: { content: 'no' } },
          { index: 0, delta: { content: text }, finish_reason: 'stop' },
        ],
      }),
    ],
    [
      'a choice without a number',
      sse,
      data({ choices: [{ delta: { content: text }, finish_reason: 'stop' }] }),
    ],
  ])('%s', async (_name, type, body) => {
    fake.script(sends(body, type));
    expect((await askServed(serverAt(fake.baseUrl))).answer).toMatchObject({ sql: 'SELECT 1' });
  });

  const usage = { prompt_tokens: 7, completion_tokens: 3 };
  test.each([
    ['before the text', data({ choices: [], usage }) + whole],
    ['in a choice', data(chunk(text, { usage, finish_reason: 'stop' }))],
    ['beside a choice', data({ ...chunk(text, { finish_reason: 'stop' }), usage })],
    ['as Groq does', whole + data({ choices: [], x_groq: { usage } })],
  ])('usage %s', async (_name, body) => {
    fake.script(sends(`${body}data: [DONE]\n\n`, sse));
    expect((await askServed(serverAt(fake.baseUrl))).usage).toMatchObject({
      promptTokens: 7,
      completionTokens: 3,
    });
  });
});

describe('an error under status 200 keeps the words of the server', () => {
  const said = 'the upstream is on fire';
  const shapes: readonly (readonly [string, unknown])[] = [
    ['an object', { error: { message: said, type: 'server_error' } }],
    ['a text', { error: said }],
    ['with a code as number', { error: { code: 502, message: said } }],
    ['with a code as text', { error: { code: '502', message: said } }],
    ['in a choice', { choices: [{ index: 0, error: { code: 502, message: said }, finish_reason: 'error' }] }],
    ['that names itself one', { object: 'error', message: said, type: 'InternalServerError', code: 500 }],
    ['as detail', { detail: said }],
    ['as detail with an error', { detail: { error: { message: said } } }],
    ['in a list', [{ error: { code: 502, message: said } }]],
    ['among errors', { errors: [{ message: said }] }],
    ['as message and status', { status: 502, message: said }],
    ['as msg and code', { code: 1301, msg: said, data: null }],
    ['as error_msg and error_code', { error_code: 17, error_msg: said }],
    ['in capitals', { Code: 'Throttling', Message: said, RequestId: 'x' }],
    ['with a type', { type: 'error', error: { type: 'api_error', message: said } }],
    [
      'as a status beside an empty choice',
      { choices: null, base_resp: { status_code: 1013, status_msg: said } },
    ],
  ];
  test.each(shapes)('%s, as the body', async (_name, value) => {
    fake.script(sends(JSON.stringify(value), 'application/json'));
    await expect(askServed(serverAt(fake.baseUrl))).rejects.toThrow(said);
  });
  test.each(shapes)('%s, in the middle of a stream', async (_name, value) => {
    fake.script(sends(`${data(chunk('{"reas'))}data: ${JSON.stringify(value)}\n\ndata: [DONE]\n\n`, sse));
    await expect(askServed(serverAt(fake.baseUrl))).rejects.toThrow(said);
  });
  test.each([
    ['plain text', `event: error\ndata: ${said}\n\n`],
    ['a message alone', `event: error\ndata: {"message": "${said}"}\n\n`],
  ])('an error event with %s', async (_name, body) => {
    fake.script(sends(body, sse));
    await expect(askServed(serverAt(fake.baseUrl))).rejects.toThrow(said);
  });

  test.each([
    ['as plain text', 'text/plain', `upstream: ${said}\n`],
    ['as plain text without a type', null, said],
    ['as the text of an event', sse, `data: upstream: ${said}\n\ndata: [DONE]\n\n`],
    ['as JSON of no known shape', 'application/json', JSON.stringify({ reason: said })],
  ])('%s', async (_name, type, body) => {
    fake.script(sends(body, type));
    await expect(askServed(serverAt(fake.baseUrl))).rejects.toThrow(said);
  });

  test('and none of its secrets', async () => {
    const apiKey = 'sk-canary-0123456789';
    fake.script(sends(`no such key: ${apiKey} here`, 'text/plain'));
    const thrown = askServed(serverAt(fake.baseUrl, { apiKey }));
    await expect(thrown).rejects.toThrow('no such key: *** here');
  });

  test('of a gateway around another', async () => {
    const inner = { error: { error: { message: said, code: 429 } } };
    fake.script(sends(JSON.stringify(inner), 'application/json'), answers(count));
    await expect(askServed(serverAt(fake.baseUrl))).rejects.toThrow(
      `limits the rate of requests (429): ${said}`,
    );
    await askServed(serverAt(fake.baseUrl));
  });
});
