import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Streams } from '../terminal/streams.ts';
import { createSeal, createServer } from './server.ts';
import type { Session } from './session.ts';

/** No frame of a caller is longer: SQL and questions are short. */
const longestFrame = 4 << 20;
/**
 * A caller whose end comes with its last words has said all at once, as a pipe does, and is not gone: within this time, or
 * within so many turns of the event loop where a turn takes longer.
 */
const atOnceMs = 20;
const atOnceTurns = 2;
/** It is answered what it has asked, as far as that takes no longer. */
const longestFarewellMs = 30_000;
const pauseMs = 20;

/**
 * Serves a session on standard input and output, in the protocol of 2026-07-28 and in those before, until the caller closes
 * either or the signal aborts. Resolves when it is over; calls under way are cancelled by then, unless the caller has said all at
 * once.
 */
export function serveOnStdio(session: Session, streams: Streams, signal: AbortSignal): Promise<void> {
  const seal = createSeal();
  const open = new Set<unknown>();
  const input = lasting(streams.stdin, () => open.size > 0);
  onLines(input, (line) => {
    if (!isJson(line)) {
      streams.stdout.write(`${JSON.stringify(parseError)}\n`);
    }
  });
  const transport = new StdioServerTransport(input, streams.stdout, { maxBufferSize: longestFrame });
  return new Promise((resolve) => {
    const handle = serveStdio(() => createServer(session, seal), {
      transport,
      onerror: (error) => session.workspace.warn(shortened(error.message)),
    });
    // The entry has its own; both must hear of the end, and of what is asked and answered.
    const { onclose, onmessage } = transport;
    transport.onclose = () => {
      streams.stdin.unpipe(input);
      streams.stdin.pause();
      onclose?.();
      resolve();
    };
    transport.onmessage = (message) => {
      note(open, message);
      onmessage?.(message);
    };
    const send = transport.send.bind(transport);
    transport.send = async (message) => {
      await send(message);
      if ('id' in message && !('method' in message)) {
        open.delete(message.id);
      }
    };
    const stop = (): void => void handle.close().then(resolve);
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener('abort', stop, { once: true });
    }
  });
}

/** What is answered to a line that is no JSON, by JSON-RPC 2.0. */
const parseError = { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error: no JSON.' } };

/** Keeps which requests wait for an answer; one that is cancelled gets none. */
function note(open: Set<unknown>, message: JSONRPCMessage): void {
  if (!('method' in message)) {
    return;
  }
  if ('id' in message) {
    open.add(message.id);
  } else if (message.method === 'notifications/cancelled') {
    open.delete(message.params?.['requestId']);
  }
}

/** What comes of a stream; where all was said at once, it ends when nothing is waited for any more. */
function lasting(stream: Readable, isBusy: () => boolean): PassThrough {
  const input = new PassThrough();
  let heard = Number.NEGATIVE_INFINITY;
  let turns = Number.POSITIVE_INFINITY;
  const count = (): void => {
    turns += 1;
    if (turns <= atOnceTurns) {
      setImmediate(count);
    }
  };
  stream.on('data', () => {
    heard = performance.now();
    turns = 0;
    setImmediate(count);
  });
  const end = async (): Promise<void> => {
    const isAtOnce = turns <= atOnceTurns || performance.now() - heard <= atOnceMs;
    const farewell = isAtOnce ? longestFarewellMs : 0;
    for (let waited = 0; isBusy() && waited < farewell; waited += pauseMs) {
      await sleep(pauseMs);
    }
    input.end();
  };
  stream.pipe(input, { end: false });
  stream.once('close', () => void end());
  stream.once('end', () => void end());
  return input;
}

/** Hears each line of a stream that is not blank, and no longer than a frame may be; the stream is read by somebody else. */
function onLines(stream: Readable, heard: (line: string) => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    parts = length > longestFrame ? [] : [...parts, part];
  };
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString();
      if (length <= longestFrame && line.trim() !== '') {
        heard(line);
      }
      parts = [];
      length = 0;
      start = end + 1;
    }
    add(chunk.subarray(start));
  });
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** A frame that is no message is answered by a report of many lines. */
function shortened(message: string): string {
  return message.startsWith('[') ? 'A frame that is no message was left out.' : message.slice(0, 300);
}
