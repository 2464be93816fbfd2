import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Streams } from '../terminal/streams.ts';
import { createSeal, createServer } from './server.ts';
import type { Session } from './session.ts';

/** No frame of a caller is longer: SQL and questions are short. */
const longestFrame = 4 << 20;

/**
 * Serves a session on standard input and output, in the protocol of 2026-07-28 and in those before, until the caller closes
 * either or the signal aborts. Resolves when it is over; calls under way are cancelled by then.
 */
export function serveOnStdio(session: Session, streams: Streams, signal: AbortSignal): Promise<void> {
  const seal = createSeal();
  const transport = new StdioServerTransport(streams.stdin, streams.stdout, { maxBufferSize: longestFrame });
  return new Promise((resolve) => {
    const handle = serveStdio(() => createServer(session, seal), {
      transport,
      onerror: (error) => session.workspace.warn(shortened(error.message)),
    });
    // The entry has its own; both must hear of the end.
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    const stop = (): void => void handle.close().then(resolve);
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener('abort', stop, { once: true });
    }
  });
}

/** A frame that is no message is answered by a report of many lines. */
function shortened(message: string): string {
  return message.startsWith('[') ? 'A frame that is no message was left out.' : message.slice(0, 300);
}
