import { PassThrough, type Readable } from 'node:stream';

/** A caller hears at the latest after this long that the work goes on, so that nothing between takes it for dead. */
const heartbeatMilliseconds = 10_000;
/** More often than this a step is not told. */
const shortestPause = 50;

/** Events to one caller, as the HTML standard's "Server-sent events" has them. */
export interface Events {
  readonly stream: Readable;
  send(event: string, data: unknown): void;
  /** A step, unless one was told just before. */
  step(text: string): void;
  end(): void;
}

export function createEvents(): Events {
  const stream = new PassThrough();
  const start = performance.now();
  let told = Number.NEGATIVE_INFINITY;
  const write = (text: string): void => {
    if (!stream.writableEnded && !stream.destroyed) {
      stream.write(text);
    }
  };
  const beat = setInterval(() => write(': still at work\n\n'), heartbeatMilliseconds);
  stream.once('close', () => clearInterval(beat));
  const send = (event: string, data: unknown): void =>
    write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  return {
    stream,
    send,
    step(text) {
      const now = performance.now();
      if (now - told >= shortestPause) {
        told = now;
        send('step', { text, seconds: Math.round(now - start) / 1000 });
      }
    },
    end() {
      clearInterval(beat);
      stream.end();
    },
  };
}
