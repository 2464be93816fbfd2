import { type IncomingMessage, request } from 'node:http';
import type { ServeRun } from './serve.ts';

/** Begins to fetch an answer's rows, and reads nothing of them yet. */
export function beginDownload(
  { url, token }: ServeRun,
  id: string,
  accept: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${url}/v1/answers/${id}/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept },
    })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });
}

/** How a reply came to its end: its bytes and lines, and whether the server said that it is whole. */
export interface Read {
  readonly bytes: number;
  readonly lines: number;
  readonly isWhole: boolean;
}

/** Reads the rest of a reply, no faster than so many bytes a second. */
export function readOn(response: IncomingMessage, bytesPerSecond = Number.POSITIVE_INFINITY): Promise<Read> {
  return new Promise((resolve) => {
    let bytes = 0;
    let lines = 0;
    const start = performance.now();
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
        lines += 1;
      }
      const ahead = (bytes / bytesPerSecond) * 1000 - (performance.now() - start);
      if (ahead > 10) {
        response.pause();
        setTimeout(() => response.resume(), ahead);
      }
    });
    response.on('error', () => {});
    response.once('close', () => resolve({ bytes, lines, isWhole: response.complete }));
  });
}
