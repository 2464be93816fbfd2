import { createHash } from 'node:crypto';
import type { ModelServer, StructuredOutputMode } from '../server.ts';

/** What earlier runs found out about a server and a model; what nobody knows is absent. */
export interface KnownServer {
  /** The mode that its last answer came in. */
  readonly mode?: StructuredOutputMode;
  /** Whether it takes tools, and when that was found out, in milliseconds. */
  readonly tools?: { readonly taken: boolean; readonly at: number };
  /** The model's window in tokens, null where it tells none, and when it was asked, in milliseconds. */
  readonly contextSize?: { readonly tokens: number | null; readonly at: number };
}

/** What is remembered of a server and its model. */
export async function recallServer(server: ModelServer): Promise<KnownServer> {
  const text = await server.memory?.read(keyOf(server));
  if (text == null) {
    return {};
  }
  try {
    // Written by this program alone; a text that is cut is none.
    const known: KnownServer = JSON.parse(text);
    return typeof known === 'object' && known !== null ? known : {};
  } catch {
    return {};
  }
}

/** Adds to what is remembered of a server and its model. */
export async function rememberServer(server: ModelServer, learned: KnownServer): Promise<void> {
  if (server.memory !== null) {
    const known = { ...(await recallServer(server)), ...learned };
    await server.memory.write(keyOf(server), JSON.stringify(known));
  }
}

function keyOf(server: ModelServer): string {
  const { origin, pathname } = new URL(server.baseUrl);
  const digest = createHash('sha256').update(`${origin}${pathname} ${server.model}`).digest('hex');
  return `server-${digest.slice(0, 32)}`;
}
