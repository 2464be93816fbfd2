import { type ConnectionOptions, authPlugins as plugins } from 'mysql2';
import type { ServerTarget } from '../../target.ts';
import { isPrivate } from './network.ts';

type Plugin = NonNullable<ConnectionOptions['authPlugins']>[string];

/** The code of the error that an account which needs encryption gives on a plain connection. */
export const needsEncryption = 'SQLQ_NEEDS_ENCRYPTION';

/**
 * Authentication plugins that do not ask an unverified server for its public key: whoever sits between could send a
 * key of his own and read the password. MySQL's own clients refuse this too (`--get-server-public-key`).
 */
export function authentication(target: ServerTarget): Record<string, Plugin> {
  if (isPrivate(target)) return {};
  return {
    caching_sha2_password: refusing(plugins.caching_sha2_password(), 2),
    sha256_password: refusing(plugins.sha256_password(), 1),
  };
}

/** The plugin, but for its one-byte request of the server's key. */
function refusing(plugin: Plugin, request: number): Plugin {
  return (context) => {
    const answer = plugin(context);
    return (data) => {
      const reply = answer(data);
      if (Buffer.isBuffer(reply) && reply.length === 1 && reply[0] === request)
        throw Object.assign(new Error('this account logs in over an encrypted connection only'), {
          code: needsEncryption,
        });
      return reply;
    };
  };
}
