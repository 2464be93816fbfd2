/** The scripted model of the benches, in a process of its own, which `scripted-model.ts` starts. */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { answers, says } from '../../test/support/model-server.ts';
import { messageSchema, questionWord, replies } from './script.ts';

const requestSchema = z.object({
  stream: z.boolean().nullish(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).nullish(),
  response_format: z.object({ json_schema: z.object({ name: z.string() }).nullish() }).nullish(),
});
const embeddingsSchema = z.object({
  input: z.unknown(),
  encoding_format: z.string().nullish(),
});
/** What OpenAI's smaller embeddings have. */
const dimensions = 1536;

let delay = 0;
let asked = 0;
process.on('message', (message) => {
  const told = messageSchema.parse(message);
  delay = told.delay ?? delay;
  process.send?.({ asked });
});

const server = createServer(async (incoming, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  const { method = '', url: path = '', headers } = incoming;
  if (path.endsWith('/models')) {
    return json(response, { object: 'list', data: [{ id: 'scripted', object: 'model' }] });
  }
  if (path.endsWith('/embeddings')) {
    return embed(embeddingsSchema.parse(JSON.parse(text)), response);
  }
  if (!path.endsWith('/chat/completions')) {
    response.writeHead(404).end();
    return;
  }
  asked += 1;
  const body = requestSchema.parse(JSON.parse(text));
  const question = JSON.stringify(body.messages.at(-1)?.content ?? '');
  if (question.includes(questionWord.never)) {
    return;
  }
  await sleep(delay);
  const tool = body.tools?.[0]?.function.name;
  const reply = replies.peer[tool ?? body.response_format?.json_schema?.name ?? ''];
  const script =
    reply === undefined
      ? answers(replies.sqlq(question))
      : says(
          tool === undefined
            ? JSON.stringify(reply)
            : {
                content: null,
                tool_calls: [
                  {
                    id: 'call',
                    type: 'function',
                    function: { name: tool, arguments: JSON.stringify(reply) },
                  },
                ],
              },
          { finishReason: tool === undefined ? 'stop' : 'tool_calls' },
        );
  await script({ method, path, headers, text, body }, response);
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: z.object({ port: z.number() }).parse(server.address()).port }),
);
process.once('disconnect', () => process.exit());

function embed(
  { input, encoding_format: encoding }: z.infer<typeof embeddingsSchema>,
  response: ServerResponse,
): void {
  const vector = [1, ...Array.from({ length: dimensions - 1 }, () => 0)];
  // One text is a text, or a list of tokens.
  const count = Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
  const embedding =
    encoding === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
  json(response, {
    object: 'list',
    model: 'scripted',
    data: Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
