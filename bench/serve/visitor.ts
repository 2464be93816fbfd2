import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { questionWord } from './script.ts';

/** What happens to a user. */
export interface Events {
  /** Something was answered as it should be. */
  answered(what: string, milliseconds: number): void;
  /** The server said that it was busy, and when to come again. */
  turnedAway(): void;
  failed(what: string, why: string): void;
}

const answerSchema = z.object({ id: z.string(), conversation: z.string(), sql: z.string() });
const withRowsSchema = z.object({ rows: z.object({ rows: z.array(z.array(z.unknown())) }) });
const formats = ['json', 'ndjson', 'csv', 'tsv', 'xlsx', 'html', 'markdown'] as const;
/** Orders that are wanted of a list. */
const limit = 500;

/** Works with a server as a user does, with pauses, until a signal. What has begun comes to its end. */
export async function visit(
  url: string,
  token: string,
  secondsOfThought: number,
  events: Events,
  signal: AbortSignal,
): Promise<void> {
  let number = 0;
  const fresh = (words: string): string => {
    number += 1;
    return `${words}, question ${number} of ${token.slice(-6)}?`;
  };
  const post = async (path: string, body: unknown, accept = 'application/json'): Promise<string | null> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status === 503) {
      events.turnedAway();
      await pause(Number(response.headers.get('retry-after') ?? 1));
      return null;
    }
    if (response.status !== 200) {
      throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
    }
    return text;
  };
  const pause = (seconds: number): Promise<unknown> =>
    sleep(seconds * 1000, null, { signal }).catch(() => null);
  /** What a user thinks within a visit is no time that the server took. */
  let thought = 0;
  const think = async (seconds: number): Promise<void> => {
    const start = performance.now();
    await pause(seconds);
    thought += performance.now() - start;
  };
  const expect = (isSo: boolean, text: string): void => {
    if (!isSo) {
      throw new Error(`another answer than there should be: ${text.slice(0, 300)}`);
    }
  };
  const answer = async (path: string, body: unknown) => {
    const text = await post(path, body);
    return text === null ? null : answerSchema.parse(JSON.parse(text));
  };

  const actions: Readonly<Record<string, () => Promise<void>>> = {
    async count() {
      const text = await post('/v1/ask', { question: fresh('How many customers are there'), run: true });
      if (text !== null) {
        expect(withRowsSchema.parse(JSON.parse(text)).rows.rows[0]?.[0] === 60, text);
      }
    },
    async repair() {
      const text = await post('/v1/ask', {
        question: fresh(`How many customers, ${questionWord.wrong}`),
        run: true,
      });
      if (text !== null) {
        expect(withRowsSchema.parse(JSON.parse(text)).rows.rows[0]?.[0] === 60, text);
      }
    },
    async events() {
      const text = await post(
        '/v1/ask',
        { question: fresh('How many customers are there') },
        'text/event-stream',
      );
      if (text !== null) {
        expect(text.includes('event: answer') && !text.includes('event: error'), text);
      }
    },
    async list() {
      const asked = await answer('/v1/ask', { question: fresh(`A ${questionWord.list}`) });
      const format = formats[Math.floor(Math.random() * formats.length)];
      const rows = asked && (await post(`/v1/answers/${asked.id}/run`, { format, limit }));
      if (typeof rows === 'string' && format !== 'xlsx') {
        expect(
          rows.includes(`a note, number ${limit}`) && !rows.includes(`a note, number ${limit + 1}`),
          rows,
        );
      }
    },
    async follow() {
      const first = await answer('/v1/ask', { question: fresh('How many customers are there') });
      if (first !== null) {
        await think(secondsOfThought / 4);
        const { conversation } = first;
        const text = await post('/v1/ask', {
          question: `And those ${questionWord.follow}?`,
          conversation,
          run: true,
        });
        if (text !== null) {
          expect(withRowsSchema.parse(JSON.parse(text)).rows.rows[0]?.[0] === 30, text);
        }
      }
    },
    async reject() {
      const first = await answer('/v1/ask', { question: fresh('How many customers are there') });
      const again =
        first &&
        (await answer(`/v1/answers/${first.id}/reject`, { hint: `I meant those ${questionWord.follow}.` }));
      if (again !== null) {
        expect(again.sql.includes("'UK'"), again.sql);
      }
    },
  };
  const names = Object.keys(actions);
  // Nobody begins when everybody does.
  await pause(Math.random() * secondsOfThought);
  while (!signal.aborted) {
    const name = names[Math.floor(Math.random() * names.length)] ?? '';
    const start = performance.now();
    thought = 0;
    try {
      await actions[name]?.();
      events.answered(name, performance.now() - start - thought);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
      events.failed(name, `${String(error)}${cause}`);
    }
    await pause(-Math.log(1 - Math.random()) * secondsOfThought);
  }
}
