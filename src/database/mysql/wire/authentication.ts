import { type ConnectionOptions, authPlugins as plugins } from 'mysql2';
import type { ServerTarget } from '../../target.ts';
import { isPrivate } from './network.ts';

type Plugin = NonNullable<ConnectionOptions['authPlugins']>[string];

/** The code of the error that an account which needs encryption gives on a plain connection. */
export const needsEncryption = 'SQLQ_NEEDS_ENCRYPTION';

/**
 * How to log in, by the plugin that the server names. Without encryption no password goes out, and no server that has
 * not shown who it is is asked for its public key: whoever sits between could send a key of his own and read the
 * password. MySQL's own clients refuse this too (`--get-server-public-key`).
 */
export function authentication(target: ServerTarget): Record<string, Plugin> {
  const password = target.password ?? '';
  const client_ed25519 = ed25519Plugin(password);
  // PAM and LDAP want the password itself: it goes to a server alone that has shown who it is.
  const isProven = target.socket !== null || /^verify-/.test(target.tls.mode);
  const mysql_clear_password: Plugin = () => () => {
    if (!isProven) {
      throw unencrypted();
    }
    return Buffer.from(`${password}\0`);
  };
  if (isPrivate(target)) {
    return { client_ed25519, mysql_clear_password };
  }
  return {
    client_ed25519,
    caching_sha2_password: refusing(plugins.caching_sha2_password(), 2),
    sha256_password: refusing(plugins.sha256_password(), 1),
    mysql_clear_password,
  };
}

/** MariaDB's `client_ed25519`; what it computes with is loaded by those that need it alone. */
function ed25519Plugin(password: string): Plugin {
  return () => async (scramble) => {
    const { signScramble } = await import('./ed25519.ts');
    return signScramble(scramble.subarray(0, 32), password);
  };
}

function unencrypted(): Error {
  return Object.assign(new Error('this account logs in over an encrypted connection only'), {
    code: needsEncryption,
  });
}

/** The plugin, but for its one-byte request of the server's key. */
function refusing(plugin: Plugin, request: number): Plugin {
  return (context) => {
    const answer = plugin(context);
    return (data) => {
      const reply = answer(data);
      if (Buffer.isBuffer(reply) && reply.length === 1 && reply[0] === request) {
        throw unencrypted();
      }
      return reply;
    };
  };
}
