import { connect, createServer } from 'node:net';
import type { Upstream } from './slow-proxy.ts';

/** Texts that are changed on the way, letter for letter; the new one may not be longer. */
export type Changes = readonly (readonly [from: string, to: string])[];

/** A proxy on the loopback interface. */
export interface LyingProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** A proxy before a server, which so hears, and says, something else. */
export async function startLyingProxy(
  upstream: Upstream,
  heard: Changes,
  said: Changes,
): Promise<LyingProxy> {
  const changed = (bytes: string | Buffer, pairs: Changes): Buffer => {
    let text = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
    for (const [from, to] of pairs) {
      text = text.replaceAll(from, to.padEnd(from.length));
    }
    return Buffer.from(text, 'latin1');
  };
  const proxy = createServer((client) => {
    const server = connect(upstream.port, upstream.host);
    for (const socket of [client, server]) {
      socket.on('error', () => client.destroy());
    }
    client.on('data', (bytes) => server.write(changed(bytes, heard)));
    server.on('data', (bytes) => client.write(changed(bytes, said)));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port');
  }
  return {
    port: address.port,
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}
