import autocannon from 'autocannon';
import { processorTimeOf } from './processes.ts';

/** What came of questions under load. */
export interface Load {
  readonly seconds: number;
  /** How long each answer took, in milliseconds. */
  readonly latencies: readonly number[];
  /** Replies that are no answer, connections that broke and requests that took too long. */
  readonly errors: number;
  /** What the server and its processes have taken of the processors, in milliseconds. */
  readonly processor: number;
}

/** What is asked: `[<id>]` in a text of the body is another one in each request. */
export interface Asked {
  /** The server's process. */
  readonly pid: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether a reply's body is an answer with what was asked for. */
  isAnswer(body: string): boolean;
}

/** Asks over so many connections for so many seconds. */
export async function load(
  { pid, url, headers, body, isAnswer }: Asked,
  connections: number,
  duration: number,
): Promise<Load> {
  const latencies: number[] = [];
  const before = processorTimeOf(pid);
  const result = await autocannon({
    url,
    method: 'POST',
    connections,
    duration,
    timeout: 60,
    idReplacement: true,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    setupClient: (client) => {
      client.on('response', (status, _bytes, milliseconds) => {
        if (status === 200) {
          latencies.push(milliseconds);
        }
      });
    },
    verifyBody: (text) => isAnswer(String(text)),
  });
  const { errors, non2xx, mismatches, duration: seconds } = result;
  return {
    seconds,
    latencies,
    errors: errors + non2xx + mismatches,
    processor: processorTimeOf(pid) - before,
  };
}

/** Several rounds as one. */
export function together(rounds: readonly Load[]): Load {
  return {
    seconds: rounds.reduce((sum, { seconds }) => sum + seconds, 0),
    latencies: rounds.flatMap(({ latencies }) => latencies),
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
    processor: rounds.reduce((sum, { processor }) => sum + processor, 0),
  };
}

/** The time that so large a share of the answers took at most; 0 where there are none. */
export function percentile(latencies: readonly number[], share: number): number {
  const sorted = latencies.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
