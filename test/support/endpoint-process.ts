/**
 * A scripted model server in a process of its own, which can be killed and stopped. It answers `q N?` with the number N
 * after a moment, and says what it does as lines of JSON: `{"ready": URL}`, then an event a request.
 *
 * usage: node endpoint-process.ts [MODE]   ok; busy: every third request is one too many, for 0.3 s; loading: for 1.5 s
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, fails, type Script, startModelServer } from './model-server.ts';

const mode = process.argv[2] ?? 'ok';
const server = await startModelServer();
const say = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
const busy = fails(429, { error: { message: 'slow down' } }, { 'retry-after': '0.3' });
const loading = fails(503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } });
let count = 0;
let loadedAt: number | null = null;

const answerNumber: Script = async (request, response) => {
  const [, question = ''] = /Question: (.*)/u.exec(request.body.messages[1]?.content ?? '') ?? [];
  count += 1;
  say({ asked: question });
  loadedAt ??= Date.now() + 1_500;
  if (mode === 'busy' && count % 3 === 0) {
    return busy(request, response);
  }
  if (mode === 'loading' && Date.now() < loadedAt) {
    return loading(request, response);
  }
  await sleep(30);
  say({ answered: question });
  return answers({ sql: `SELECT ${/\d+/u.exec(question)?.[0] ?? 1} AS n` })(request, response);
};

server.scriptAll(answerNumber);
server.models(['m']);
say({ ready: server.baseUrl });
