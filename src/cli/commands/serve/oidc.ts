import { resolve } from 'node:path';
import { variable } from '../../../config/environment.ts';
import { readPlainFile } from '../../../config/files/plain-file.ts';
import { messageOf, SqlqError } from '../../../errors.ts';
import { isLoopbackHost } from '../../../model/address.ts';
import type { OidcSettings } from '../../../serve/accounts/oidc/settings.ts';
import { type Role, roles } from '../../../serve/caller.ts';
import type { CommandContext } from '../../context.ts';
import type { ServeOptions } from './options.ts';

/**
 * What flags and SQLQ_OIDC_SECRET say of a provider of sign-ins; null where they name none. `isAlone`: this machine alone
 * reaches the server, by names that it knows. Rejects with a SqlqError `usage`.
 */
export async function oidcOf(
  options: ServeOptions,
  context: CommandContext,
  isAlone: boolean,
): Promise<OidcSettings | null> {
  const { oidcIssuer, oidcClientId, oidcSecretFile, oidcName, oidcRedirect } = options;
  const { oidcDomains = [], oidcRole = [] } = options;
  if (oidcIssuer === undefined) {
    return null;
  }
  const issuer = URL.parse(oidcIssuer);
  if (issuer === null || !(issuer.protocol === 'https:' || isLoopbackHost(issuer.hostname))) {
    throw new SqlqError('usage', `--oidc-issuer takes the https address of a provider, not "${oidcIssuer}".`);
  }
  if (oidcClientId === undefined) {
    throw new SqlqError(
      'usage',
      '--oidc-issuer needs --oidc-client-id: how the provider knows this service.',
    );
  }
  if (oidcDomains.length === 0 && oidcRole.length === 0) {
    throw new SqlqError('usage', 'Nobody may sign in by --oidc-issuer yet.', {
      hint: 'Say who may with --oidc-domains or --oidc-role.',
    });
  }
  const address = oidcRedirect === undefined ? null : URL.parse(oidcRedirect);
  if (oidcRedirect !== undefined && !(address?.protocol === 'https:' || address?.protocol === 'http:')) {
    throw new SqlqError(
      'usage',
      `--oidc-redirect takes the address of this service, not "${oidcRedirect}".`,
      {
        hint: 'Such as --oidc-redirect https://sqlq.example.com',
      },
    );
  }
  const isSafe = address === null || address.protocol === 'https:' || isLoopbackHost(address.hostname);
  if ((address === null && !isAlone) || !isSafe) {
    const what = isSafe
      ? 'needs the address of this service'
      : 'sends codes over an address that anybody reads';
    // Whoever writes the Host of a request would say where people come back to.
    throw new SqlqError('usage', `--oidc-issuer ${what}.`, {
      hint: 'Such as --oidc-redirect https://sqlq.example.com',
    });
  }
  return {
    issuer,
    address,
    clientId: oidcClientId,
    clientSecret: await secretOf(oidcSecretFile, context),
    name: oidcName ?? issuer.hostname,
    domains: oidcDomains.map((domain) => domain.toLowerCase().replace(/^@/u, '')),
    groups: new Map(oidcRole.map(groupOf)),
  };
}

async function secretOf(
  file: string | undefined,
  { environment, workingDirectory, secrets }: CommandContext,
): Promise<string | null> {
  const text =
    file === undefined
      ? variable(environment, 'SQLQ_OIDC_SECRET')
      : await readPlainFile(resolve(workingDirectory, file)).catch((error: unknown) => {
          throw new SqlqError('usage', `${file} can't be read: ${messageOf(error)}.`, { cause: error });
        });
  const secret = text?.trim() ?? '';
  if (secret === '') {
    return null;
  }
  secrets.add(secret);
  return secret;
}

/** `analysts=ask,run`. A group's name may have a sign of equality. */
function groupOf(text: string): readonly [group: string, roles: readonly Role[]] {
  const [, group = '', list = ''] = /^(.+)=([a-z, ]+)$/u.exec(text) ?? [];
  const names = list.split(',').map((name) => name.trim());
  const known = roles.filter((role) => names.includes(role));
  if (group === '' || known.length !== new Set(names).size) {
    throw new SqlqError('usage', `--oidc-role takes a group with its roles, not "${text}".`, {
      hint: `Such as --oidc-role analysts=ask,run. Roles are ${roles.join(', ')}.`,
    });
  }
  return [group, known];
}
