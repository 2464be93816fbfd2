import { createServer, type IncomingHttpHeaders } from 'node:http';

/** A request as the server saw it. */
export interface AnthropicRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly max_tokens: number;
    readonly stream: boolean;
    readonly system: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
}

/** A server that speaks Anthropic's messages API and always gives one text, as its events. */
export interface AnthropicServer {
  readonly baseUrl: string;
  readonly requests: readonly AnthropicRequest[];
  close(): Promise<void>;
}

/** Starts the server; see https://docs.anthropic.com/en/api/messages-streaming for its events. */
export async function startAnthropicServer(text: string): Promise<AnthropicServer> {
  const requests: AnthropicRequest[] = [];
  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: [{ type: 'model', id: 'claude-scripted' }], has_more: false }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk);
    }
    requests.push({
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const event = (type: string, data: object): void => {
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    };
    event('message_start', {
      message: { role: 'assistant', usage: { input_tokens: 120, output_tokens: 1 } },
    });
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
    event('ping', {});
    for (let start = 0; start < text.length; start += 9) {
      event('content_block_delta', {
        index: 0,
        delta: { type: 'text_delta', text: text.slice(start, start + 9) },
      });
    }
    event('content_block_stop', { index: 0 });
    event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 30 } });
    event('message_stop', {});
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port');
  }
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
