import { Client } from 'pg';
import type { ServerTarget } from '../../target.ts';
import type { BackendKey } from './cancel.ts';
import { installTap, reusingSocket, type Tap } from './tap.ts';
import { tlsOptions } from './tls.ts';

/** How long a server, or what stands before it, may take to answer. */
export const connectTimeoutMilliseconds = 10_000;

/** A connection that a server has let in; its session is as the server made it. */
export interface Link {
  readonly client: Client;
  readonly tap: Tap;
  /** What ends a statement of this connection; null where the server told none. */
  readonly key: BackendKey | null;
  /** Why the connection is of no use any more; null while it is. */
  fault(): Error | null;
}

/**
 * Connects and logs in. Nothing is asked for that a pooler might refuse, swallow, or leave on the server's connection
 * for the next client: settings belong to transactions. `greeted` is called when the login has been asked for.
 */
export async function dial(
  target: ServerTarget,
  signal: AbortSignal,
  greeted: () => void = () => {},
): Promise<Link> {
  signal.throwIfAborted();
  const ssl = tlsOptions(target);
  const client = new Client({
    host: target.socket ?? target.host,
    port: target.port,
    user: target.user,
    // A function, because the driver would look for another password in the environment and in files.
    password: () => target.password ?? '',
    database: target.database ?? target.user,
    ssl,
    ...(ssl === false ? { stream: reusingSocket } : {}),
    application_name: 'sqlq',
    client_encoding: 'UTF8',
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    keepAlive: true,
  });
  const { connection } = client;
  // What the server said when it ended a connection between two statements is what the next one failed of.
  let fault: Error | null = null;
  client.on('error', (error) => {
    fault ??= error;
  });
  const stop = () => connection.stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  let key: BackendKey | null = null;
  connection.once('backendKeyData', ({ processID, secretKey }: { processID: number; secretKey: number }) => {
    key = { processId: processID, secret: secretKey };
  });
  try {
    const tapped = new Promise<Tap>((resolve) => {
      // The driver listens to the stream by then, and nothing of the protocol has come yet.
      const tap = () => {
        resolve(installTap(connection.stream));
        greeted();
      };
      connection.once(ssl === false ? 'connect' : 'sslconnect', tap);
    });
    await client.connect();
    return { client, tap: await tapped, key, fault: () => fault };
  } catch (error) {
    connection.stream.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
