import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A proxy on the loopback interface. */
export interface Proxy {
  readonly port: number;
  /** Ends it and all that goes through it. */
  close(): Promise<void>;
}

/** Where a proxy hands on what it gets. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/**
 * A network that hands on so many bytes at a time, both ways, from the first byte to the last: whatever reads from it
 * gets its messages in pieces.
 */
export async function startSlowProxy(upstream: Upstream, bytes: number): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const there = connect({ ...upstream, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, there]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    }
    void handOn(client, there, bytes);
    void handOn(there, client, bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no TCP address');
  }
  return {
    port: address.port,
    async close() {
      for (const socket of open) {
        socket.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}

async function handOn(from: Socket, to: Socket, bytes: number): Promise<void> {
  to.on('error', () => from.destroy());
  try {
    for await (const chunk of from) {
      for (let start = 0; start < chunk.length; start += bytes) {
        to.write(chunk.subarray(start, start + bytes));
        // The reader gets its turn, or the system would put the pieces together again.
        await turn();
      }
    }
    to.end();
  } catch {
    to.destroy();
  }
}
