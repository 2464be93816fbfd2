import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** One request as the server saw it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body's text, byte for byte. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of a request is the test's own affair
  readonly body: any;
}

/** The message of a reply, as it stands in `choices[0]`. */
export interface ScriptedMessage {
  readonly content?: string | null;
  readonly refusal?: string;
  readonly reasoning?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly object[];
}

/** Writes the whole response to one chat completion. */
export type Script = (request: RecordedRequest, response: ServerResponse) => void | Promise<void>;

/** A server that speaks chat completions and says what a test scripted, in its order. */
export interface ModelServerFake {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  readonly origin: string;
  /** The chat completions that were asked for. */
  readonly requests: readonly RecordedRequest[];
  /** All else that was asked for. */
  readonly others: readonly RecordedRequest[];
  /** Adds what the next chat completions are answered with, one each. */
  script(...scripts: readonly Script[]): void;
  /** Answers every chat completion that nothing else was scripted for. */
  scriptAll(script: Script): void;
  /** What `GET /v1/models` lists; without it that is a 404. */
  models(list: readonly (string | object)[]): void;
  /** Answers embeddings: each word of `words` that a text has is a direction of its vector. */
  embeddings(words: readonly string[]): void;
  /** Answers another path, such as `/props`. */
  path(path: string, script: Script): void;
  /** Rejects where a request came that nothing was scripted for, or a script was never asked for. */
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServerFake> {
  const scripts: Script[] = [];
  const paths = new Map<string, Script>();
  const requests: RecordedRequest[] = [];
  const others: RecordedRequest[] = [];
  const unexpected: string[] = [];
  let always: Script | null = null;

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString();
    const path = incoming.url ?? '';
    const request = {
      method: incoming.method ?? '',
      path,
      headers: incoming.headers,
      text,
      body: parse(text),
    };
    const isChat = path === '/v1/chat/completions';
    (isChat ? requests : others).push(request);
    const script = paths.get(path) ?? (isChat ? (scripts.shift() ?? always) : null);
    if (script) {
      await script(request, response);
    } else {
      if (isChat) {
        unexpected.push(`${request.method} ${path}`);
      }
      send(response, isChat ? 500 : 404, { error: { message: `nothing was scripted for ${path}` } });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port');
  }
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    baseUrl: `${origin}/v1`,
    requests,
    others,
    script: (...more) => void scripts.push(...more),
    scriptAll: (script) => {
      always = script;
    },
    models: (list) => {
      const data = list.map((model) => (typeof model === 'string' ? { id: model, object: 'model' } : model));
      paths.set('/v1/models', (_request, response) => send(response, 200, { object: 'list', data }));
    },
    embeddings: (words) =>
      void paths.set('/v1/embeddings', ({ body }, response) => {
        const vector = (text: string): number[] => [
          0.1,
          ...words.map((word) => (text.toLowerCase().includes(word) ? 1 : 0)),
        ];
        const data = body.input.map((text: string, index: number) => ({
          object: 'embedding',
          index,
          embedding: vector(text),
        }));
        // Servers need not keep the order.
        send(response, 200, {
          object: 'list',
          data: data.toReversed(),
          usage: { prompt_tokens: 8, total_tokens: 8 },
        });
      }),
    path: (path, script) => void paths.set(path, script),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (unexpected.length > 0) {
        throw new Error(`nothing was scripted for ${unexpected.join(', ')}`);
      }
      if (scripts.length > 0) {
        throw new Error(`${scripts.length} scripted replies were never asked for`);
      }
    },
  };
}

/** A reply of a message, streamed or whole as the request wants it. */
export function says(
  message: ScriptedMessage | string,
  options: { readonly finishReason?: string; readonly usage?: object; readonly pieceLength?: number } = {},
): Script {
  const {
    finishReason = 'stop',
    usage = { prompt_tokens: 100, completion_tokens: 20 },
    pieceLength = 7,
  } = options;
  const whole: ScriptedMessage = typeof message === 'string' ? { content: message } : message;
  return (request, response) => {
    if (request.body.stream !== true) {
      const choices = [{ index: 0, message: { role: 'assistant', ...whole }, finish_reason: finishReason }];
      send(response, 200, { object: 'chat.completion', choices, usage });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const delta of pieces(whole, pieceLength)) {
      event(response, chunk(delta, null));
    }
    event(response, chunk({}, finishReason));
    if (request.body.stream_options?.include_usage === true) {
      event(response, { choices: [], usage });
    }
    response.end('data: [DONE]\n\n');
  };
}

/** A reply that holds an answer; keys that are not given are null. */
export function answers(answer: Readonly<Record<string, unknown>>): Script {
  const empty = { reasoning: '', sql: null, assumptions: [], unanswerable: null, clarification: null };
  return says(JSON.stringify({ ...empty, ...answer }));
}

/** An error, with a body as the maker words it: an object is sent as JSON. */
export function fails(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (_request, response) => send(response, status, body, headers);
}

/** The error of a file in `fixtures/replies/errors`. */
export function failsAs(name: string, headers: Record<string, string> = {}): Script {
  const recorded = JSON.parse(readFileSync(`fixtures/replies/errors/${name}.json`, 'utf8'));
  return fails(recorded.status, recorded.body, { 'content-type': recorded.contentType, ...headers });
}

/** A body of a content type, under status 200; null sends no type. */
export function sends(body: string, contentType: string | null): Script {
  return (_request, response) => {
    response.writeHead(200, contentType === null ? {} : { 'content-type': contentType });
    response.end(body);
  };
}

/** Streams the beginning of a reply, then does something else with the connection. */
export function breaksOff(content: string, end: (response: ServerResponse) => void): Script {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const delta of pieces({ content }, 7)) {
      event(response, chunk(delta, null));
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    end(response);
  };
}

/** Never answers. */
export const hangs: Script = () => {};

export function event(response: ServerResponse, data: unknown): void {
  response.write(`data: ${JSON.stringify(data)}\n\n`);
}

function chunk(delta: object, finishReason: string | null): object {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

/** A message as a stream sends it: each text in small pieces, tool calls with their arguments in pieces. */
function* pieces(message: ScriptedMessage, length: number): Generator<object> {
  yield { role: 'assistant' };
  for (const [key, value] of Object.entries(message)) {
    if (typeof value !== 'string') {
      continue;
    }
    for (let start = 0; start < value.length; start += length) {
      yield { [key]: value.slice(start, start + length) };
    }
  }
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    const { function: called, ...rest } = call as { function: { name: string; arguments: unknown } };
    const text = called.arguments;
    if (typeof text !== 'string') {
      yield { tool_calls: [{ index, ...rest, function: called }] };
      continue;
    }
    yield { tool_calls: [{ index, ...rest, function: { name: called.name, arguments: '' } }] };
    for (let start = 0; start < text.length; start += length) {
      yield { tool_calls: [{ index, function: { arguments: text.slice(start, start + length) } }] };
    }
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
