import { createServer } from 'node:http';
import { connect } from 'node:net';

/** What went through a proxy: `GET http://…` of a plain request, `CONNECT host:port` of a tunnel. */
export interface ForwardProxy {
  /** With the name and password that it asks for. */
  readonly url: string;
  readonly host: string;
  readonly seen: readonly string[];
  close(): Promise<void>;
}

/** A forward proxy that asks for `me:canary` and leads every host to one port of this machine. */
export async function startForwardProxy(port: number): Promise<ForwardProxy> {
  const seen: string[] = [];
  const known = `Basic ${Buffer.from('me:canary').toString('base64')}`;
  const server = createServer(async (incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    if (incoming.headers['proxy-authorization'] !== known) {
      response.writeHead(407).end();
      return;
    }
    const { pathname, search, host } = new URL(incoming.url ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk);
    }
    const { 'proxy-authorization': _, 'content-length': __, ...headers } = incoming.headers;
    const answer = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
      method: incoming.method ?? 'GET',
      headers: { 'content-type': headers['content-type'] ?? '', 'x-asked-host': host },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.on('connect', (incoming, socket, head) => {
    seen.push(`CONNECT ${incoming.url}`);
    if (incoming.headers['proxy-authorization'] !== known) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port');
  }
  const host = `127.0.0.1:${address.port}`;
  return {
    url: `http://me:canary@${host}`,
    host,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
